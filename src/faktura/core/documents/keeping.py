"""Write a new or changed document down: with its status, and with all that other documents show and take off of it."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import TypeVar

from faktura.core.books.books import Books
from faktura.core.books.history import DocumentEvent, Event, differences, named_event
from faktura.core.books.uses import remove_whole
from faktura.core.documents.attachments import GivenFile, attach
from faktura.core.documents.deductions import allot
from faktura.core.documents.find import Key, document_at
from faktura.core.documents.links import NO_LINKS, Links, links_of
from faktura.core.documents.record import Document
from faktura.core.documents.showing_links import NO_OTHERS, Others, others_of, show_links
from faktura.core.documents.status import follow_money, write_status
from faktura.core.documents.stock import restock
from faktura.core.documents.to_do import follow_status
from faktura.core.errors import InUse, Invalid
from faktura.store.records import changed, differing

D = TypeVar("D", bound=Document)


def name_new(books: Books, new: Document, files: Sequence[GivenFile] = ()) -> None:
    """Give a new document its id before it is written, and keep the files that lie beside it."""
    new.id = books.tx.next_id(type(new))
    new.attachments = attach(books, new, files)


def write_new(
    books: Books,
    new: D,
    happened: DocumentEvent,
    links: Links = NO_LINKS,
    others: Others = NO_OTHERS,
    *,
    scan: D | None = None,
) -> D:
    """Write a new document down, with what it shows and takes off by its links; what was its `scan` is it now."""
    show_links(new, links, others, books.now)
    if new.paid_on is not None:
        new.stage = "paid"
    follow_money(None, new, paid_on_of(books, new, others.values()))
    restock(books, None, new)
    write_status(new, books.today)
    if scan is not None:
        books.change(scan, new)
    elif new.id:
        books.tx.insert(new)
    else:
        books.tx.add(new)
    books.note_event(Event(named_event(new.noun, happened), new))
    follow_status(books, None, new)
    return spread(books, new) if others else new


def keep_change(books: Books, old: D, new: D, happened: DocumentEvent = "changed", letter_id: int | None = None) -> D:
    """Write a changed document down, and what follows from it for others; a letter is noted whatever it changed."""
    restock(books, old, new)
    kept = books.change(old, write_status(new, books.today))
    if kept is old and letter_id is None:
        return old
    _note(books, old, kept, happened, letter_id)
    concerns_others = _SHOWN_BY_OTHERS.intersection(differing(old, kept)) and any(links_of(books, kept))
    return spread(books, kept) if concerns_others else kept


def remove_document(books: Books, document: Document) -> None:
    """Remove a document with all that belongs to it, and give back what it moved in stock.

    Raises:
        InUse: what came in by it has gone out since.

    """
    try:
        restock(books, document, None)
    except Invalid:
        raise InUse(document.table_name) from None
    remove_whole(books, document)


def spread(books: Books, document: D, *more: Key) -> D:
    """Let all that a document is linked with, and `more`, show it and take off of it as it is now."""
    links = links_of(books, document)
    allot(books, document, links)
    for receipt in links.leading("receipts"):
        proforma = document_at(books, receipt.to_key)
        if proforma is not None:
            of_proforma = links_of(books, proforma)
            allot(books, proforma, of_proforma)
            more = (*more, *(link.from_key for link in of_proforma.coming("follows")))
    more = (*more, *(link.beyond(document) for link in (*links.out, *links.into)))
    for key in dict.fromkeys(more):
        if (other := document_at(books, key)) is not None:
            _show_again(books, other)
    now = books.look_up(type(document), id=document.id)
    return document if now is None else _show_again(books, now)


def spread_from(books: Books, keys: Iterable[Key]) -> None:
    """The same from other documents, each as it is when its turn comes; a link led to them, now or before."""
    for key in dict.fromkeys(keys):
        if (document := document_at(books, key)) is not None:
            spread(books, document)


def _show_again(books: Books, old: D) -> D:
    """Make the copy of a document's links again; one that it brings to an end or opens is shown by others so, too."""
    links = links_of(books, old)
    others = others_of(books, links)
    new = show_links(changed(old), links, others, books.now)
    if new == old:
        return old
    follow_money(old, new, paid_on_of(books, new, others.values()))
    kept = books.change(old, write_status(new, books.today))
    if (kept.paid_on is None) != (old.paid_on is None):
        _note(books, old, kept, "restated" if kept.paid_on is None else "paid")
        if links.into:
            return spread(books, kept)
    return kept


def _note(books: Books, old: Document, kept: Document, happened: DocumentEvent, letter_id: int | None = None) -> None:
    books.note_event(Event(named_event(kept.noun, happened), kept, differences(old, kept), letter_id=letter_id))
    follow_status(books, old, kept)


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
