"""SQLite: what differs between a database and an earlier copy of it, record by record."""

import contextlib
import functools
import sqlite3
from collections.abc import Iterator
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa

from faktura.store.copies import Copy
from faktura.store.records import Record
from faktura.store.sqlite import SqliteDatabase
from faktura.store.statements import Query
from faktura.store.transaction import Transaction

R = TypeVar("R", bound=Record)

COPY = "main"
LIVE = "live"
"""The names of the copy, and of the database beside it."""


class Difference(NamedTuple, Generic[R]):
    """A record in both of its states; one that was added had none before, one that was deleted has none now."""

    old: R | None
    new: R | None


class Compared:
    """A copy and the database beside it, as one instant saw it; `most` differences of a table are found at most."""

    def __init__(self, copy: sqlite3.Connection, most: int) -> None:
        self._tx = Transaction("sqlite", copy.cursor())
        self._most = most

    def all(self, cls: type[R]) -> list[R]:
        """The records of both, those of now last."""
        rows = self._tx.rows(_all_in(cls, COPY)) + self._tx.rows(_all_in(cls, LIVE))
        return [cls(*row) for row in rows]

    def differences(self, cls: type[R]) -> Iterator[Difference[R]]:
        """In the order of keys: what was added, what was changed, what was deleted."""
        width = len(cls.__struct_fields__)
        for row in self._tx.rows(_only_in(cls, LIVE), most=self._most):
            yield Difference(None, cls(*row))
        for row in self._tx.rows(_changed(cls), most=self._most):
            yield Difference(cls(*row[:width]), cls(*row[width:]))
        for row in self._tx.rows(_only_in(cls, COPY), most=self._most):
            yield Difference(cls(*row), None)


@contextlib.contextmanager
def compared(database: SqliteDatabase, copy: Copy, most: int) -> Iterator[Compared]:
    """Both as one instant saw them, to be compared by the one thread that uses the copy."""
    connection = copy.connection
    connection.execute(f"ATTACH ? AS {LIVE}", (str(database.url.database),))
    try:
        connection.execute("BEGIN")
        yield Compared(connection, most)
    finally:
        connection.execute("ROLLBACK")
        connection.execute(f"DETACH {LIVE}")


@functools.cache
def _all_in(cls: type[Record], here: str) -> Query:
    return Query(sa.select(*_columns(cls, _table(cls, here))))


@functools.cache
def _only_in(cls: type[Record], here: str) -> Query:
    ours, theirs = _table(cls, here), _table(cls, COPY if here == LIVE else LIVE)
    missing = ~sa.exists().where(*(ours.c[name] == theirs.c[name] for name in cls.key))
    return Query(_in_order(cls, ours, sa.select(*_columns(cls, ours)).where(missing)))


@functools.cache
def _changed(cls: type[Record]) -> Query:
    old, new = _table(cls, COPY), _table(cls, LIVE)
    same = sa.and_(*(old.c[name] == new.c[name] for name in cls.key))
    other = sa.or_(*(old.c[name].is_distinct_from(new.c[name]) for name in cls.__struct_fields__))
    found = sa.select(*_columns(cls, old), *_columns(cls, new)).select_from(old.join(new, same)).where(other)
    return Query(_in_order(cls, old, found))


def _in_order(cls: type[Record], table: sa.TableClause, found: sa.Select[Any]) -> sa.Select[Any]:
    return found.order_by(*(table.c[name] for name in cls.key)).limit(sa.bindparam("most", type_=sa.Integer))


def _table(cls: type[Record], here: str) -> sa.TableClause:
    columns = (sa.column(column.name, column.type) for column in cls.table.c)
    return sa.table(cls.table_name, *columns, schema=here)


def _columns(cls: type[Record], table: sa.TableClause) -> list[sa.ColumnClause[Any]]:
    return [table.c[name] for name in cls.__struct_fields__]
