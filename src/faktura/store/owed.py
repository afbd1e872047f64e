"""What a transaction still has to add to kept sums before its commit."""

import datetime as dt
import functools
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from faktura.store.comparing import Condition
from faktura.store.kept_sums import NO_DAY, KeptSums, halves
from faktura.store.statements import Cursor, Query, Row


class Owed:
    """By table and group of sums what is to be added to each."""

    __slots__ = ("groups",)

    def __init__(self) -> None:
        self.groups: dict[sa.Table, dict[Row, list[int]]] = {}

    def add(self, record: Any, times: int = 1) -> None:
        """Count a record in, or with -1 out of its sums."""
        kept: KeptSums = record.sums
        groups = self.groups.setdefault(record.sums_table, {})
        group = (*(getattr(record, name) for name in kept.by), *(_holds(told, record) for told in kept.told))
        amounts = [times, *(times * half for name in kept.of for half in halves(getattr(record, name)))]
        for day_of, day in _days(kept, record):
            key = (record.account_id, day_of, day, *group)
            before = groups.get(key)
            groups[key] = amounts if before is None else [a + b for a, b in zip(before, amounts, strict=True)]

    def join(self, other: "Owed") -> None:
        for table, groups in other.groups.items():
            mine = self.groups.setdefault(table, {})
            for key, amounts in groups.items():
                before = mine.get(key)
                mine[key] = amounts if before is None else [a + b for a, b in zip(before, amounts, strict=True)]

    def write(self, cursor: Cursor, engine: str) -> None:
        """In the order of keys, so that two who write to the same sums wait for each other and do not clash."""
        for table, groups in self.groups.items():
            rows = [[*key, *amounts] for key, amounts in sorted(groups.items()) if any(amounts)]
            if rows and engine == "postgresql":
                _upsert_lists(table).on(engine).write(
                    cursor, dict(zip(table.c.keys(), map(list, zip(*rows, strict=True)), strict=True))
                )
            elif rows:
                _upsert(table).on(engine).write_all(cursor, rows)
        self.groups.clear()


def _days(kept: KeptSums, record: Any) -> Iterator[tuple[str, dt.date]]:
    yield NO_DAY, dt.date.min
    for name in kept.days:
        if (day := getattr(record, name)) is not None:
            yield name, day


def _holds(condition: Condition, record: Any) -> bool:
    """Of the conditions that sums can be told by."""
    value = getattr(record, condition.attribute)
    if condition.operator == "null":
        return (value is None) is bool(condition.value)
    assert condition.operator == "gt", condition  # noqa: S101 (a declaration that nobody wrote yet)
    return value is not None and bool(value > condition.value)


@functools.cache
def _upsert(table: sa.Table) -> Query:
    """Binds the columns of a row in their order."""
    new = sqlite.insert(table).values({c.name: sa.bindparam(c.name) for c in table.c})
    return Query(new.on_conflict_do_update(index_elements=list(table.primary_key), set_=_added(table, new.excluded)))


@functools.cache
def _upsert_lists(table: sa.Table) -> Query:
    """Binds for each column its values in all rows, so that PostgreSQL is asked once."""
    from sqlalchemy.dialects import postgresql  # noqa: PLC0415 (no dialect without its engine)

    lists = [sa.cast(sa.bindparam(c.name), postgresql.ARRAY(c.type)) for c in table.c]
    rows = sa.func.unnest(*lists).table_valued(*table.c.keys()).render_derived()
    new = postgresql.insert(table).from_select(table.c.keys(), sa.select(*rows.c))
    return Query(new.on_conflict_do_update(index_elements=list(table.primary_key), set_=_added(table, new.excluded)))


def _added(table: sa.Table, sums: Any) -> dict[str, Any]:
    return {c.name: c + sums[c.name] for c in table.c if not c.primary_key}
