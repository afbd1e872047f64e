"""The amounts of a document from its lines: what issue, change and settlement have alike."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

import msgspec

from faktura.core.countries.known import country_of
from faktura.core.countries.vat import charges_vat
from faktura.core.documents.lines import texts_of
from faktura.core.documents.record import ONE, UNDER_OSS, ZERO, Deduction, Document, TaxedPart, VatSum
from faktura.core.documents.totals import Terms, native, priced, totals

D = TypeVar("D", bound=Document)


def terms(document: Document) -> Terms:
    taxed = is_taxed(document)
    margin_rate = _margin_rate(document)
    return Terms(document.price_mode, document.tally, taxed, document.round_total, document.exchange_rate, margin_rate)


def is_taxed(document: Document) -> bool:
    """Whether VAT is added: whoever charges that of another country charges it whatever they are at home."""
    return document.kind in UNDER_OSS or charges_vat(document.vat_mode, reverse_charge=document.reverse_charge)


def _margin_rate(document: Document) -> Decimal:
    """The standard rate of the day on which the tax becomes due.

    Articles 41 (1) and 120 (3a) of the Polish VAT act, with its article 146ef (1) 1.
    """
    if all(line.purchase_price is None for line in document.lines):
        return ZERO
    rates = country_of(document.seller.country).rates_on(document.taxed_on)
    return next((rate.percent for rate in rates if rate.band == "standard"), ZERO)


def reprices(old: Document, new: Document) -> bool:
    """Whether the prices of lines mean something else than they did."""
    before, after = terms(old), terms(new)
    return (before.price_mode, before.taxed) != (after.price_mode, after.taxed)


def free_of_vat(document: Document) -> None:
    """Whoever pays no VAT has no rates on the lines."""
    if document.vat_mode != "vat_payer" and document.kind not in UNDER_OSS:
        document.lines = tuple(
            msgspec.structs.replace(line, vat_rate=ZERO) if line.vat_rate else line for line in document.lines
        )


def add_up(document: D) -> D:
    """The document itself, with its lines priced and all its sums."""
    of_document = terms(document)
    document.lines = tuple(priced(line, of_document) for line in document.lines)
    sums = totals(document.lines, of_document)
    document.net_total, document.vat_total, document.gross_total = sums.net, sums.vat, sums.gross
    document.rounding, document.vat_sums = sums.rounding, sums.vat_sums
    document.margin_total, document.margin_vat_total = sums.margin, sums.margin_vat
    document.native_net_total, document.native_gross_total = sums.native_net, sums.native_gross
    document.line_texts = texts_of(document.lines)
    document.tag_lines = "\n".join(("", *document.tags, "")) if document.tags else ""
    return count_off(document)


def count_off(document: D) -> D:
    """The document itself, with what remains of its total and what is left to pay of that."""
    document.remaining_amount = document.gross_total - document.deducted
    document.native_remaining_amount = native(document.remaining_amount, document.exchange_rate)
    document.left_to_pay = document.remaining_amount - document.paid_amount
    return value_natively(document) if document.kind == "final_invoice" else document


def value_natively(final: D) -> D:
    """The document itself, whose native sums count what was taxed before as it was taxed then (decision 24)."""
    if final.exchange_rate in {None, ONE}:
        return final
    taxed: list[Deduction | TaxedPart] = [d for d in final.deductions if d.native_net is not None]
    taxed += [p for link in final.previous_advances for p in link.parts if p.native_net is not None]
    left = {part.vat_rate: [p for p in taxed if p.vat_rate == part.vat_rate] for part in taxed}
    final.vat_sums = tuple(_valued(s, left.pop(s.vat_rate, ()), final.exchange_rate) for s in final.vat_sums)
    net, vat = sum((p.net for p in taxed), ZERO), sum((p.vat for p in taxed), ZERO)
    native_net, native_vat = _natively(taxed)
    final.native_net_total = _worth(final.net_total - net, final.exchange_rate) + native_net
    final.native_gross_total = _worth(final.gross_total - net - vat, final.exchange_rate) + native_net + native_vat
    return final


def _valued(of_rate: VatSum, taxed: Sequence[Deduction | TaxedPart], exchange_rate: Decimal | None) -> VatSum:
    net, vat = sum((p.net for p in taxed), ZERO), sum((p.vat for p in taxed), ZERO)
    native_net, native_vat = _natively(taxed)
    return msgspec.structs.replace(
        of_rate,
        native_net=_worth(of_rate.net - net, exchange_rate) + native_net,
        native_vat=_worth(of_rate.vat - vat, exchange_rate) + native_vat,
    )


def _natively(taxed: Sequence[Deduction | TaxedPart]) -> tuple[Decimal, Decimal]:
    return sum((p.native_net or ZERO for p in taxed), ZERO), sum((p.native_vat or ZERO for p in taxed), ZERO)


def _worth(amount: Decimal, exchange_rate: Decimal | None) -> Decimal:
    return native(amount, exchange_rate) or ZERO
