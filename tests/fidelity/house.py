"""What a fact may say of a door, whatever its dialect, and the prepared house of a dialect that it is asked of.

A resource has one word, as "invoice"; what lies inside it has two, as "invoice.lines".
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple, Protocol

Values = dict[str, Any]

CREATED = 201
OK = 200
REFUSED = 422

SHAPES: Mapping[str, tuple[tuple[type, ...], str]] = {
    "integer": ((int,), r"-?\d+"),
    "number": ((int, float), r"-?\d+(\.\d+)?"),
    "boolean": ((bool,), r"True|False"),
    "text": ((str,), r"(?s).*"),
    "decimal": ((str,), r"-?\d+\.(\d|\d*[1-9])"),
    "date": ((str,), r"\d{4}-\d\d-\d\d"),
    "moment": ((str,), r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d\d:\d\d"),
    "texts": ((list,), r"\[\]|\['.*'\]"),
    "integers": ((list,), r"\[(\d+(, )?)*\]"),
    "objects": ((list,), r"\[\]|\[\{.*\}\]"),
    "object": ((dict,), r"\{.*\}"),
}
"""By word, the types of JSON that a value may have, and what it looks like as Python writes it."""


class Answer(NamedTuple):
    """What a write came to; `record` is the resource that it shows, or what lies inside it."""

    status: int
    record: Any
    told: Mapping[str, list[str]]


class House(Protocol):
    """The application with an account of rich and of bare records."""

    def shown(self, of: str) -> list[Values]:
        """Every example of a resource."""
        ...

    def bare(self, of: str) -> Values:
        """As it is shown when only what is required was sent."""
        ...

    def add(self, of: str, values: Values, leaving_out: str = "") -> Answer: ...

    def may_change(self, of: str) -> bool:
        """Whether there is an update."""
        ...

    def change(self, of: str, values: Values, besides: Values) -> Answer:
        """Of a new record, which `besides` was made with."""
        ...

    def again(self, of: str, record: Values) -> Values:
        """The record as it is read now."""
        ...


def assert_shape(house: House, of: str, attribute: str, shape: str, pattern: str = "") -> None:
    """Every example has it, and some a value that is not null; each value is of the type and looks like it."""
    types, looks = SHAPES[shape]
    examples = house.shown(of)
    assert [one for one in examples if attribute not in one] == []
    values = [one[attribute] for one in examples if one[attribute] is not None]
    assert values != []
    for value in values:
        assert type(value) in types, value
        assert re.fullmatch(pattern or looks, str(value)), value


def assert_some_null(house: House, of: str, attribute: str) -> None:
    assert None in [one[attribute] for one in house.shown(of)]


def assert_never_null(house: House, of: str, attribute: str) -> None:
    values = [one[attribute] for one in house.shown(of)]
    assert values != []
    assert None not in values


def assert_absent(house: House, of: str, attribute: str) -> None:
    examples = house.shown(of)
    assert examples != []
    assert [one for one in examples if attribute in one] == []


def assert_one_of(house: House, of: str, attribute: str, values: list[Any]) -> None:
    """Nothing but these is shown, and at least one of them is."""
    seen = [one[attribute] for one in house.shown(of)]
    found = {item for value in seen for item in (value if isinstance(value, list) else [value])} - {None}
    assert found != set()
    assert found <= set(values)


def assert_default(house: House, of: str, attribute: str, value: Any, besides: Values | None = None) -> None:
    """What is shown where nothing was sent."""
    record = house.add(of, besides).record if besides else house.bare(of)
    shown = record[attribute]
    assert (shown, type(shown)) == (value, type(value))


def assert_kept(
    house: House, of: str, attribute: str, sent: Any, shown: Any = None, besides: Values | None = None
) -> None:
    """Sent with a create it is shown in the answer and when it is read again, and is no default."""
    expected = sent if shown is None else shown
    answer = house.add(of, {**(besides or {}), attribute: sent})
    assert answer.status == CREATED, answer
    assert house.bare(of).get(attribute) != expected
    assert answer.record[attribute] == expected
    assert house.again(of, answer.record)[attribute] == expected


def assert_changed(
    house: House,
    of: str,
    attribute: str,
    sent: Any,
    shown: Any = None,
    besides: Values | None = None,
    along: Values | None = None,
) -> None:
    """Sent with an update it is shown in the answer and when it is read again, and was something else before.

    The record was made with what is `besides`; what is sent `along` the attribute needs.
    """
    expected = sent if shown is None else shown
    answer = house.change(of, {attribute: sent} | (along or {}), besides or {})
    assert answer.status == OK, answer
    assert house.bare(of).get(attribute) != expected
    assert answer.record[attribute] == expected
    assert house.again(of, answer.record)[attribute] == expected


def assert_ignored(house: House, of: str, attribute: str, sent: Any) -> None:
    """Sent with a create and, where there is one, with an update it is taken without a word and changes nothing."""
    answer = house.add(of, {attribute: sent})
    assert answer.status == CREATED, answer
    assert answer.record[attribute] != sent
    if house.may_change(of):
        changed = house.change(of, {attribute: sent}, {})
        assert changed.status == OK, changed
        assert changed.record[attribute] != sent


def assert_write_only(house: House, of: str, attribute: str, sent: Any, besides: Values | None = None) -> None:
    answer = house.add(of, {**(besides or {}), attribute: sent})
    assert answer.status == CREATED, answer
    assert attribute not in answer.record
    assert attribute not in house.again(of, answer.record)


def assert_accepted(
    house: House, of: str, attribute: str, sent: Any, shown: Any = None, besides: Values | None = None
) -> None:
    """It is taken and shown, also where it is the default."""
    answer = house.add(of, {**(besides or {}), attribute: sent})
    assert answer.status == CREATED, answer
    assert answer.record[attribute] == (sent if shown is None else shown)


def assert_refused(
    house: House, of: str, attribute: str, sent: Any, told: Mapping[str, list[str]], besides: Values | None = None
) -> None:
    """With a create; `told` is all that the answer says."""
    answer = house.add(of, {**(besides or {}), attribute: sent})
    assert answer.status == REFUSED, answer
    assert answer.told == told


def assert_change_refused(house: House, of: str, attribute: str, sent: Any, told: Mapping[str, list[str]]) -> None:
    answer = house.change(of, {attribute: sent}, {})
    assert answer.status == REFUSED, answer
    assert answer.told == told


def assert_required(
    house: House, of: str, attribute: str, told: Mapping[str, list[str]], besides: Values | None = None
) -> None:
    answer = house.add(of, besides or {}, leaving_out=attribute)
    assert answer.status == REFUSED, answer
    assert answer.told == told
