"""Events that a client lets happen to a document (2.6.2, 2.9)."""

from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.values import TEXT
from faktura.wire.endpoints import Parameter
from faktura.wire.fields import Field, Shape


def event_shape(name: str) -> Shape[str, View]:
    return Shape(name, str, (Field("event", TEXT, access="write"),))


def event_parameter(events: str) -> Parameter:
    return Parameter("event", TEXT, f"{events}, unless the body names it")


def event_named(call: Call) -> str:
    """The query counts more than the body (C17)."""
    shape = call.endpoint.takes
    named = call.query.get("event") or (call.given(shape).get("event") if shape else None)
    return named or ""
