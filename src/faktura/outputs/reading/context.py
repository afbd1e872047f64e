"""What a reading needs beside the document itself: the currency of the books, and what it deducts of others."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

import msgspec

from faktura.core.books.books import Books
from faktura.core.documents.record import ZERO, VatSum
from faktura.core.documents.totals import native, share, vat_inside
from faktura.core.invoices.record import Invoice
from faktura.outputs.reading.facts import Advance, RateSum


class Context(msgspec.Struct, frozen=True):
    """A print is kept under it, as what the document says depends on it. `deducts` are other documents."""

    native_currency: str = "CZK"
    deducts: tuple[Advance, ...] = ()


def context_of(books: Books, invoice: Invoice) -> Context:
    if not invoice.deducted:
        return Context(books.account.currency)
    named = {found.id: found for found in books.some(Invoice, sorted(_ids_named(invoice)))}
    taxed = (*_tax_documents(invoice, named), *_chain(invoice, named))
    return Context(books.account.currency, (*taxed, *_proforma(invoice, taxed, named)))


def own_advance(invoice: Invoice) -> tuple[RateSum, ...]:
    """What an advance invoice took in, by rate: each has the share that it has in the order."""
    if invoice.kind != "tax_document" or not invoice.advance_amount:
        return ()
    return tuple(_shares(invoice.advance_amount, invoice))


def _ids_named(invoice: Invoice) -> set[int]:
    ids = {d.document_id for d in invoice.deductions} | {link.document_id for link in invoice.previous_advances}
    return ids if invoice.related_id is None else {*ids, invoice.related_id}


def _tax_documents(invoice: Invoice, named: Mapping[int, Invoice]) -> Iterator[Advance]:
    """Those of payments, each with its rates; what they come to in the books' currency is written in them."""
    for document_id in dict.fromkeys(d.document_id for d in invoice.deductions):
        rows = [d for d in invoice.deductions if d.document_id == document_id]
        document = named.get(document_id)
        sums = {} if document is None else {(s.vat_rate, s.net, s.vat): s for s in document.vat_sums}
        by_rate = tuple(_rate_sum(sums.get((d.vat_rate, d.net, d.vat)), d.vat_rate, d.net, d.vat) for d in rows)
        amount = sum((d.net + d.vat for d in rows), ZERO)
        paid_on = rows[0].paid_on or (document.taxable_on if document else None)
        yield Advance(number=rows[0].number, amount=amount, paid_on=paid_on, by_rate=by_rate)


def _chain(invoice: Invoice, named: Mapping[int, Invoice]) -> Iterator[Advance]:
    """Advance invoices that went before."""
    for link in invoice.previous_advances:
        document = named.get(link.document_id)
        by_rate = () if document is None else tuple(_shares(link.amount, document))
        paid_on = link.issued_on if document is None else document.taxable_on or link.issued_on
        yield Advance(number=link.number, amount=link.amount, paid_on=paid_on, by_rate=by_rate)


def _proforma(invoice: Invoice, taxed: tuple[Advance, ...], named: Mapping[int, Invoice]) -> Iterator[Advance]:
    """What is deducted besides was paid on a proforma, of which no VAT was due."""
    own = (invoice.advance_amount or ZERO) if invoice.kind == "tax_document" else ZERO
    amount = invoice.deducted - own - sum((advance.amount for advance in taxed), ZERO)
    if amount:
        proforma = named.get(invoice.related_id or 0)
        yield Advance(
            number=proforma.number if proforma else "", amount=amount, paid_on=proforma.paid_on if proforma else None
        )


def _rate_sum(found: VatSum | None, vat_rate: Decimal, net: Decimal, vat: Decimal) -> RateSum:
    return RateSum(
        vat_rate=vat_rate,
        vat_treatment=found.vat_treatment if found else "taxed",
        net=net,
        vat=vat,
        native_net=found.native_net if found else None,
        native_vat=found.native_vat if found else None,
    )


def _shares(amount: Decimal, order: Invoice) -> Iterator[RateSum]:
    """An amount that was paid for an order, by the order's rates; VAT is inside it (art. 106f (1) 3)."""
    parts = share(amount, [s.gross for s in order.vat_sums]) if order.vat_sums else []
    for gross, s in zip(parts, order.vat_sums, strict=True):
        vat = vat_inside(gross, s.vat_rate) if s.vat else ZERO
        yield RateSum(
            vat_rate=s.vat_rate,
            vat_treatment=s.vat_treatment,
            net=gross - vat,
            vat=vat,
            native_net=native(gross - vat, order.exchange_rate),
            native_vat=native(vat, order.exchange_rate),
        )
