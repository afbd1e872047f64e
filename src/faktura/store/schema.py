"""The tables as the program needs them, and whether a database has them."""

from pathlib import Path

import sqlalchemy as sa

from faktura.store.database import Database
from faktura.store.errors import Unready
from faktura.store.landmarks import trigger
from faktura.store.records import RECORDS, SEARCH_TEXT, metadata, page_index
from faktura.store.search import fts_name
from faktura.store.transaction import sequence_name

VERSIONS = Path(__file__).parent / "migrations" / "versions"

_revision = sa.table("alembic_version", sa.column("version_num", sa.Text))


def head() -> str:
    """The newest revision: migrations are files in the order of their numbers."""
    return max(file.stem for file in VERSIONS.glob("[0-9]*.py"))


def engine_for(database: Database) -> sa.Engine:
    """SQLAlchemy's own engine, for schema work only."""
    driver = "sqlite" if database.engine == "sqlite" else "postgresql+psycopg"
    return sa.create_engine(database.url.set(drivername=driver), poolclass=sa.NullPool)


def prepare(database: Database) -> None:
    """Create the tables in an empty database.

    Raises:
        Unready: the database holds tables of another revision; says what to do.

    """
    engine = engine_for(database)
    with engine.begin() as connection:
        found = revision(connection)
        if found is None:
            metadata.create_all(connection)
            create_extras(connection)
            connection.execute(sa.text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY)"))
            connection.execute(sa.insert(_revision).values(version_num=head()))
        elif found != head():
            message = f"The database is at revision {found}, the program needs {head()}: run `faktura db upgrade`."
            raise Unready(message)


def revision(connection: sa.Connection) -> str | None:
    """The revision of the tables, None in an empty database."""
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.scalar(sa.select(_revision.c.version_num))


def create_extras(connection: sa.Connection) -> None:
    """What only one engine needs: ids and the text index on SQLite, sequences and trigrams on PostgreSQL."""
    if connection.dialect.name == "sqlite":
        _run(connection, "CREATE TABLE ids (name TEXT NOT NULL PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID")
        _run(connection, _REMOVALS)
        for table in paged_tables():
            _run(connection, trigger(table))
        for table in searched_tables():
            _run(connection, f"CREATE VIRTUAL TABLE {fts_name(table)} USING fts5({_FTS_OPTIONS})")
        return
    _run(connection, "CREATE EXTENSION IF NOT EXISTS pg_trgm")
    for table in numbered_tables():
        _run(connection, f"CREATE SEQUENCE {sequence_name(table)} AS integer")
    for table in searched_tables():
        using = f"USING gin ({SEARCH_TEXT} gin_trgm_ops)"
        _run(connection, f"CREATE INDEX ix_{table}_{SEARCH_TEXT} ON {table} {using}")


def searched_tables() -> list[str]:
    return [name for name, cls in RECORDS.items() if cls.searched]


def numbered_tables() -> list[str]:
    return [name for name, cls in RECORDS.items() if "id" in cls.__struct_fields__]


def paged_tables() -> list[str]:
    return [name for name, cls in RECORDS.items() if any(index.name == page_index(name) for index in cls.table.indexes)]


_FTS_OPTIONS = "body, content='', detail=none, tokenize='trigram'"

_REMOVALS = """
CREATE TABLE removals (
    account_id INTEGER NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (account_id, name)
) WITHOUT ROWID
"""


def _run(connection: sa.Connection, definition: str) -> None:
    connection.execute(sa.DDL(definition))
