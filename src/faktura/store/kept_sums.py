"""What an account's records come to, kept in rows beside them: whatever changes a record brings its sums up to date."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import msgspec
import sqlalchemy as sa

from faktura.store.columns import SCALE
from faktura.store.comparing import Condition

if TYPE_CHECKING:
    from faktura.store.records import Record

NO_DAY = ""
"""Stands for the sums of all days, also of what has no day."""


class KeptSums(msgspec.Struct, frozen=True):
    """In which groups records are counted: alike in all of `by` and in whether each of `told` holds; `of` is added up.

    There is a sum of all records of a group, and for each of `days` one of every day: lists ask for a span of one.
    """

    by: tuple[str, ...]
    days: tuple[str, ...]
    of: tuple[str, ...] = ()
    told: tuple[Condition, ...] = ()

    @property
    def attributes(self) -> frozenset[str]:
        """A change of others changes no sum."""
        return frozenset((*self.of, *self.by, *self.days, *(condition.attribute for condition in self.told)))


def table_for(records: sa.Table, kept: KeptSums) -> sa.Table:
    """The table that keeps the sums of a table's records."""
    types: dict[str, Any] = {"account_id": sa.Integer, "day_of": sa.Text, "day": sa.Date}
    types |= {name: records.c[name].type for name in kept.by}
    types |= {told_name(condition): sa.Boolean for condition in kept.told}
    key = [sa.Column(name, kind, primary_key=True, autoincrement=False) for name, kind in types.items()]
    amounts = [sa.Column(name, sa.BigInteger, nullable=False) for name in ("records", *_half_names(kept))]
    return sa.Table(f"{records.name}_sums", records.metadata, *key, *amounts, sqlite_with_rowid=False)


def told_name(condition: Condition) -> str:
    return f"{condition.attribute}_{condition.operator}"


def halves(amount: Decimal | None) -> tuple[int, int]:
    """Its whole units and its millionths: all millionths of a sum together may not fit 64 bits."""
    if amount is None:
        return 0, 0
    whole = int(amount)
    return whole, int((amount - whole).scaleb(SCALE))


def half_names(name: str) -> tuple[str, str]:
    return f"{name}_whole", f"{name}_rest"


def recounted(cls: type["Record"], engine: str) -> sa.CompoundSelect[Any]:
    """The rows that ought to be kept, of all accounts, in the order of columns."""
    kept, c = _of(cls), cls.table.c
    told = [_told_clause(c[condition.attribute], condition) for condition in kept.told]
    groups = [*(c[name] for name in kept.by), *told]
    amounts = [sa.func.coalesce(sa.func.sum(half), 0) for name in kept.of for half in halves_of(c[name], engine)]

    def by(day_of: str, day: sa.ColumnElement[Any]) -> sa.Select[Any]:
        row = c.account_id, sa.literal_column(f"'{day_of}'"), day, *groups, sa.func.count(), *amounts
        named = (value.label(column.name) for value, column in zip(row, cls.sums_table.c, strict=True))
        return sa.select(*named).where(day.is_not(None)).group_by(c.account_id, day, *groups)

    no_day: sa.ColumnElement[Any] = sa.literal_column(f"'{dt.date.min}'")
    ways = {NO_DAY: sa.cast(no_day, sa.Date) if engine == "postgresql" else no_day}
    return sa.union_all(*(by(day_of, day) for day_of, day in (ways | {name: c[name] for name in kept.days}).items()))


def kept_rows(cls: type["Record"]) -> sa.Select[Any]:
    """The rows that are kept; what no record is in any more is not told apart from what never was."""
    c = cls.sums_table.c
    return sa.select(*c).where(sa.or_(*(column != 0 for column in c if not column.primary_key)))


def halves_of(column: sa.Column[Any], engine: str) -> tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]:
    """The same as `halves` in SQL."""
    unit = sa.literal_column(str(10**SCALE), sa.BigInteger)
    if engine == "postgresql":
        whole = sa.func.trunc(column)
        return whole, (column - whole) * unit
    millionths = sa.type_coerce(column, sa.BigInteger)
    return millionths.op("/", return_type=sa.BigInteger())(unit), millionths.op("%", return_type=sa.BigInteger())(unit)


def _of(cls: type["Record"]) -> KeptSums:
    assert cls.sums is not None  # noqa: S101 (whoever asks looked before)
    return cls.sums


def _half_names(kept: KeptSums) -> Iterator[str]:
    for name in kept.of:
        yield from half_names(name)


def _told_clause(column: sa.Column[Any], condition: Condition) -> sa.ColumnElement[bool]:
    if condition.operator == "null":
        return column.is_(None) if condition.value else column.is_not(None)
    return sa.func.coalesce(column > sa.literal(condition.value, column.type), sa.false())
