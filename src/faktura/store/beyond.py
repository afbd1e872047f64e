"""What comes after a record in an order of several columns, so that a page starts where the one before it ended."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from faktura.store.comparing import bound_type


class Place(NamedTuple):
    """A column of an order, and whether the record where the page starts has nothing in it."""

    column: sa.ColumnElement[Any]
    descending: bool
    missing: bool
    nullable: bool


def beyond(places: Sequence[Place]) -> list[sa.ColumnElement[bool]]:
    """Conditions over the parameters `beyond_0`, `beyond_1` …, in the order in which lists are sorted."""
    after: sa.ColumnElement[bool] = sa.false()
    for n, place in reversed([*enumerate(places)]):
        after = sa.or_(_later(n, place), sa.and_(_same(n, place), after))
    first = places[0]
    if first.missing or (first.nullable and not first.descending):
        return [after]
    # The same once more about the first column alone, by which an index is entered.
    value = _value(0, first)
    return [first.column <= value if first.descending else first.column >= value, after]


def _later(n: int, place: Place) -> sa.ColumnElement[bool]:
    """What has no value comes after all that has, or before it where the order is descending."""
    column = place.column
    if place.missing:
        return column.is_not(None) if place.descending else sa.false()
    if place.descending:
        return column < _value(n, place)
    return sa.or_(column > _value(n, place), column.is_(None)) if place.nullable else column > _value(n, place)


def _same(n: int, place: Place) -> sa.ColumnElement[bool]:
    return place.column.is_(None) if place.missing else place.column == _value(n, place)


def _value(n: int, place: Place) -> sa.ColumnElement[Any]:
    return sa.bindparam(f"beyond_{n}", type_=bound_type(place.column.type))
