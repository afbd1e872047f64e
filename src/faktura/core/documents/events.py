"""What can happen to a document besides changes and payments: locks, and a status that moves with time."""

import functools
from collections.abc import Callable, Mapping
from typing import Any, Generic, NamedTuple, TypeVar

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.history import DocumentEvent
from faktura.core.books.office import Office
from faktura.core.countries.known import day_in
from faktura.core.documents.find import sorts
from faktura.core.documents.keeping import keep_change
from faktura.core.documents.record import Document
from faktura.store.queries import Condition, Selection
from faktura.store.records import changed
from faktura.store.statements import Query

D = TypeVar("D", bound=Document)


class Firing(NamedTuple, Generic[D]):
    """When it may happen, which instant it sets or clears, and what the history calls it."""

    is_allowed: Callable[[D], bool]
    instant: str
    noted: DocumentEvent
    clears: bool = False


def allowed_now(document: D, firings: Mapping[str, Firing[D]]) -> list[str]:
    """Those of the events that may happen to a document now; what is locked can only be unlocked."""
    open_to = firings if document.locked_at is None else ("unlock",)
    return [event for event in open_to if firings[event].is_allowed(document)]


def let_happen(books: Books, old: D, firing: Firing[D]) -> D:
    value: dict[str, Any] = {firing.instant: None if firing.clears else books.now}
    return keep_change(books, old, changed(old, **value), firing.noted)


def restate_due(books: Books, most: int = 500) -> bool:
    """Bring the status of documents up to today: due dates pass, or a clock was moved back; whether more are left."""
    today, left = books.today, False
    late = Selection((Condition("status", "in", ("open", "sent")), Condition("due_on", "lt", today)))
    early = Selection((Condition("status", "eq", "overdue"), Condition("due_on", "gteq", today)))
    for cls in sorts():
        found = [stamp[0] for chosen in (late, early) for stamp in books.stamps(cls, chosen, most + 1, 0)]
        for old in books.some(cls, found[:most]):
            keep_change(books, old, changed(old), "overdue" if old.due_on < today else "restated")
        left |= len(found) > most
    return left


def accounts_to_restate(office: Office) -> list[int]:
    """Those with a document whose status is not that of today; it is the same day wherever they are."""
    today = day_in("CZ", office.now)
    return sorted({row[0] for cls in sorts() for row in office.tx.rows(_to_restate(cls), today=today)})


@functools.cache
def _to_restate(cls: type[Document]) -> Query:
    c = cls.table.c
    today = sa.bindparam("today", type_=c.due_on.type)
    late = ((c.status == "open") | (c.status == "sent")) & (c.due_on < today)
    early = (c.status == "overdue") & (c.due_on >= today)
    return Query(sa.select(c.account_id).where(late | early).distinct())


def _is_locked(document: Document) -> bool:
    return document.locked_at is not None


LOCKS: Mapping[str, Firing[Any]] = {
    "lock": Firing(lambda document: not _is_locked(document), "locked_at", "locked"),
    "unlock": Firing(_is_locked, "locked_at", "unlocked", clears=True),
}
"""By event."""
