"""Spreading the tables over a Citus cluster: tenants' by account, shared ones as a copy on each machine."""

import contextlib
from typing import Any

import psycopg

from faktura.store import schema
from faktura.store.backup import Tell
from faktura.store.database import Database
from faktura.store.errors import Unready
from faktura.store.postgres import PostgresDatabase
from faktura.store.records import RECORDS, Tenant
from faktura.store.search import texts_name

BY = "account_id"


def distribute(database: Database, tell: Tell) -> list[str]:
    """Distribute the tables that are not yet, each in a transaction of its own; their names.

    It can be run again: after it was stopped halfway, and after an upgrade that brought new tables.

    Raises:
        Unready: the database is not a PostgreSQL with Citus, not at the newest revision, or distributed otherwise.

    """
    if not isinstance(database, PostgresDatabase):
        raise Unready("A SQLite file cannot be distributed; `faktura db copy` moves it to a PostgreSQL")
    schema.require_head(database)
    with contextlib.closing(database.connect()) as connection:
        if not _scalar(connection, "SELECT to_regclass('citus_tables') IS NOT NULL"):
            raise Unready("The extension citus is not in this database: run CREATE EXTENSION citus on every machine")
        there = _distributed(connection)
        by = _declared()
        for name, column in by.items():
            _require_as_declared(name, column, there.get(name))
        missing = [name for name in by if name not in there]
        beside = next((name for name, column in by.items() if column and name in there), None)
        for name in missing:
            tell(f"{name}: {_told(by[name])}")
            _distribute(connection, name, by[name], beside)
            beside = beside or (name if by[name] else None)
    return missing


def _distributed(connection: psycopg.Connection) -> dict[str, str]:
    """By table the column that it is distributed by, or "" where each machine has a copy."""
    rows = connection.execute("SELECT table_name::text, citus_table_type, distribution_column FROM citus_tables")
    return {name: column if kind == "distributed" else "" for name, kind, column in rows if kind in _KINDS}


_KINDS = {"distributed", "reference"}
"""Others are tables of one machine that Citus only knows of."""


def _declared() -> dict[str, str]:
    """The same as the tables are to be."""
    by = {}
    for name, cls in RECORDS.items():
        by[name] = BY if issubclass(cls, Tenant) else ""
        if cls.sums:
            by[cls.sums_table.name] = by[name]
        if cls.searched:
            by[texts_name(name)] = by[name]
    return by


def _require_as_declared(name: str, wanted: str, column: str | None) -> None:
    if column is not None and column != wanted:
        by = f"by {column}" if column else "as a copy on each machine"
        raise Unready(f"{name} is distributed {by} already, but is to be {_told(wanted)}")


def _told(column: str) -> str:
    return f"distributed by {column}" if column else "copied to each machine"


def _distribute(connection: psycopg.Connection, name: str, column: str, beside: str | None) -> None:
    """Rows of one account lie on one machine, in whichever table: all tenants' tables are split alike."""
    if not column:
        connection.execute("SELECT create_reference_table($1::regclass)", (name,))
        return
    split = "SELECT create_distributed_table($1::regclass, $2, colocate_with => $3)"
    connection.execute(split, (name, column, beside or "default"))


def _scalar(connection: psycopg.Connection, query: str) -> Any:
    row = connection.execute(query).fetchone()
    assert row is not None  # noqa: S101 (a query for one value)
    return row[0]
