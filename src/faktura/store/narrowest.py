"""SQLite: by which of its conditions a list is found. Unlike PostgreSQL it keeps no count of how many have what."""

import functools
from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import sqlalchemy as sa

from faktura.store.comparing import Condition
from faktura.store.records import Tenant

MANY = 1000
"""So many are not found and sorted for a page: it is met sooner on a walk through the list."""

MOST_MERGED = 8
"""Values of one attribute whose lists are walked side by side: a search in the index for each."""


class Way(NamedTuple):
    """The attributes that one index finds by.

    What it finds may be `sorted` as the list is. It is `few` where one attribute has one value of many, and a `span`
    where one may have several.
    """

    attributes: frozenset[str]
    is_sorted: bool
    is_few: bool
    is_span: bool


NO_WAY = Way(frozenset(), is_sorted=True, is_few=False, is_span=False)
"""A walk through the list, on which all that is chosen by is read."""


def ways(cls: type[Tenant], conditions: Sequence[Condition], first: str) -> list[Way]:
    """Through each index that finds by more than others, or in the order of the list, which `first` begins.

    First what finds few, last a span; else in the order of the conditions, since who asks begins with the narrowest.
    """
    absent = {c.attribute for c in conditions if c.operator == "null" and c.value}
    usable = [index.names for index in _indexes(cls) if index.where_set not in absent]
    found = {way for names in usable if (way := _way(cls, names, conditions, first)).attributes}
    places = [c.attribute for c in conditions]
    best = [way for way in found if not any(_is_better(other, way) for other in found)]
    return sorted(best, key=lambda way: (not way.is_few, way.is_span, sorted(map(places.index, way.attributes))))


def merged(cls: type[Tenant], conditions: Sequence[Condition], first: str) -> Way | None:
    """Through an index that has the order of the list behind each of several values, which one attribute may have."""
    for several in conditions:
        if several.operator == "in" and 1 < len(set(several.value)) == len(several.value) <= MOST_MERGED:
            alone = [msgspec.structs.replace(c, operator="eq") if c is several else c for c in conditions]
            found = (way for way in ways(cls, alone, first) if way.is_sorted and several.attribute in way.attributes)
            if way := next(found, None):
                return way
    return None


def _is_better(one: Way, other: Way) -> bool:
    if one.is_sorted < other.is_sorted:
        return False
    return one.attributes > other.attributes or (one.attributes == other.attributes and one.is_sorted > other.is_sorted)


def _way(cls: type[Tenant], names: tuple[str, ...], conditions: Sequence[Condition], first: str) -> Way:
    """As far as an index goes: attributes that have one value each, and behind them one that has several."""
    fixed = {c.attribute for c in conditions if _is_one_value(c)}
    ranged = {c.attribute for c in conditions if c.operator not in {"cont", "holds"}} - fixed
    used: list[str] = []
    for name in names:
        if name in fixed or name in ranged:
            used.append(name)
        if name not in fixed:
            is_sorted = name == first
            break
    else:
        is_sorted = False
    is_few = any(name in fixed and not cls.table.c[name].info["is_choice"] for name in used)
    return Way(frozenset(used), is_sorted or first in fixed, is_few, not fixed.issuperset(used))


def _is_one_value(condition: Condition) -> bool:
    is_alone = condition.operator == "in" and len(condition.value) == 1
    return condition.operator == "eq" or is_alone or (condition.operator == "null" and bool(condition.value))


class _Index(NamedTuple):
    """What stands behind the account, without what is only brought along."""

    names: tuple[str, ...]
    where_set: str | None


def has_index(cls: type[Tenant], attribute: str) -> bool:
    """Whether an index finds by this attribute alone."""
    return any(index.names[:1] == (attribute,) for index in _indexes(cls))


@functools.cache
def _indexes(cls: type[Tenant]) -> frozenset[_Index]:
    found: list[_Index] = []
    for one in (*cls.table.indexes, *cls.table.constraints):
        if isinstance(one, sa.Index | sa.UniqueConstraint | sa.PrimaryKeyConstraint):
            names = [column.name for column in one.columns if column.name not in one.info.get("covers", ())]
            if names[0] == "account_id":
                found.append(_Index(tuple(names[1:]), one.info.get("where_set")))
    return frozenset(found)
