"""What attributes of an account's records come to, in groups: each shape of a question is compiled once."""

import functools
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec
import sqlalchemy as sa

from faktura.store import queries
from faktura.store.columns import SCALE
from faktura.store.comparing import Condition, Operator
from faktura.store.conditions import arity, bound, clause
from faktura.store.kept_sums import NO_DAY, half_names, halves_of, told_name
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
    """Those of the groups that have records, in their order: from kept sums where those tell it."""
    told = told_by_sums(cls, account_id, chosen, of, by) if tx.only_reads else None
    if told is None:
        shape, values = asked(tx, cls, account_id, msgspec.structs.replace(chosen, order=()))
        query = _query(cls, shape, of, by, tx.engine)
    else:
        conditions = tuple((c.attribute, c.operator, arity(c)) for c in told)
        values = {}
        for n, condition in enumerate(told):
            values |= bound(n, condition, cls.sums_table.c[condition.attribute].type)
        query = _kept_query(cls, conditions, of, by, tx.engine)
    parts = len(by)
    found = tx.rows(query, **values)
    return [Sum(tuple(row[:parts]), int(row[parts]), _amounts(row[parts + 1 :])) for row in found if row[parts]]


def count(tx: Transaction, cls: type[Tenant], account_id: int, chosen: Selection) -> int:
    """How many records there are: from kept sums where those tell it."""
    if not tx.only_reads or told_by_sums(cls, account_id, chosen, (), ()) is None:
        return queries.count(tx, cls, account_id, chosen)

    def kept() -> int:
        return sum(one.records for one in sums(tx, cls, account_id, chosen, ()))

    return tx.recalled(account_id, (cls, chosen), kept)


def told_by_sums(
    cls: type[Tenant], account_id: int, chosen: Selection, of: tuple[str, ...], by: tuple[Grouping, ...]
) -> list[Condition] | None:
    """The conditions by which kept sums tell what is asked; None where they do not, or by more than one day."""
    kept = cls.sums
    if kept is None or chosen.text or chosen.beyond or not set(of) <= set(kept.of):
        return None
    grouped = {grouping if isinstance(grouping, str) else grouping.day for grouping in by}
    rest = [condition for condition in chosen.conditions if condition not in kept.told]
    days = {name for name in (*(c.attribute for c in rest), *grouped) if name in kept.days}
    known = {*kept.by, *days}
    if len(days) > 1 or any(c.attribute not in known or c.operator not in _TOLD for c in rest) or not grouped <= known:
        return None
    told = [Condition(told_name(c), "eq", value=True) for c in chosen.conditions if c in kept.told]
    told += [Condition("day" if c.attribute in days else c.attribute, c.operator, c.value) for c in rest]
    return [Condition("account_id", "eq", account_id), Condition("day_of", "eq", days.pop() if days else NO_DAY), *told]


_TOLD: tuple[Operator, ...] = ("eq", "lt", "lteq", "gt", "gteq", "in")


@functools.lru_cache(maxsize=512)
def _query(cls: type[Tenant], shape: Shape, of: tuple[str, ...], by: tuple[Grouping, ...], engine: str) -> Query:
    source, conditions = where(cls, shape, engine)
    groups = [_grouped(cls, grouping, engine) for grouping in by]
    halves = [sa.func.sum(half) for name in of for half in halves_of(cls.table.c[name], engine)]
    found = sa.select(*groups, sa.func.count(), *halves).select_from(source.table).where(*conditions)
    return Query(found.group_by(*groups).order_by(*groups) if groups else found)


@functools.lru_cache(maxsize=512)
def _kept_query(
    cls: type[Tenant],
    told: tuple[tuple[str, Operator, int], ...],
    of: tuple[str, ...],
    by: tuple[Grouping, ...],
    engine: str,
) -> Query:
    c, days = cls.sums_table.c, cls.sums.days if cls.sums else ()
    conditions = [clause(c[name], operator, n, members, engine) for n, (name, operator, members) in enumerate(told)]
    groups = [
        _month(c.day, engine) if isinstance(grouping, Month) else c["day" if grouping in days else grouping]
        for grouping in by
    ]
    halves = [sa.func.sum(c[half]) for name in of for half in half_names(name)]
    found = sa.select(*groups, sa.func.sum(c.records), *halves).where(*conditions)
    return Query(found.group_by(*groups).order_by(*groups) if groups else found)


def _amounts(halves: Sequence[Decimal | int | None]) -> tuple[Decimal, ...]:
    pairs = zip(halves[::2], halves[1::2], strict=True)
    return tuple(Decimal(whole or 0) + Decimal(rest or 0).scaleb(-SCALE) for whole, rest in pairs)


def _grouped(cls: type[Tenant], grouping: Grouping, engine: str) -> sa.ColumnElement[Any]:
    if isinstance(grouping, str):
        column = cls.table.c[grouping]
        # A bare column would have SQLite read an index in its order, and not the one that finds the records.
        unordered = sa.UnaryExpression(column, operator=sa.sql.operators.custom_op("+"), type_=column.type)
        return unordered if engine == "sqlite" else column
    return _month(cls.table.c[grouping.day], engine)


def _month(day: sa.Column[Any], engine: str) -> sa.ColumnElement[Any]:
    if engine == "sqlite":
        return sa.func.substr(day, sa.literal_column("1"), sa.literal_column("7"), type_=sa.Text)
    return sa.func.to_char(day, sa.literal_column("'YYYY-MM'"), type_=sa.Text)
