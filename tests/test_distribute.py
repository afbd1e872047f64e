"""`faktura db distribute`: what is spread how over a cluster, again and again, and what it refuses."""

import contextlib
from collections.abc import Iterator
from typing import LiteralString

import psycopg
import pytest

from faktura.commands.cli import main
from faktura.store.database import Database, open_database
from faktura.store.distribution import distribute
from faktura.store.errors import Unready
from faktura.store.postgres import PostgresDatabase
from faktura.store.records import RECORDS, Tenant
from tests.citus_double import CITUS

SHARED = {
    *("accounts", "users", "applications", "grants", "tokens", "api_keys", "sessions"),
    *("sign_in_failures", "exchange_rates", "first_secrets", "password_resets"),
    *("ksef_paces", "ksef_rests", "ksef_services", "registry_answers", "registry_days"),
}

BESIDE_RECORDS = {
    *("expenses_sums", "invoices_sums"),
    *("contacts_search", "expenses_search", "invoices_search", "products_search"),
}


@pytest.fixture
def cluster(postgres_url: str) -> Iterator[Database]:
    """A database whose server knows what Citus knows."""
    database = open_database(postgres_url)
    for statement in CITUS:
        run(database, statement)
    yield database
    database.close()


def run(database: Database, statement: LiteralString) -> None:
    with contextlib.closing(connected(database)) as connection:
        connection.execute(statement)


def rows(database: Database, query: LiteralString) -> list[tuple[str, ...]]:
    with contextlib.closing(connected(database)) as connection:
        return connection.execute(query).fetchall()


def connected(database: Database) -> psycopg.Connection:
    assert isinstance(database, PostgresDatabase)
    return database.connect()


def quietly(_line: str) -> None:
    pass


def test_the_tables_of_tenants_are_distributed_by_account_and_others_copied_to_each_machine(cluster: Database) -> None:
    done = distribute(cluster, quietly)

    assert sorted(done) == sorted([*RECORDS, *BESIDE_RECORDS])
    assert set(rows(cluster, "SELECT table_name::text FROM citus_tables WHERE citus_table_type = 'reference'")) == {
        (name,) for name in SHARED
    }
    by = rows(
        cluster, "SELECT table_name::text, distribution_column FROM citus_tables WHERE citus_table_type <> 'reference'"
    )
    tenants = [name for name, cls in RECORDS.items() if issubclass(cls, Tenant)]
    assert sorted(by) == sorted((name, "account_id") for name in [*tenants, *BESIDE_RECORDS])


def test_all_rows_of_an_account_lie_together(cluster: Database) -> None:
    distribute(cluster, quietly)

    first, *others = rows(cluster, "SELECT DISTINCT colocated_with FROM citus_tables WHERE colocated_with IS NOT NULL")
    assert len([first, *others]) == 2
    assert ("default",) in {first, *others}


def test_run_again_it_does_what_is_left(cluster: Database) -> None:
    distribute(cluster, quietly)
    told: list[str] = []

    assert distribute(cluster, told.append) == []
    run(cluster, "DELETE FROM citus_tables WHERE table_name IN ('contacts'::regclass, 'users'::regclass)")

    assert sorted(distribute(cluster, told.append)) == ["contacts", "users"]
    assert sorted(told) == ["contacts: distributed by account_id", "users: copied to each machine"]


def test_a_table_that_is_distributed_otherwise_is_told_and_nothing_is_done(cluster: Database) -> None:
    run(cluster, "INSERT INTO citus_tables VALUES ('contacts'::regclass, 'distributed', 'id', 'default')")

    with pytest.raises(Unready, match="contacts is distributed by id already, but is to be distributed by account_id"):
        distribute(cluster, quietly)
    assert len(rows(cluster, "SELECT table_name FROM citus_tables")) == 1


def test_without_the_extension_it_says_so(postgres_url: str) -> None:
    database = open_database(postgres_url)
    with pytest.raises(Unready, match="The extension citus is not in this database"):
        distribute(database, quietly)
    database.close()


def test_a_sqlite_file_is_refused(sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    with pytest.raises(Unready, match="A SQLite file cannot be distributed"):
        distribute(database, quietly)
    database.close()


def test_the_double_refuses_a_unique_index_without_the_account(cluster: Database) -> None:
    run(cluster, "CREATE UNIQUE INDEX one_name ON contacts (name)")

    with pytest.raises(psycopg.errors.RaiseException, match="one_name does not include the partition column"):
        distribute(cluster, quietly)


def test_the_command_distributes_and_says_what_was_done(
    cluster: Database, postgres_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for expected in (
        f"{len(RECORDS) + len(BESIDE_RECORDS)} tables are distributed.\n",
        "Every table is distributed; nothing to do.\n",
    ):
        monkeypatch.setattr("sys.argv", ["faktura", "db", "distribute", "--database", postgres_url])
        with pytest.raises(SystemExit) as ended:
            main()
        assert (ended.value.code or 0, capsys.readouterr().out) == (0, expected)
    assert cluster.engine == "postgresql"
