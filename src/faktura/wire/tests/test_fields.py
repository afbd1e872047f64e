"""Resources on the wire: what a shape shows and reads follows from its fields."""

from typing import Any, NamedTuple

import pytest

from faktura.core.errors import Given
from faktura.wire.fields import Field, Kind, Shape, list_of, read_only

TEXT = Kind({"type": "string"}, str)
LOUD = Kind({"type": "string"}, str, str.upper, absent="nobody")


class Person(NamedTuple):
    name: str
    nick: str | None = None
    friends: tuple[Any, ...] = ()


def shown(*fields: Field, record: Person = Person("Jan")) -> dict[str, Any]:  # noqa: B008 (immutable)
    return Shape[Person, str]("person", Person, fields).show(record, "here")


WHERE = read_only("where", TEXT, showing=lambda person, view: f"{person.name} is {view}")


@pytest.mark.parametrize("held", [(), (Field("name", TEXT),), (Field("name", TEXT), Field("called", LOUD, "nick"))])
def test_a_resource_is_shown_however_few_attributes_it_has(held: tuple[Field, ...]) -> None:
    expected = {"name": "Jan", "called": "nobody"}
    assert shown(WHERE, *held) == {"where": "Jan is here"} | {field.name: expected[field.name] for field in held}


def test_fields_are_shown_in_their_order() -> None:
    nested = Field("friends", list_of(Shape[Person, str]("friend", Person, (Field("nick", LOUD),))))
    found = shown(nested, WHERE, Field("name", TEXT), record=Person("Jan", friends=(Person("Eva", "e"),)))
    assert list(found.items()) == [("friends", [{"nick": "E"}]), ("where", "Jan is here"), ("name", "Jan")]


def test_what_is_made_of_parts_is_made_only_where_they_are_read_ahead() -> None:
    def made(given: Given) -> Given:
        return Given(given | {"made": True})

    parts = list_of(Shape[Person, str]("part", Person, (Field("name", TEXT),)), given=True, made=made)
    shape = Shape[Person, str]("whole", Person, (Field("parts", parts),))
    body: dict[str, Any] = {"parts": [{"name": "Jan"}]}
    assert shape.read(body) == {"parts": [{"name": "Jan"}]}
    shape.read_ahead(body)
    assert shape.read(body) == {"parts": [{"name": "Jan", "made": True}]}
