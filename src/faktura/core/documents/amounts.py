"""The amounts of a document from its lines: what issue, change and settlement have alike."""

from decimal import Decimal

from faktura.core.countries.vat import charges_vat
from faktura.core.documents.lines import texts_of
from faktura.core.documents.totals import Terms, native, priced, totals
from faktura.core.invoices.record import ZERO, Deduction, Invoice


def terms(invoice: Invoice) -> Terms:
    taxed = charges_vat(invoice.seller.vat_mode, reverse_charge=invoice.reverse_charge)
    return Terms(invoice.price_mode, invoice.tally, taxed, invoice.round_total, invoice.exchange_rate)


def add_up(invoice: Invoice) -> Invoice:
    """The document itself, with its lines priced and all its sums."""
    of_document = terms(invoice)
    invoice.lines = tuple(priced(line, of_document) for line in invoice.lines)
    sums = totals(invoice.lines, of_document)
    invoice.net_total, invoice.vat_total, invoice.gross_total = sums.net, sums.vat, sums.gross
    invoice.rounding, invoice.vat_sums = sums.rounding, sums.vat_sums
    invoice.native_net_total, invoice.native_gross_total = sums.native_net, sums.native_gross
    invoice.line_texts = texts_of(invoice.lines)
    invoice.tag_lines = "\n".join(("", *invoice.tags, "")) if invoice.tags else ""
    return count_off(invoice)


def count_off(invoice: Invoice) -> Invoice:
    """The document itself, with what remains of its total and what is left to pay of that."""
    invoice.remaining_amount = invoice.gross_total - invoice.deducted
    invoice.native_remaining_amount = native(invoice.remaining_amount, invoice.exchange_rate)
    invoice.left_to_pay = invoice.remaining_amount - invoice.paid_amount
    return invoice


def deductions_of(tax_document: Invoice) -> tuple[Deduction, ...]:
    """What a final invoice deducts for a tax document: one item a rate (2.6, paid_advances)."""
    return tuple(
        Deduction(
            tax_document.id,
            tax_document.number,
            tax_document.variable_symbol,
            tax_document.paid_on,
            s.vat_rate,
            s.net,
            s.vat,
        )
        for s in tax_document.vat_sums
    )


def sum_of(deductions: tuple[Deduction, ...]) -> Decimal:
    return sum((d.net + d.vat for d in deductions), ZERO)
