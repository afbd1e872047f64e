"""All records over all accounts, as one instant saw them: for checks, copies and a new index."""

import contextlib
import functools
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import sqlalchemy as sa

from faktura.store.database import Database, SqliteDatabase
from faktura.store.records import Record
from faktura.store.search import is_of, texts
from faktura.store.statements import Query, Row
from faktura.store.transaction import Transaction

BATCH = 1000

UNREADABLE = (ValueError, TypeError, ArithmeticError, msgspec.MsgspecError)
"""What the reading of a value raises that its column's type cannot be."""


@contextlib.contextmanager
def snapshot(database: Database) -> Iterator[Transaction]:
    """A view of the whole database that does not change while others write."""
    with transaction(database, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", "BEGIN") as tx:
        yield tx


@contextlib.contextmanager
def transaction(
    database: Database, postgres_begin: str = "BEGIN", sqlite_begin: str = "BEGIN IMMEDIATE"
) -> Iterator[Transaction]:
    """A transaction on a connection of its own, past the group commit, for long work; what raises is undone."""
    begin = sqlite_begin if isinstance(database, SqliteDatabase) else postgres_begin
    with contextlib.closing(database.connect()) as connection:
        cursor = connection.cursor()
        if isinstance(database, SqliteDatabase):
            cursor.execute("PRAGMA temp_store = FILE")
        cursor.execute(begin)
        yield Transaction(database.engine, cursor)
        cursor.execute("COMMIT")


def every(tx: Transaction, cls: type[Record]) -> Iterator[list[Row]]:
    """Batches of rows in the order of keys; a row has the attributes and, of a searched record, its kept text."""
    rows = tx.rows(_rows(cls, tx.engine, onwards=False), _limit=BATCH)
    places = [list(cls.table.c.keys()).index(name) for name in cls.key]
    while rows:
        yield rows
        last = {f"last_{name}": rows[-1][place] for name, place in zip(cls.key, places, strict=True)}
        rows = tx.rows(_rows(cls, tx.engine, onwards=True), _limit=BATCH, **last)


def every_readable(
    tx: Transaction, cls: type[Record], unreadable: Callable[[Row, Exception], None]
) -> Iterator[list[Row]]:
    """The same without the rows that cannot be read; `unreadable` is given the key of each."""
    last: dict[str, Any] = {}
    while keys := tx.rows(_keys(cls, onwards=bool(last)), _limit=BATCH, **last):
        try:
            yield tx.rows(_rows(cls, tx.engine, onwards=bool(last)), _limit=BATCH, **last)
        except UNREADABLE:
            yield list(_readable(tx, cls, keys, unreadable))
        last = {f"last_{name}": value for name, value in zip(cls.key, keys[-1], strict=True)}


def _readable(
    tx: Transaction, cls: type[Record], keys: list[Row], unreadable: Callable[[Row, Exception], None]
) -> Iterator[Row]:
    for key in keys:
        try:
            yield from tx.rows(_row(cls, tx.engine), **dict(zip(cls.key, key, strict=True)))
        except UNREADABLE as error:
            unreadable(key, error)


def of_row(cls: type[Record], row: Row) -> Record:
    return cls(*row[: len(cls.__struct_fields__)])


def count(tx: Transaction, cls: type[Record]) -> int:
    return int(tx.rows(_count(cls))[0][0])


@functools.cache
def _rows(cls: type[Record], engine: str, *, onwards: bool) -> Query:
    return _onwards(cls, _whole(cls, engine), onwards=onwards)


@functools.cache
def _keys(cls: type[Record], *, onwards: bool) -> Query:
    return _onwards(cls, sa.select(*(cls.table.c[name] for name in cls.key)), onwards=onwards)


@functools.cache
def _row(cls: type[Record], engine: str) -> Query:
    return Query(_whole(cls, engine).where(*(cls.table.c[name] == sa.bindparam(name) for name in cls.key)))


def _whole(cls: type[Record], engine: str) -> sa.Select[Any]:
    if not cls.searched:
        return sa.select(*cls.table.c)
    found = texts(cls.table_name, engine)
    return sa.select(*cls.table.c, found.c.body).select_from(cls.table.outerjoin(found, is_of(cls, engine)))


def _onwards(cls: type[Record], found: sa.Select[Any], *, onwards: bool) -> Query:
    key = [cls.table.c[name] for name in cls.key]
    found = found.order_by(*key).limit(sa.bindparam("_limit", type_=sa.Integer))
    if onwards:
        last = [sa.bindparam(f"last_{column.name}", type_=column.type) for column in key]
        found = found.where(sa.tuple_(*key) > sa.tuple_(*last))
    return Query(found)


@functools.cache
def _count(cls: type[Record]) -> Query:
    return Query(sa.select(sa.func.count()).select_from(cls.table))
