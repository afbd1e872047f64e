"""A resource on the wire is declared once: how each field is read, shown and described follows from that."""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Any, Generic, Literal, TypeVar

import msgspec

from faktura.core.errors import Code, Given, Problem

T = TypeVar("T")
V = TypeVar("V")

Access = Literal["read", "write", "both"]


class Unreadable(Exception):  # noqa: N818 (says what a value is)
    """A value that is not of the field's kind; there may be several things wrong with it."""

    def __init__(self, *codes: Code) -> None:
        super().__init__(*codes)
        self.problems = [Problem(code) for code in codes]


class Kind(msgspec.Struct, frozen=True):
    """How values of one kind travel.

    `read` turns a JSON value other than null into a value of the core or raises Unreadable; `show` does the reverse,
    and is left out where values travel as they are. `absent` is what stands for no value at all. `schema` describes
    what is answered (JSON Schema). A value that is a list of resources names their `shape`, and what can be `made`
    of each before the transaction. Values that are shown as other texts than they are kept in are sorted `as_text`.
    """

    schema: Mapping[str, Any]
    read: Callable[[Any], Any]
    show: Callable[[Any], Any] | None = None
    shape: "Shape[Any, Any] | None" = None
    absent: Any = None
    made: Callable[[Given], Given] | None = None
    as_text: tuple[tuple[str, str], ...] = ()


class Field(msgspec.Struct, frozen=True):
    """One field of a resource.

    `core` is the record's attribute, with dots where it lies deeper. `showing` computes the value from the record and
    the door's view where no single attribute holds it; `reading` does the reverse and gives several attributes.
    """

    name: str
    kind: Kind
    core: str = ""
    access: Access = "both"
    nullable: bool = True
    required: bool = False
    showing: Callable[[Any, Any], Any] | None = None
    reading: Callable[[Any], Mapping[str, Any]] | None = None

    @property
    def attribute(self) -> str:
        return self.core or self.name


class ReadAhead(list[Any]):
    """A list in a body whose resources were read; who takes them may change them, so that they are taken once."""

    def __init__(self, sent: list[Any], shape: "Shape[Any, Any] | None", given: list[Given]) -> None:
        super().__init__(sent)
        self._shape = shape
        self._given: list[Given] | None = given

    def take(self, shape: "Shape[Any, Any]") -> list[Given] | None:
        given, self._given = self._given if self._shape is shape else None, None
        return given


class Shape(Generic[T, V]):
    """A resource as one dialect spells it; `V` is what the door tells about the request, links above all.

    `record` is what it is made from: a record, or a tuple of records that are joined. `example` is what somebody would
    send to make one, for the document.
    """

    def __init__(
        self, name: str, record: type[T], fields: tuple[Field, ...], *, example: Mapping[str, Any] | None = None
    ) -> None:
        self.name = name
        self.record = record
        self.fields = fields
        self.example = example
        shown = [field for field in fields if field.access != "write"]
        held = [field for field in shown if field.showing is None]
        self._order = dict.fromkeys(field.name for field in shown)
        self._held = [field.name for field in held]
        self._values_of = _getter([field.attribute for field in held])
        self._spelled = [spelled for field in held if (spelled := _spelled_by(field)) is not None]
        self._nested = [(f.name, f.kind.shape) for f in held if f.kind.shape is not None]
        self._computed = [(f.name, f.showing) for f in shown if f.showing is not None]
        self._readable = [(f.name, f.attribute, f.kind.read, f.reading) for f in fields if f.access != "read"]
        self.written = frozenset(f.name for f in fields if f.access != "read")
        # What is refused was sent: of two fields for one attribute, not by the one that is only answered.
        sendable_last = sorted(fields, key=lambda field: field.access != "read")
        self._spelling = {field.attribute: field.name for field in sendable_last}
        self._lists = [(f.name, f.kind) for f in fields if f.access != "read" and f.kind.shape is not None]
        self._inner = {field.attribute: field.kind.shape for field in fields if field.kind.shape is not None}

    def show(self, record: T, view: V) -> dict[str, Any]:
        """The resource in the order of its fields; attributes are taken together, and spelled where they need it."""
        shown: dict[str, Any] = self._order.copy()
        shown.update(zip(self._held, self._values_of(record), strict=True))
        for name, spell, absent in self._spelled:
            shown[name] = absent if (value := shown[name]) is None else spell(value)
        for name, shape in self._nested:
            shown[name] = [shape.show(inner, view) for inner in shown[name]]
        for name, showing in self._computed:
            shown[name] = showing(record, view)
        return shown

    def read(self, body: Mapping[str, Any]) -> Given:
        """Values by attribute of the core; what the resource does not know or does not let change is passed over.

        Of two fields for one attribute the one declared later wins.
        """
        given = Given()
        for name, attribute, read_value, reading in self._readable:
            if name not in body:
                continue
            value = body[name]
            try:
                read = None if value is None else read_value(value)
            except Unreadable as unreadable:
                given.unread[attribute] = unreadable.problems
                continue
            if reading is not None:
                given.update(reading(read))
            else:
                given[attribute] = read
        return given

    def read_ahead(self, body: dict[str, Any]) -> None:
        """Read the resources inside a body, which may be many, before `read` asks for them."""
        for name, kind in self._lists:
            value = body.get(name)
            if isinstance(value, list):
                with contextlib.suppress(Unreadable):
                    given = kind.read(value)
                    body[name] = ReadAhead(value, kind.shape, [kind.made(one) for one in given] if kind.made else given)

    def spelled(self, attribute: str) -> str:
        """The field's name for an attribute of the core; one of inner resources has theirs before a dot."""
        outer, dot, inner = attribute.partition(".")
        if dot and (shape := self._inner.get(outer)) is not None:
            return f"{self._spelling[outer]}.{shape.spelled(inner)}"
        return self._spelling.get(attribute, attribute)

    def has(self, attribute: str) -> bool:
        """Whether a field of it, or of an inner resource, is that attribute of the core."""
        outer, dot, inner = attribute.partition(".")
        shape = self._inner.get(outer) if dot else None
        return attribute in self._spelling if shape is None else shape.has(inner)


def read_only(
    name: str, kind: Kind, core: str = "", *, nullable: bool = True, showing: Callable[[Any, Any], Any] | None = None
) -> Field:
    """A field that is answered and passed over in requests."""
    return Field(name, kind, core, "read", nullable, showing=showing)


def list_of(shape: Shape[Any, Any], *, given: bool = False, made: Callable[[Given], Given] | None = None) -> Kind:
    """Resources inside a resource; where they may be `given`, each is read into a Given of its own.

    `made` is what the core can do with one by itself, which is done ahead where there are many.
    """

    def refuse(_value: Any) -> Any:
        raise Unreadable("immutable")

    def read(value: Any) -> list[Given]:
        if isinstance(value, ReadAhead) and (given := value.take(shape)) is not None:
            return given
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise Unreadable("malformed")
        return [shape.read(item) for item in value]

    return Kind({"type": "array"}, read if given else refuse, shape=shape, made=made)


def _getter(attributes: list[str]) -> Callable[[Any], Iterable[Any]]:
    """What takes the values of all attributes of a record, also where there is one or none."""
    if len(attributes) > 1:
        return attrgetter(*attributes)
    return lambda record: [attrgetter(name)(record) for name in attributes]


def _spelled_by(field: Field) -> tuple[str, Callable[[Any], Any], Any] | None:
    """How a value that does not travel as it is is spelled, and what stands for none."""
    kind = field.kind
    if kind.shape is not None or (kind.show is None and kind.absent is None):
        return None
    return field.name, kind.show or (lambda value: value), kind.absent
