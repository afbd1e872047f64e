"""A database made by migrations is the same as a new one."""

import re
import shutil
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from faktura.core.people.accounts import Account
from faktura.store import schema
from faktura.store.database import Database, open_database
from faktura.store.errors import Unready
from faktura.store.migrations.writing import is_compared
from faktura.store.records import metadata
from faktura.store.upgrade import upgrade, write_migration
from tests.samples import Sample, declared

ADDS_A_COLUMN = """
import sqlalchemy as sa
from alembic import op

revision = "0002_mottos"
down_revision = "0001_first_tables"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("motto", sa.Text()))
"""

STUMBLES = ADDS_A_COLUMN + "    raise RuntimeError('the migration stumbles')\n"


@pytest.fixture
def empty(empty_url: str) -> Iterator[Database]:
    opened = open_database(empty_url)
    yield opened
    opened.close()


@pytest.fixture
def versions(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another folder of migrations, as a later version of the program would have it."""
    folder = shutil.copytree(schema.VERSIONS.parent, tmp_path / "migrations", ignore=shutil.ignore_patterns("*.pyc"))
    monkeypatch.setattr(schema, "VERSIONS", folder / "versions")
    return folder / "versions"


def test_an_empty_database_that_is_upgraded_is_the_same_as_a_new_one(database: Database, empty: Database) -> None:
    """Where it is not: `make migration` writes the migration anew."""
    done = upgrade(empty)

    assert (done.found, done.now, done.copy) == (None, schema.head(), None)
    assert described(empty) == described(database)
    assert differences(empty) == []


def test_a_new_database_is_what_the_records_declare(database: Database) -> None:
    assert differences(database) == []


def test_every_migration_is_named_after_its_file_and_there_is_one_line_of_them() -> None:
    script = ScriptDirectory.from_config(configuration())
    revisions = [found.revision for found in script.walk_revisions()]

    assert sorted(revisions, reverse=True) == revisions
    assert sorted(revisions) == sorted(file.stem for file in schema.VERSIONS.glob("[0-9]*.py"))
    assert script.get_heads() == [schema.head()]
    assert all(len(name) <= 32 for name in revisions)


def test_a_database_at_the_newest_revision_is_left_alone(database: Database) -> None:
    before = described(database)

    done = upgrade(database)

    assert (done.found, done.now, done.copy) == (schema.head(), schema.head(), None)
    assert described(database) == before


def test_an_old_database_is_upgraded_after_a_sqlite_file_was_copied(database: Database, versions: Path) -> None:
    old = schema.head()
    (versions / "0002_mottos.py").write_text(ADDS_A_COLUMN)

    done = upgrade(database)

    assert (done.found, done.now) == (old, "0002_mottos")
    assert "motto" in columns_of(database, "accounts")
    if database.engine == "postgresql":
        assert done.copy is None
        return
    assert done.copy is not None
    assert done.copy.parent == Path(str(database.url.database)).parent
    assert done.copy.stat().st_mode & 0o777 == 0o600
    copy = open_database(f"sqlite:///{done.copy}")
    assert "motto" not in columns_of(copy, "accounts")
    copy.close()


def test_a_migration_that_stumbles_leaves_the_database_as_it_was(database: Database, versions: Path) -> None:
    before = described(database)
    (versions / "0002_mottos.py").write_text(STUMBLES)

    with pytest.raises(RuntimeError, match="stumbles"):
        upgrade(database)

    assert described(database) == before


def test_an_old_database_is_not_served_and_the_program_says_what_to_do(database: Database, versions: Path) -> None:
    (versions / "0002_mottos.py").write_text(ADDS_A_COLUMN)

    with pytest.raises(Unready, match="needs 0002_mottos: run `faktura db upgrade`"):
        schema.prepare(database)


def test_a_database_of_a_newer_program_is_neither_served_nor_upgraded(database: Database, versions: Path) -> None:
    (versions / "0002_mottos.py").write_text(ADDS_A_COLUMN)
    upgrade(database)
    (versions / "0002_mottos.py").unlink()

    with pytest.raises(Unready, match="newer than this program"):
        schema.prepare(database)
    with pytest.raises(Unready, match="cannot be upgraded"):
        upgrade(database)


def test_a_database_of_somebody_else_is_left_alone(empty: Database) -> None:
    with schema.engine_for(empty).begin() as connection:
        connection.exec_driver_sql("CREATE TABLE recipes (id INTEGER)")

    for lay_out in (schema.prepare, upgrade):
        with pytest.raises(Unready, match=r"not faktura's: recipes"):
            lay_out(empty)


def test_a_new_database_is_laid_out_once_however_many_try(empty: Database) -> None:
    failures: list[BaseException] = []

    def prepare() -> None:
        try:
            schema.prepare(empty)
        except BaseException as failure:  # noqa: BLE001 (told below)
            failures.append(failure)

    threads = [threading.Thread(target=prepare) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert differences(empty) == []


def test_a_written_migration_leads_to_what_the_records_declare(
    database: Database, empty: Database, versions: Path
) -> None:
    with declared(Sample):
        written = write_migration("0002_samples")
        upgrade(database)
        schema.prepare(empty)

        assert written == versions / "0002_samples.py"
        assert "contacts" not in written.read_text()
        assert described(database) == described(empty)


def differences(database: Database) -> list[Any]:
    """What Alembic would write a migration for."""
    with schema.engine_for(database).connect() as connection:
        options = {"include_object": is_compared, "compare_type": True}
        found: list[Any] = compare_metadata(MigrationContext.configure(connection, opts=options), metadata)
    return found


def columns_of(database: Database, table: str) -> list[str]:
    with schema.engine_for(database).connect() as connection:
        return [column["name"] for column in sa.inspect(connection).get_columns(table)]


def described(database: Database) -> dict[str, Any]:
    """All that is in the schema."""
    with schema.engine_for(database).connect() as connection:
        inspector = sa.inspect(connection)
        found: dict[str, Any] = {table: described_table(inspector, table) for table in inspector.get_table_names()}
        if database.engine == "sqlite":
            rows = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL")
            return found | {f"{name} as SQL": parts_of(sql) for name, sql in rows}
        for name, query in POSTGRES_CATALOGUES.items():
            found[name] = sorted(tuple(row) for row in connection.exec_driver_sql(query))
    return found


def described_table(inspector: sa.Inspector, table: str) -> dict[str, Any]:
    return {
        "columns": sorted(
            (c["name"], repr(c["type"]), c["nullable"], str(c["default"]), str(c.get("autoincrement")))
            for c in inspector.get_columns(table)
        ),
        "primary key": inspector.get_pk_constraint(table),
        "unique": sorted(inspector.get_unique_constraints(table), key=str),
        "indexes": sorted((_with_condition(found) for found in inspector.get_indexes(table)), key=str),
        "foreign keys": inspector.get_foreign_keys(table),
        "checks": inspector.get_check_constraints(table),
    }


def _with_condition(index: Any) -> dict[str, Any]:
    """The condition of an index of some rows as a text, which can be compared."""
    return dict(index) | {"dialect_options": {name: str(value) for name, value in index["dialect_options"].items()}}


def parts_of(sql: str) -> list[str]:
    """A definition without its line breaks, and without the order in which constraints stand."""
    parts = re.split(r"\s*,\s*", " ".join(sql.replace("(", " ( ").replace(")", " ) ").split()))
    return sorted(part.rstrip(" )") for part in parts)


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(schema.VERSIONS.parent))
    config.set_main_option("path_separator", "os")
    return config


POSTGRES_CATALOGUES = {
    "index definitions": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "sequences": "SELECT sequencename, data_type::text, start_value, min_value, max_value, increment_by, cycle, "
    "cache_size FROM pg_sequences WHERE schemaname = 'public'",
    "constraints": "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint "
    "WHERE connamespace = 'public'::regnamespace",
    "extensions": "SELECT extname FROM pg_extension",
    "triggers": "SELECT tgname, pg_get_triggerdef(oid) FROM pg_trigger",
}


def test_a_new_file_is_for_its_owners_eyes_only(tmp_path: Path) -> None:
    database = open_database(f"sqlite:///{tmp_path / 'new.sqlite'}")
    schema.prepare(database)
    database.write(lambda tx: tx.next_id(Account))
    modes = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    database.close()

    assert modes == {"new.sqlite": 0o600, "new.sqlite-wal": 0o600, "new.sqlite-shm": 0o600}
