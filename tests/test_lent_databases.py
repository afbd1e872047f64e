"""A database of PostgreSQL that a test leaves behind is new to the next test, or is not lent again."""

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from faktura.core.clock import Clock
from faktura.store.database import open_database
from tests.firm import open_firm
from tests.lent_databases import LentDatabases
from tests.postgres import administrator


@pytest.fixture
def databases(postgres_server: str, postgres_template: str) -> Iterator[LentDatabases]:
    lending = LentDatabases(postgres_server, postgres_template)
    yield lending
    lending.close()


def everything(url: str) -> list[Any]:
    """All rows of all tables, and where each sequence stands."""
    with administrator(url) as connection:
        sequences = connection.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1").fetchall()
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        rows = [connection.execute(SQL("SELECT * FROM {}").format(Identifier(*table))).fetchall() for table in tables]
        return [sequences, tables, rows]


def use(url: str) -> int:
    database = open_database(url)
    with contextlib.closing(database):
        return open_firm(database, Clock()).account.id


def test_a_database_that_was_used_is_as_one_that_was_not(databases: LentDatabases) -> None:
    with databases.lent() as first:
        new = everything(first)
        first_id = use(first)
        assert everything(first) != new
    with databases.lent() as second:
        assert second == first
        assert everything(second) == new
        assert use(second) == first_id


@pytest.mark.parametrize(
    "change",
    [
        "CREATE TABLE left_behind (id integer)",
        "ALTER TABLE accounts ADD COLUMN left_behind integer",
        "ALTER TABLE accounts ALTER COLUMN name DROP NOT NULL",
        "ALTER TABLE accounts ADD CONSTRAINT left_behind CHECK (id > 0)",
        "DROP INDEX ix_jobs_name_account_id_waits_until_id",
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_contacts_page'::regclass",
        "CREATE FUNCTION left_behind() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
        "UPDATE alembic_version SET version_num = 'left behind'",
        "CREATE SCHEMA left_behind",
        (
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ),
    ],
)
def test_a_database_whose_tables_were_changed_is_not_lent_again(databases: LentDatabases, change: str) -> None:
    with databases.lent() as first, administrator(first) as connection:
        connection.execute(change)
    with databases.lent() as second:
        assert second != first


def test_who_still_writes_when_a_test_ends_is_sent_away_first(databases: LentDatabases) -> None:
    with databases.lent() as first:
        new = everything(first)
        use(first)
        left_open = administrator(first)
        left_open.execute("BEGIN")
        left_open.execute("UPDATE accounts SET name = 'still writing'")
    with databases.lent() as second:
        assert (second, everything(second)) == (first, new)
    with pytest.raises(psycopg.OperationalError):
        left_open.execute("COMMIT")
    left_open.close()
