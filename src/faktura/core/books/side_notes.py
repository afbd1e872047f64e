"""What one door remembers beside a record: stored here, never read by the business."""

from collections.abc import Mapping
from typing import Any

from faktura.core.books.books import Books
from faktura.store.records import KindIn, Shared, Tenant, changed, record, unique


@record(
    "side_notes",
    unique("account_id", "door", "kind", "record_id"),
    paged=False,
    remembers={"record_id": KindIn("kind")},
)
class SideNote(Tenant):
    """`kind` is the table of the record that the note lies beside."""

    door: str
    kind: str
    record_id: int
    values: dict[str, Any]


def noted(books: Books, door: str, record: Tenant | Shared) -> dict[str, Any]:
    """What the door wrote beside the record."""
    note = books.look_up(SideNote, door=door, kind=record.table_name, record_id=record.id)
    return note.values if note else {}


def note(books: Books, door: str, record: Tenant | Shared, values: Mapping[str, Any]) -> None:
    """Write values beside the record; others that are there stay."""
    old = books.look_up(SideNote, door=door, kind=record.table_name, record_id=record.id)
    if old is not None:
        books.change(old, changed(old, values=old.values | dict(values)))
    elif values:
        books.add(SideNote, door=door, kind=record.table_name, record_id=record.id, values=dict(values))
