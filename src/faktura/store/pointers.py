"""Whether what records point to is there: their declarations `refers`, `belongs` and `remembers` are followed."""

import functools
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

import sqlalchemy as sa

from faktura.store.columns import Json
from faktura.store.records import RECORDS, KindIn, Record, Tenant
from faktura.store.statements import Query, Row
from faktura.store.transaction import Transaction

HOUSE = 0
"""The account of what belongs to no account: it has no record."""

MOST_AT_A_TIME = 512

NEVER = 2**31
"""Greater than every id."""


class Pointer(NamedTuple):
    """`part` is the attribute inside the parts of a list; "" where the parts are the ids themselves."""

    attribute: str
    part: str
    leads: str | KindIn
    outlives: bool

    @property
    def name(self) -> str:
        return f"{self.attribute}.{self.part}" if self.part else self.attribute


class Lost(NamedTuple):
    """A pointer that leads nowhere."""

    key: Row
    pointer: Pointer
    names: int | None
    table: str


@functools.cache
def pointers_of(cls: type[Record]) -> tuple[Pointer, ...]:
    lasting = {**cls.refers, **cls.belongs}
    declared = (*((item, False) for item in lasting.items()), *((item, True) for item in cls.remembers.items()))
    return tuple(
        Pointer(*name.partition(".")[::2], leads=leads, outlives=outlives) for (name, leads), outlives in declared
    )


def is_inside(cls: type[Record], pointer: Pointer) -> bool:
    """Whether the ids are in a list that the row holds, so that only reading the row finds them."""
    return isinstance(cls.table.c[pointer.attribute].type, Json)


def lost_in_columns(tx: Transaction, cls: type[Record], last_ids: dict[str, int]) -> Iterator[Lost]:
    """Those among the pointers that are columns, found by the database itself."""
    for pointer in pointers_of(cls):
        if not is_inside(cls, pointer):
            for table in _tables(tx, cls, pointer):
                if table not in RECORDS:
                    yield Lost((), pointer, None, table)
                    continue
                query = _never(cls, pointer) if pointer.outlives else _dangling(cls, pointer, RECORDS[table])
                for *key, names in tx.rows(query, kind=table, last=last_ids.get(table, NEVER)):
                    yield Lost(tuple(key), pointer, names, table)


def lost_inside(tx: Transaction, cls: type[Record], rows: Iterable[Row], last_ids: dict[str, int]) -> Iterator[Lost]:
    """Those among the pointers that lie inside these rows."""
    places = cls.__struct_fields__
    keys = [places.index(name) for name in cls.key]
    for pointer in pointers_of(cls):
        if not is_inside(cls, pointer) or isinstance(pointer.leads, KindIn):
            continue
        place, table = places.index(pointer.attribute), RECORDS[pointer.leads]
        named: dict[int, dict[int, Row]] = {}
        for row in rows:
            for part in row[place] or ():
                if (names := getattr(part, pointer.part) if pointer.part else part) is not None:
                    key = tuple(row[k] for k in keys)
                    named.setdefault(key[0] if issubclass(table, Tenant) else HOUSE, {})[names] = key
        for account_id, found in named.items():
            if pointer.outlives:
                gone = {names for names in found if not 0 < names <= last_ids.get(pointer.leads, NEVER)}
            else:
                gone = found.keys() - _there(tx, table, account_id, sorted(found))
            yield from (Lost(found[names], pointer, names, pointer.leads) for names in sorted(gone))


def _tables(tx: Transaction, cls: type[Record], pointer: Pointer) -> list[str]:
    if isinstance(pointer.leads, KindIn):
        return sorted(kind for (kind,) in tx.rows(_kinds(cls, pointer.leads.attribute)))
    return [pointer.leads]


def _there(tx: Transaction, cls: type[Record], account_id: int, ids: list[int]) -> set[int]:
    """Which of the ids are there."""
    there: set[int] = set()
    for start in range(0, len(ids), MOST_AT_A_TIME):
        some = ids[start : start + MOST_AT_A_TIME]
        room = 1 << (len(some) - 1).bit_length()
        padded = {f"id_{n}": record_id for n, record_id in enumerate([*some, *[some[-1]] * (room - len(some))])}
        there |= {found for (found,) in tx.rows(_by_ids(cls, room), account_id=account_id, **padded)}
    return there


@functools.lru_cache(maxsize=256)
def _by_ids(cls: type[Record], room: int) -> Query:
    wanted: list[sa.ColumnElement[bool]] = [cls.table.c.id.in_([sa.bindparam(f"id_{n}") for n in range(room)])]
    if issubclass(cls, Tenant):
        wanted.append(cls.table.c.account_id == sa.bindparam("account_id"))
    return Query(sa.select(cls.table.c.id).where(*wanted))


@functools.cache
def _kinds(cls: type[Record], attribute: str) -> Query:
    """Those that are named; what is of no kind points nowhere."""
    column = cls.table.c[attribute]
    return Query(sa.select(column).where(column.is_not(None)).distinct())


@functools.cache
def _dangling(cls: type[Record], pointer: Pointer, target: type[Record]) -> Query:
    """Rows whose pointer names what is not there, or what is another account's."""
    column, other = cls.table.c[pointer.attribute], target.table.alias("other")
    same: list[sa.ColumnElement[bool]] = [other.c.id == column]
    if issubclass(target, Tenant) and issubclass(cls, Tenant):
        same.append(other.c.account_id == cls.table.c.account_id)
    missing: list[sa.ColumnElement[bool]] = [~sa.exists().where(*same)]
    if pointer.attribute == "account_id":
        missing.append(column != HOUSE)
    return _with_pointer(cls, pointer, missing)


@functools.cache
def _never(cls: type[Record], pointer: Pointer) -> Query:
    """Rows whose pointer names what never was there."""
    column = cls.table.c[pointer.attribute]
    return _with_pointer(cls, pointer, [(column > sa.bindparam("last")) | (column < 1)])


def _with_pointer(cls: type[Record], pointer: Pointer, where: list[sa.ColumnElement[bool]]) -> Query:
    column, key = cls.table.c[pointer.attribute], [cls.table.c[name] for name in cls.key]
    found: sa.Select[Any] = sa.select(*key, column).where(column.is_not(None), *where).order_by(*key)
    if isinstance(pointer.leads, KindIn):
        found = found.where(cls.table.c[pointer.leads.attribute] == sa.bindparam("kind"))
    return Query(found)
