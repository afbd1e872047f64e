"""What events and todos are about (2.0.4)."""

from collections.abc import Iterable
from typing import NamedTuple

from faktura.dialects.fakturoid.door.values import INTEGER
from faktura.wire.fields import Shape, list_of, read_only
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


def related(keys: Iterable[tuple[str, int | None]]) -> list[Related]:
    """Those of the records, by table and id, that the contract knows; what is nobody's is left out."""
    return [Related(TYPES[kind], record_id) for kind, record_id in keys if kind in TYPES and record_id]
