"""What a reading needs beside the document itself: the look of the firm, what it deducts of others."""

from collections.abc import Iterator, Sequence

import msgspec

from faktura.core.accounts.logo import logo_of
from faktura.core.books.books import Books
from faktura.core.documents.links import Link, links_of
from faktura.core.documents.record import Document, TaxedPart
from faktura.core.documents.showing_links import others_of
from faktura.core.invoices.payment_links import address_to_pay
from faktura.core.invoices.record import Invoice
from faktura.outputs.reading.facts import Advance, Picture, RateSum


class Context(msgspec.Struct, frozen=True):
    """What the document says depends on it. `deducts` are other documents; `logo_hash` stands for the logo.

    `payment_link` is where the customer pays, empty where no such link was made. Other programs are told also which
    proforma brought in the `receipt` of an advance, and of which kind the document was that is corrected.
    """

    deducts: tuple[Advance, ...] = ()
    payment_link: str = ""
    receipt: Advance | None = None
    corrected_kind: str = ""
    logo: Picture | None = None
    logo_hash: str = ""
    colour: str = ""

    @property
    def key(self) -> "Context":
        """What a print is kept under: the same without the bytes of the picture."""
        return msgspec.structs.replace(self, logo=None)


def context_of(books: Books, invoice: Invoice) -> Context:
    pay = address_to_pay(books, invoice)
    return msgspec.structs.replace(look_of(books), payment_link=pay, deducts=deducted_by(books, invoice))


def deducted_by(books: Books, invoice: Invoice) -> tuple[Advance, ...]:
    """What the document takes off for what was paid on others, taxed then or not."""
    if not invoice.deducted:
        return ()
    links = links_of(books, invoice)
    others = others_of(books, links)
    taken = [link for link in links.out if link.amount]
    return (
        *(_taxed(link, others[link.to_key], invoice) for link in taken if link.sort in {"settles", "deducts"}),
        *(_proforma(link, others[link.to_key]) for link in taken if link.sort == "follows"),
    )


def told_context_of(books: Books, invoice: Invoice) -> Context:
    """With what other programs are told, and no reader of paper."""
    context = context_of(books, invoice)
    if invoice.kind == "tax_document":
        links = links_of(books, invoice)
        others = others_of(books, links)
        receipts = [_proforma(link, others[link.to_key]) for link in links.leading("receipts")]
        return msgspec.structs.replace(context, receipt=receipts[0] if receipts else None)
    if invoice.corrected_id is not None:
        corrected = books.look_up(Invoice, id=invoice.corrected_id)
        return msgspec.structs.replace(context, corrected_kind=corrected.kind if corrected else "")
    return context


def look_of(books: Books) -> Context:
    """What stands on every document of the account."""
    account, kept = books.account, logo_of(books)
    logo = Picture(kept.media_type, kept.content) if kept else None
    return Context(logo=logo, logo_hash=account.logo or "", colour=account.colour or "")


def _taxed(link: Link, document: Document, invoice: Invoice) -> Advance:
    """An advance of which VAT was paid, by rate."""
    settled = [d for d in invoice.deductions if d.document_id == document.id]
    chained = [part for a in invoice.previous_advances if a.document_id == document.id for part in a.parts]
    parts = [TaxedPart(d.vat_rate, d.net, d.vat, d.native_net, d.native_vat) for d in settled] or chained
    paid_on = document.taxable_on or document.issued_on
    return Advance(
        number=document.number,
        amount=link.amount,
        paid_on=paid_on,
        variable_symbol=document.variable_symbol or "",
        by_rate=tuple(_by_rate(parts, document)),
    )


def _by_rate(parts: Sequence[TaxedPart], document: Document) -> Iterator[RateSum]:
    """The parts, each of which is one of the document's sums, in their order."""
    for part, own in zip(parts, document.vat_sums, strict=True):
        yield RateSum(
            vat_rate=part.vat_rate,
            vat_treatment=own.vat_treatment,
            net=part.net,
            vat=part.vat,
            native_net=part.native_net,
            native_vat=part.native_vat,
        )


def _proforma(link: Link, document: Document) -> Advance:
    """No VAT was paid of what came in for it."""
    symbol = document.variable_symbol or ""
    return Advance(number=document.number, amount=link.amount, paid_on=document.paid_on, variable_symbol=symbol)
