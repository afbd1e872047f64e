"""What a document shows of its links is a copy on its row, and this is the only place that makes it (decision 22)."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TypeVar

import msgspec

from faktura.core.books.books import Books
from faktura.core.documents.amounts import count_off
from faktura.core.documents.deductions import advance_of, holder, parts_of
from faktura.core.documents.find import Key, documents_at
from faktura.core.documents.links import Link, Links, Part
from faktura.core.documents.record import ZERO, AdvanceLink, Deduction, Document, Payment, TaxedPart
from faktura.core.documents.totals import native

D = TypeVar("D", bound=Document)

Others = Mapping[Key, Document]
"""The documents at the other ends."""

NO_OTHERS: Others = {}


def others_of(books: Books, links: Links) -> dict[Key, Document]:
    keys = {link.to_key for link in links.out} | {link.from_key for link in links.into}
    return documents_at(books, keys)


def show_links(document: D, links: Links, others: Others, now: dt.datetime) -> D:
    """The document itself, with what follows from its links."""
    followed, corrected, before = links.leading("follows"), links.leading("corrects"), links.leading("deducts")
    document.corrected_id = corrected[0].to_id if corrected else None
    document.correction_id = max((link.from_id for link in links.coming("corrects")), default=None)
    document.related_id = followed[0].to_id if followed else _back(document, links)
    document.previous_advance_id = before[-1].to_id if before else None
    document.previous_advances = _chain(document, before, [others[link.to_key] for link in before])
    after = links.coming("deducts")
    document.next_advances = _chain(document, after, [others[link.from_key] for link in after], taking=False)
    document.deductions = tuple(
        d for link in links.leading("settles") for d in _deductions(document, link, others[link.to_key])
    )
    documented = {link.payment_id: link.from_id for link in links.coming("receipts")}
    document.payments = tuple(_documented(payment, documented.get(payment.id), now) for payment in document.payments)
    own = (document.advance_amount or ZERO) if document.kind == "tax_document" else ZERO
    document.deducted = sum((link.amount for link in links.out if link.sort != "receipts"), own)
    return count_off(document)


def _back(document: Document, links: Links) -> int | None:
    """From a tax document to the invoice that settles it, from a proforma to the one that takes off what was paid."""
    settled = links.coming("settles")
    if settled:
        return settled[0].from_id
    followers = links.coming("follows") if document.kind == "proforma" else []
    holding = holder(followers)
    if holding is None:
        return None
    return holding.from_id if holding.amount else followers[-1].from_id


def _chain(
    document: Document, links: Sequence[Link], ends: Sequence[Document], *, taking: bool = True
) -> tuple[AdvanceLink, ...]:
    """Advances at the ends of links; the final invoice that ends a chain took in nothing."""
    return tuple(
        AdvanceLink(d.id, d.uuid, d.number, d.issued_on, link.amount, _taxed_parts(document, d, parts_of(d)))
        if taking
        else AdvanceLink(d.id, d.uuid, d.number, d.issued_on, _taken_in(d))
        for link, d in zip(links, ends, strict=True)
    )


def _taken_in(document: Document) -> Decimal:
    return advance_of(document) if document.kind == "tax_document" else ZERO


def _deductions(document: Document, link: Link, tax_document: Document) -> tuple[Deduction, ...]:
    names = tax_document.id, tax_document.number, tax_document.variable_symbol, tax_document.paid_on
    parts = _taxed_parts(document, tax_document, link.parts)
    return tuple(Deduction(*names, *msgspec.structs.astuple(part)) for part in parts)


def _taxed_parts(document: Document, tax_document: Document, parts: Sequence[Part]) -> tuple[TaxedPart, ...]:
    """With what they were worth when they were taxed, unless the books were kept in another currency then."""
    rate = tax_document.exchange_rate if tax_document.native_currency == document.native_currency else None
    return tuple(TaxedPart(p.vat_rate, p.net, p.vat, native(p.net, rate), native(p.vat, rate)) for p in parts)


def _documented(payment: Payment, tax_document_id: int | None, now: dt.datetime) -> Payment:
    if payment.tax_document_id == tax_document_id:
        return payment
    return msgspec.structs.replace(payment, tax_document_id=tax_document_id, updated_at=now)
