"""What attributes of an account's records come to, in groups: each shape of a question is compiled once."""

import functools
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from faktura.store.columns import SCALE
from faktura.store.queries import Selection, Shape, asked, where
from faktura.store.records import Tenant
from faktura.store.statements import Query
from faktura.store.transaction import Transaction


class Month(msgspec.Struct, frozen=True):
    """The month of a day, as "2026-11"."""

    day: str


Grouping = str | Month
"""An attribute that is the same in a group, or the month in which it lies."""


class Sum(NamedTuple):
    """How many records a group has and what each attribute comes to; what has no value counts nothing."""

    group: tuple[Any, ...]
    records: int
    amounts: tuple[Decimal, ...]


def sums(
    tx: Transaction,
    cls: type[Tenant],
    account_id: int,
    chosen: Selection,
    of: tuple[str, ...],
    by: tuple[Grouping, ...] = (),
) -> list[Sum]:
    """Those of the groups that have records, in their order."""
    shape, values = asked(tx, cls, account_id, msgspec.structs.replace(chosen, order=()))
    found = tx.rows(_query(cls, shape, of, by, tx.engine), **values)
    parts = len(by)
    return [Sum(tuple(row[:parts]), row[parts], _amounts(row[parts + 1 :])) for row in found if row[parts]]


@functools.lru_cache(maxsize=512)
def _query(cls: type[Tenant], shape: Shape, of: tuple[str, ...], by: tuple[Grouping, ...], engine: str) -> Query:
    source, conditions = where(cls, shape, engine)
    groups = [_grouped(cls, grouping, engine) for grouping in by]
    halves = [half for name in of for half in _halves(cls.table.c[name], engine)]
    found = sa.select(*groups, sa.func.count(), *halves).select_from(source.table).where(*conditions)
    return Query(found.group_by(*groups).order_by(*groups) if groups else found)


def _halves(column: sa.Column[Any], engine: str) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    """The sums of the whole units and of the rest: on SQLite all millionths together may not fit 64 bits."""
    if engine == "postgresql":
        return sa.func.sum(column), sa.literal_column("0", sa.Integer)
    millionths, unit = sa.type_coerce(column, sa.BigInteger), sa.literal_column(str(10**SCALE), sa.BigInteger)
    whole = sa.func.sum(millionths.op("/", return_type=sa.BigInteger())(unit), type_=sa.BigInteger)
    return whole, sa.func.sum(millionths.op("%", return_type=sa.BigInteger())(unit), type_=sa.BigInteger)


def _amounts(halves: Sequence[Decimal | int | None]) -> tuple[Decimal, ...]:
    pairs = zip(halves[::2], halves[1::2], strict=True)
    return tuple(Decimal(whole or 0) + Decimal(rest or 0).scaleb(-SCALE) for whole, rest in pairs)


def _grouped(cls: type[Tenant], grouping: Grouping, engine: str) -> sa.ColumnElement[Any]:
    if isinstance(grouping, str):
        column = cls.table.c[grouping]
        # A bare column would have SQLite read an index in its order, and not the one that finds the records.
        unordered = sa.UnaryExpression(column, operator=sa.sql.operators.custom_op("+"), type_=column.type)
        return unordered if engine == "sqlite" else column
    day = cls.table.c[grouping.day]
    if engine == "sqlite":
        return sa.func.substr(day, sa.literal_column("1"), sa.literal_column("7"), type_=sa.Text)
    return sa.func.to_char(day, sa.literal_column("'YYYY-MM'"), type_=sa.Text)
