"""The amounts of a document from its lines: what issue, change and settlement have alike."""

from typing import TypeVar

from faktura.core.countries.vat import charges_vat
from faktura.core.documents.lines import texts_of
from faktura.core.documents.record import Document
from faktura.core.documents.totals import Terms, native, priced, totals

D = TypeVar("D", bound=Document)


def terms(document: Document) -> Terms:
    taxed = charges_vat(document.seller.vat_mode, reverse_charge=document.reverse_charge)
    return Terms(document.price_mode, document.tally, taxed, document.round_total, document.exchange_rate)


def add_up(document: D) -> D:
    """The document itself, with its lines priced and all its sums."""
    of_document = terms(document)
    document.lines = tuple(priced(line, of_document) for line in document.lines)
    sums = totals(document.lines, of_document)
    document.net_total, document.vat_total, document.gross_total = sums.net, sums.vat, sums.gross
    document.rounding, document.vat_sums = sums.rounding, sums.vat_sums
    document.native_net_total, document.native_gross_total = sums.native_net, sums.native_gross
    document.line_texts = texts_of(document.lines)
    document.tag_lines = "\n".join(("", *document.tags, "")) if document.tags else ""
    return count_off(document)


def count_off(document: D) -> D:
    """The document itself, with what remains of its total and what is left to pay of that."""
    document.remaining_amount = document.gross_total - document.deducted
    document.native_remaining_amount = native(document.remaining_amount, document.exchange_rate)
    document.left_to_pay = document.remaining_amount - document.paid_amount
    return document
