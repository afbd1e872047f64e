"""What a document has to do with others: what it corrects, follows, settles or goes on from."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from faktura.core.books.books import Books
from faktura.core.documents.amounts import deductions_of, sum_of
from faktura.core.documents.record import ZERO, AdvanceLink
from faktura.core.errors import Problems
from faktura.core.invoices.record import Invoice
from faktura.store.queries import Condition, Selection
from faktura.store.records import changed


class Relations(NamedTuple):
    """`advances` are the chain that went before, the first first; `settled` are tax documents of payments."""

    original: Invoice | None = None
    proforma: Invoice | None = None
    settled: tuple[Invoice, ...] = ()
    advances: tuple[Invoice, ...] = ()


def find_relations(books: Books, invoice: Invoice, settled_ids: Sequence[int], problems: Problems) -> Relations:
    """The documents that a new one names; what it may not name is a problem."""
    return Relations(
        _original(books, invoice, problems),
        _proforma(books, invoice, problems),
        tuple(_settled(books, invoice, settled_ids, problems)),
        tuple(_advances(books, invoice, problems)),
    )


def deduct(invoice: Invoice, related: Relations) -> None:
    """What was taken in before is taken off: a paid proforma, tax documents, the chain of advances."""
    invoice.deductions = tuple(d for document in related.settled for d in deductions_of(document))
    invoice.previous_advances = tuple(map(link_of, related.advances))
    proforma = ZERO if related.proforma is None else _paid_on(related.proforma)
    own = (invoice.advance_amount or ZERO) if invoice.kind == "tax_document" else ZERO
    chain = sum((link.amount for link in invoice.previous_advances), ZERO)
    invoice.deducted = sum_of(invoice.deductions) + proforma + chain + own


def tie(books: Books, invoice: Invoice, related: Relations) -> Invoice:
    """Let the others point back at a document that was kept just now."""
    if related.original is not None:
        _point(books, related.original, correction_id=invoice.id)
    for document in (related.proforma, *related.settled):
        if document is not None:
            _point(books, document, related_id=invoice.id)
    for advance in related.advances:
        _point(books, advance, next_advances=(*advance.next_advances, link_of(invoice)))
    return invoice


def untie(books: Books, invoice: Invoice) -> None:
    """Let those that a document turned to no longer point back at it; of other corrections the last is pointed at."""
    if invoice.corrected_id is not None and (original := books.look_up(Invoice, id=invoice.corrected_id)):
        others = [c.id for c in pointing_at(books, "corrected_id", original.id) if c.id != invoice.id]
        _point(books, original, correction_id=max(others, default=None))
    pointed_at = {invoice.related_id, *(d.document_id for d in invoice.deductions)}
    for document in books.some(Invoice, [document_id for document_id in pointed_at if document_id is not None]):
        if document.related_id == invoice.id:
            _point(books, document, related_id=None)
    for advance in books.some(Invoice, [link.document_id for link in invoice.previous_advances]):
        links = tuple(link for link in advance.next_advances if link.document_id != invoice.id)
        _point(books, advance, next_advances=links)


def let_go(books: Books, invoice: Invoice) -> None:
    """Let nobody point at a document that is deleted: neither those that it turned to, nor those that turned to it."""
    untie(books, invoice)
    for document in pointing_at(books, "related_id", invoice.id):
        _point(books, document, related_id=None)


def pointing_at(books: Books, attribute: str, invoice_id: int) -> list[Invoice]:
    """The documents that name this one, by `corrected_id` or `related_id`."""
    return books.all(Invoice, Selection((Condition(attribute, "eq", invoice_id),)))


def _point(books: Books, document: Invoice, **values: Any) -> None:
    """Let a document point elsewhere, as it is now: others may have pointed it since it was found."""
    now = books.find(Invoice, document.id)
    books.change(now, changed(now, **values))


def link_of(advance: Invoice) -> AdvanceLink:
    return AdvanceLink(advance.id, advance.uuid, advance.number, advance.issued_on, advance.advance_amount or ZERO)


def _paid_on(proforma: Invoice) -> Decimal:
    return proforma.remaining_amount if proforma.paid_on is not None else proforma.paid_amount


def _settled(books: Books, invoice: Invoice, ids: Sequence[int], problems: Problems) -> list[Invoice]:
    """The tax documents that a final invoice settles: of the same account, and settled by no other."""
    if not ids:
        return []
    found = {document.id: document for document in books.some(Invoice, ids)}
    known = [found[i] for i in dict.fromkeys(ids) if i in found]
    right = [document for document in known if _can_be_settled_by(invoice, document)]
    if len(right) != len(set(ids)) or invoice.kind != "final_invoice":
        problems.add("tax_document_ids", "not_in_list")
    return right


def _can_be_settled_by(invoice: Invoice, document: Invoice) -> bool:
    return document.kind == "tax_document" and document.related_id in {None, invoice.id or None}


def _original(books: Books, invoice: Invoice, problems: Problems) -> Invoice | None:
    """What a correction corrects; without a document of this book, a number that was given tells it."""
    if invoice.kind != "correction":
        invoice.corrected_id = None
        return None
    found = _named(books, invoice)
    if found is None:
        if invoice.corrected_id is not None or invoice.corrected_uuid is not None:
            problems.add("corrected_id", "not_in_list")
        elif not invoice.corrected_number:
            problems.add("corrected_id", "blank")
        return None
    invoice.corrected_id, invoice.corrected_uuid = found.id, found.uuid
    invoice.corrected_number = invoice.corrected_number or found.number
    invoice.corrected_on = invoice.corrected_on or found.issued_on
    invoice.corrected_gross_total = found.gross_total
    _check_dates_before(invoice, found, problems)
    return found


def _check_dates_before(correction: Invoice, original: Invoice, problems: Problems) -> None:
    """A correction of dates tells those that the document has."""
    for before, name in _DATES_BEFORE.items():
        told = getattr(correction, before)
        if told is not None and told != getattr(original, name):
            problems.add(before, "malformed")


_DATES_BEFORE = {
    "sale_date_before": "taxable_on",
    "service_from_before": "service_from",
    "service_until_before": "service_until",
}


def _named(books: Books, correction: Invoice) -> Invoice | None:
    if correction.corrected_id is not None:
        found = books.look_up(Invoice, id=correction.corrected_id)
    elif correction.corrected_uuid is not None:
        found = books.look_up(Invoice, uuid=correction.corrected_uuid)
    elif correction.corrected_number:
        numbered = Selection((Condition("number", "eq", correction.corrected_number),))
        found = next((d for d in books.all(Invoice, numbered) if d.kind not in {"proforma", "correction"}), None)
    else:
        found = None
    return None if found is None or found.kind == "proforma" or found.id == correction.id else found


def _proforma(books: Books, invoice: Invoice, problems: Problems) -> Invoice | None:
    """The proforma that an invoice follows."""
    if invoice.related_id is None:
        return None
    found = books.look_up(Invoice, id=invoice.related_id)
    if found is None or found.id == invoice.id:
        problems.add("related_id", "not_in_list")
        return None
    return found if found.kind == "proforma" else None


def _advances(books: Books, invoice: Invoice, problems: Problems) -> list[Invoice]:
    """The chain of advances that ends with the one named, the first first."""
    if invoice.previous_advance_id is None:
        return []
    last = books.look_up(Invoice, id=invoice.previous_advance_id)
    chain = () if last is None else (last.id, *(link.document_id for link in last.previous_advances))
    if last is None or last.kind != "tax_document" or invoice.id in chain:
        problems.add("previous_advance_id", "not_in_list")
        return []
    earlier = {d.id: d for d in books.some(Invoice, [link.document_id for link in last.previous_advances])}
    return [*(earlier[link.document_id] for link in last.previous_advances if link.document_id in earlier), last]
