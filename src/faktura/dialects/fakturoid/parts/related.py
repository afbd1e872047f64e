"""What events and todos are about (2.0.4), and what else both have."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from faktura.core.books.books import Books
from faktura.core.catalogue import Product
from faktura.core.contacts import Contact
from faktura.core.generators.record import Generator
from faktura.core.invoices.record import Invoice
from faktura.core.received.record import Expense
from faktura.dialects.fakturoid.door.values import INTEGER
from faktura.store.records import Tenant
from faktura.wire.fields import Kind, Shape, list_of, read_only
from faktura.wire.values import choice

RECURRING = "recurring_generators"

TYPES = {
    "invoices": "Invoice",
    "expenses": "Expense",
    "contacts": "Subject",
    "generators": "Generator",
    RECURRING: "RecurringGenerator",
}
"""By table, and of one table by sort, what the contract calls its records."""

CALLED: Mapping[type[Tenant], str] = {
    Invoice: "number",
    Expense: "number",
    Contact: "name",
    Generator: "name",
    Product: "name",
}
"""By sort of record, what it is called by."""

Key = tuple[str, int]
"""The table of a record and its id there."""

Params = dict[str, str | None]

PARAMS = Kind({"type": "object", "additionalProperties": {"type": ["string", "null"]}}, lambda _value: None)


class Related(NamedTuple):
    """A record that something is about."""

    type: str
    id: int


RELATED: Shape[Related, None] = Shape(
    "related_object",
    Related,
    (
        read_only("type", choice(*TYPES.values()), nullable=False),
        read_only("id", INTEGER, nullable=False),
    ),
)

RELATED_OBJECTS = list_of(RELATED)


def shown_related(keys: Iterable[tuple[str, int | None]]) -> list[Any]:
    """Those of the records, by table and id, that the contract knows; what is nobody's is left out."""
    known = [Related(TYPES[kind], record_id) for kind, record_id in dict.fromkeys(keys) if kind in TYPES and record_id]
    return [RELATED.show(one, None) for one in known]


def records_named(books: Books, keys: Collection[Key]) -> dict[Key, Any]:
    """Those of the records that are called something and are there."""
    return {(cls.table_name, one.id): one for cls in CALLED for one in books.some(cls, _ids(cls, keys))}


def called(record: Any) -> str:
    """What it is called; nothing where the contract has no word for its sort."""
    name = CALLED.get(type(record))
    return str(getattr(record, name)) if name else ""


def kind_of(kind: str, record: Any) -> str:
    """The sort that the contract knows: a generator that recurs has one of its own."""
    return RECURRING if getattr(record, "recurring", False) else kind


def _ids(cls: type[Tenant], keys: Collection[Key]) -> list[int]:
    return sorted({record_id for kind, record_id in keys if kind == cls.table_name})
