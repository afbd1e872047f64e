"""Search and order of lists (1.5, 1.6): what a resource's fields allow follows from the columns that keep them."""

import functools
from collections.abc import Callable
from typing import Any

import msgspec
import sqlalchemy as sa

from faktura.dialects.infakt.door import errors
from faktura.store.columns import Json
from faktura.store.queries import Condition, Operator, Order
from faktura.wire.fields import Field, Shape, Unreadable
from faktura.wire.values import read_boolean

Spellings = Callable[[str], tuple[str, ...]]

MOST_CONDITIONS = 40
MOST_IN_LIST = 1000

ORDERED: tuple[Operator, ...] = ("lt", "gt", "lteq", "gteq")
"""Modifiers of numbers and dates."""


class Listing(msgspec.Struct, frozen=True, eq=False):
    """How a resource is listed: in which order by default, and by which names besides its own it is searched.

    `only` is what all of its records are. `spellings` has, by name, all spellings of a value, of which any is found.
    """

    shape: Shape[Any, Any]
    order: tuple[Order, ...] = (Order("id", descending=True),)
    also: tuple[Field, ...] = ()
    only: tuple[Condition, ...] = ()
    spellings: tuple[tuple[str, Spellings], ...] = ()


class Key(msgspec.Struct, frozen=True):
    """A field that can be searched by, the modifiers that it takes, and whether a list can be put in its order."""

    field: Field
    operators: frozenset[Operator]
    sortable: bool


def conditions_of(listing: Listing, asked: Any) -> tuple[Condition, ...]:
    """What `q` asks for; unknown attributes, and modifiers that an attribute does not take, are passed over.

    Raises:
        Failure: a value is not of its attribute's kind.

    """
    if not isinstance(asked, dict):
        return ()
    keys = keys_of(listing)
    found: list[Condition] = []
    for name, value in asked.items():
        attribute, _, modifier = str(name).rpartition("_")
        key = keys.get(attribute)
        operator = next((o for o in key.operators if o == modifier), None) if key else None
        if key is None or operator is None:
            continue
        try:
            found += _conditions(key.field, operator, value, dict(listing.spellings).get(key.field.name))
        except Unreadable:
            raise errors.wrong_value(f"q[{name}]") from None
    if len(found) > MOST_CONDITIONS:
        raise errors.wrong_value("q")
    return tuple(found)


def order_of(listing: Listing, asked: Any) -> tuple[Order, ...]:
    """What `order` asks for, or the default where it names no attribute that can be sorted by."""
    words = asked.split() if isinstance(asked, str) else []
    name, direction = (*words, "asc")[:2] if words else ("", "")
    key = keys_of(listing).get(name)
    if key is None or not key.sortable or direction.lower() not in {"asc", "desc"}:
        return listing.order
    is_descending = direction.lower() == "desc"
    return (Order(key.field.attribute, descending=is_descending, as_text=key.field.kind.as_text),)


@functools.cache
def keys_of(listing: Listing) -> dict[str, Key]:
    """By name, every field that one column keeps, or several that are told apart by one value."""
    columns = listing.shape.record.table.c
    keys = {}
    for field in (*listing.shape.fields, *listing.also):
        if field.attribute in columns and not isinstance(columns[field.attribute].type, Json):
            keys[field.name] = Key(field, _operators(field, columns[field.attribute]), field not in listing.also)
        elif field.reading is not None and field.attribute not in columns:
            keys[field.name] = Key(field, frozenset({"eq"}), sortable=False)
    return keys


def _operators(field: Field, column: "sa.Column[Any]") -> frozenset[Operator]:
    """The ids of a list of law are codes inside, which have no size and no parts; a word of a list has no parts."""
    found: set[Operator] = {"eq", "in"}
    if column.nullable:
        found.add("null")
    if isinstance(column.type, sa.Text) and field.kind.schema.get("type") == "integer":
        return frozenset(found)
    if isinstance(column.type, sa.Text):
        if "enum" not in field.kind.schema:
            found.add("cont")
    elif not isinstance(column.type, sa.Boolean):
        found.update(ORDERED)
    return frozenset(found)


def _conditions(field: Field, operator: Operator, value: Any, spellings: Spellings | None) -> list[Condition]:
    if operator == "null":
        return [Condition(field.attribute, "null", read_boolean(value))]
    if operator == "in":
        values = [field.kind.read(v) for v in (value if isinstance(value, list) else [value]) if v is not None]
        if len(values) > MOST_IN_LIST:
            raise Unreadable("not_in_list")
        return [Condition(field.attribute, "in", tuple(v for v in values if v is not None))]
    read = None if value is None else field.kind.read(value)
    if operator == "eq" and read and spellings is not None:
        return [Condition(field.attribute, "in", spellings(read))]
    if operator == "eq" and field.reading is not None:
        return [_equal(name, inner) for name, inner in field.reading(read).items()]
    if operator == "eq":
        return [_equal(field.attribute, read)]
    return [] if read is None else [Condition(field.attribute, operator, read)]


def _equal(attribute: str, value: Any) -> Condition:
    """What is empty on the wire is no value inside."""
    return Condition(attribute, "null", value=True) if value is None else Condition(attribute, "eq", value)
