"""What an answer is like, without what it says: attributes and their types; and where two answers differ in that."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from faktura.fidelity.parity.sides import Reply
from faktura.fidelity.usage.usage import shown


class Shape(NamedTuple):
    """Types by attribute, dotted and without places in lists; `objects` are those whose attributes were seen."""

    types: dict[str, set[str]]
    objects: set[str]


def shape_of(value: Any) -> Shape:
    shape = Shape({}, set())
    _look(value, "", shape)
    return shape


def _look(value: Any, at: str, shape: Shape) -> None:
    shape.types.setdefault(at, set()).add(_type(value))
    if isinstance(value, list):
        for one in value:
            _look(one, f"{at}[]", shape)
    elif isinstance(value, dict):
        shape.objects.add(at)
        for name, inner in value.items():
            _look(inner, f"{at}.{shown(name)}", shape)


def _type(value: Any) -> str:
    if value is None:
        return "null"
    named = {bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object"}
    return named[type(value)]


def differences(double: Reply, real: Reply, headers: frozenset[str]) -> Iterator[str]:
    """Where both differ, in words; `headers` are those that the contract names."""
    if double.status != real.status:
        yield f"status: the double answers {double.status}, the real account {real.status}"
        return
    if double.media != real.media:
        yield f"type of content: `{double.media or 'none'}` here, `{real.media or 'none'}` there"
    for name in sorted(headers):
        if (name in double.headers) != (name in real.headers):
            yield f"header `{name}`: only {'here' if name in double.headers else 'there'}"
    yield from _in_shape(shape_of(double.body), shape_of(real.body))


def _in_shape(double: Shape, real: Shape) -> Iterator[str]:
    for at in sorted(double.types.keys() | real.types.keys()):
        here, there = double.types.get(at), real.types.get(at)
        if here is None or there is None:
            seen = real.objects if here is not None else double.objects
            if at.rpartition(".")[0] in seen and not at.endswith("[]"):
                yield f"attribute `{_named(at)}`: only {'here' if here is not None else 'there'}"
        elif (a := here - {"null"}) and (b := there - {"null"}) and not a & b:
            yield f"type of `{_named(at)}`: {_listed(a)} here, {_listed(b)} there"


def _named(at: str) -> str:
    return at.removeprefix("[]").lstrip(".").replace("[]", "") or "(the whole)"


def _listed(types: set[str]) -> str:
    return " or ".join(sorted(types))
