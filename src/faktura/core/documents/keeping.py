"""Write a changed document down: with its status, and with all that other documents show and take off of it."""

import datetime as dt
from collections.abc import Iterable
from typing import TypeVar

from faktura.core.books.books import Books
from faktura.core.books.history import Event, EventName, differences
from faktura.core.documents.deductions import allot
from faktura.core.documents.links import links_of
from faktura.core.documents.record import Document
from faktura.core.documents.showing_links import others_of, show_links
from faktura.core.documents.status import follow_money, write_status
from faktura.store.records import changed, differing

D = TypeVar("D", bound=Document)


def keep_change(books: Books, old: D, new: D, event: EventName = "invoice_changed") -> D:
    """Write a changed document down, and what follows from it for others."""
    kept = books.change(old, write_status(new, books.today))
    if kept is old:
        return old
    books.note_event(Event(event, kept, differences(old, kept)))
    concerns_others = _SHOWN_BY_OTHERS.intersection(differing(old, kept)) and any(links_of(books, kept))
    return spread(books, kept) if concerns_others else kept


def spread(books: Books, document: D, *more: int) -> D:
    """Let all that a document is linked with, and `more`, show it and take off of it as it is now."""
    links = links_of(books, document)
    allot(books, document, links)
    for receipt in links.leading("receipts"):
        proforma = books.look_up(type(document), id=receipt.to_id)
        if proforma is not None:
            of_proforma = links_of(books, proforma)
            allot(books, proforma, of_proforma)
            more = (*more, *(link.from_id for link in of_proforma.coming("follows")))
    for link in (*links.out, *links.into):
        other = link.to_id if link.from_id == document.id else link.from_id
        more = (*more, other)
    for other_id in dict.fromkeys(more):
        _show_again(books, type(document), other_id)
    return _show_again(books, type(document), document.id) or document


def _show_again(books: Books, cls: type[D], document_id: int) -> D | None:
    """Make the copy of a document's links again; one that it brings to an end or opens is shown by others so, too."""
    old = books.look_up(cls, id=document_id)
    if old is None:
        return None
    links = links_of(books, old)
    others = others_of(books, old, links)
    new = show_links(changed(old), links, others, books.now)
    if new == old:
        return old
    follow_money(old, new, paid_on_of(books, new, others.values()))
    kept = books.change(old, write_status(new, books.today))
    if (kept.paid_on is None) != (old.paid_on is None):
        event: EventName = "invoice_restated" if kept.paid_on is None else "invoice_paid"
        books.note_event(Event(event, kept, differences(old, kept)))
        if links.into:
            spread(books, kept)
            return books.look_up(cls, id=document_id)
    return kept


def paid_on_of(books: Books, document: Document, others: Iterable[Document]) -> dt.date:
    """The day on which the last money came in: for a document, or for those that it takes off."""
    days = [payment.paid_on for payment in document.payments]
    return max([*days, *(other.paid_on for other in others if other.paid_on is not None)], default=books.today)


_SHOWN_BY_OTHERS = frozenset(
    {
        *("number", "uuid", "issued_on", "variable_symbol", "paid_on", "paid_amount", "remaining_amount"),
        *("advance_amount", "gross_total", "vat_sums", "payments", "cancelled_at"),
    }
)
