"""An event as people read it: who did what to which record, and what that changed."""

from collections.abc import Iterable
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.invoices.record import Invoice
from faktura.core.people.users import User
from faktura.core.received.record import Expense
from faktura.web.history.changes import RECORDS, Change, Kept, changes_of, kept_of


class Done(NamedTuple):
    """Something that happened, and by whose hand; nobody's is the program's or the customer's.

    `subject` is what a deleted record was called, or a document that is there.
    """

    happening: Happening
    by: str | None
    changes: list[Change]
    kept: list[Kept]
    subject: str = ""


def done_in(books: Books, happened: Iterable[Happening]) -> list[Done]:
    """The events with the names of who did them and of what they are about."""
    happened = list(happened)
    names = _people(books, happened)
    subjects = _subjects(books, happened)
    return [
        Done(h, names.get(h.user_id or 0), changes_of(h), kept_of(h), subjects.get((h.kind, h.record_id), _gone(h)))
        for h in happened
    ]


def _people(books: Books, happened: list[Happening]) -> dict[int, str]:
    office = Office(books.tx, books.now)
    found = {h.user_id: office.look_up(User, id=h.user_id) for h in happened if h.user_id is not None}
    return {user_id: user.full_name for user_id, user in found.items() if user is not None}


def _subjects(books: Books, happened: list[Happening]) -> dict[tuple[str, int], str]:
    """What records that are there are called, by table and id."""
    called: dict[tuple[str, int], str] = {}
    for kind, cls in RECORDS.items():
        ids = sorted({h.record_id for h in happened if h.kind == kind})
        for found in books.some(cls, ids) if ids else ():
            called[kind, found.id] = getattr(found, _NAMES.get(kind, "name"))
    return called


def _gone(happening: Happening) -> str:
    return str((happening.snapshot or {}).get(_NAMES.get(happening.kind, "name"), ""))


_NAMES = {Invoice.table_name: "number", Expense.table_name: "number"}
