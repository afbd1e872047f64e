"""What was sold (FaWiersz), and what was ordered (ZamowienieWiersz), whose fields end with a Z."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from faktura.core.documents.record import UNDER_OSS, ZERO, Line
from faktura.core.invoices.record import Invoice
from faktura.outputs.e_invoices.fa3.rates import MARGIN, TAXED, Rate, rate_of
from faktura.outputs.e_invoices.fa3.told import ADVANCES, Told
from faktura.outputs.e_invoices.numbers import cents, number
from faktura.outputs.reading.texts import in_one_line
from faktura.xml import Node

PROCEDURES = ("WSTO_EE", "IED", "TT_D", "I_42", "I_63", "B_SPV", "B_SPV_DOSTAWA", "B_MPV_PROWIZJA")
"""Markings of a document that rows have, too."""

ON_ORDERS = frozenset(PROCEDURES) - {"I_42", "I_63"}


class Ordered(NamedTuple):
    """What an order comes to, or how a correction changes that; of its lines some say what was `before`."""

    of: Invoice
    worth: Decimal
    lines: list[tuple[Line, bool]]


def add_rows(parent: Node, told: Told) -> None:
    """An advance has an order instead."""
    if told.kind in ADVANCES:
        return
    for place, line in enumerate(told.invoice.lines, 1):
        _add_row(parent.add("FaWiersz"), place, line, told)


def add_order(parent: Node, told: Told) -> None:
    """What an advance is of. A correction that leaves the order alone says so: it shows each line as it was and is."""
    if told.kind in ADVANCES and told.order is not None and (ordered := _ordered(told, told.order)).lines:
        node = parent.add("Zamowienie")
        node.add("WartoscZamowienia", cents(ordered.worth))
        for place, (line, is_before) in enumerate(ordered.lines, 1):
            _add_ordered(node.add("ZamowienieWiersz"), place, line, ordered.of, is_before=is_before)


def _ordered(told: Told, order: Invoice) -> Ordered:
    invoice = told.invoice
    if told.kind == "ZAL":
        return Ordered(order, order.gross_total, [(line, False) for line in order.lines])
    if any(line.after is not None for line in invoice.lines):
        return Ordered(invoice, invoice.gross_total, [(line, line.after is False) for line in invoice.lines])
    return Ordered(order, ZERO, [(line, is_before) for line in order.lines for is_before in (True, False)])


def _add_row(row: Node, place: int, line: Line, told: Told) -> None:
    invoice = told.invoice
    rate = rate_of(invoice, line.vat_rate, line.vat_treatment)
    row.add("NrWierszaFa", str(place))
    _add_goods(row, line, "")
    if rate == MARGIN or _has_gross_price(invoice, line, rate):
        row.add("P_9B", number(line.unit_gross_price))
        row.add("P_11A", cents(line.gross))
        if rate != MARGIN:
            row.add("P_11Vat", cents(line.vat))
    else:
        row.add("P_9A", number(line.unit_net_price))
        row.add("P_11", cents(line.net))
    _add_rate(row, line, rate, invoice, "")
    row.add_known("GTU", in_one_line(line.gtu))
    row.add_known("Procedura", _procedure(invoice, PROCEDURES))
    if told.is_foreign and invoice.kind not in UNDER_OSS and invoice.exchange_rate is not None:
        row.add("KursWaluty", number(invoice.exchange_rate))
    if line.after is False:
        row.add("StanPrzed", "1")


def _add_ordered(row: Node, place: int, line: Line, order: Invoice, *, is_before: bool) -> None:
    row.add("NrWierszaZam", str(place))
    _add_goods(row, line, "Z")
    row.add("P_9AZ", number(line.unit_net_price))
    row.add("P_11NettoZ", cents(line.net))
    row.add("P_11VatZ", cents(line.vat))
    _add_rate(row, line, rate_of(order, line.vat_rate, line.vat_treatment), order, "Z")
    row.add_known("GTUZ", in_one_line(line.gtu))
    row.add_known("ProceduraZ", _procedure(order, ON_ORDERS))
    if is_before:
        row.add("StanPrzedZ", "1")


def _add_goods(row: Node, line: Line, end: str) -> None:
    row.add_known(f"P_7{end}", in_one_line(line.name))
    row.add_known(f"Indeks{end}", in_one_line(line.item_code))
    row.add_known(f"GTIN{end}", in_one_line(line.gtin))
    for name, code in (("PKWiU", line.pkwiu), ("CN", line.cn), ("PKOB", line.pkob)):
        row.add_known(f"{name}{end}", in_one_line(code))
    row.add_known(f"P_8A{end}", in_one_line(line.unit))
    row.add(f"P_8B{end}", number(line.quantity))


def _add_rate(row: Node, line: Line, rate: Rate | None, invoice: Invoice, end: str) -> None:
    """Under split payment that the law requires, what is taxed at home is of annex 15."""
    if invoice.kind in UNDER_OSS:
        row.add(f"P_12{end}_XII", number(line.vat_rate))
    elif rate is not None:
        row.add_known(f"P_12{end}", rate.name)
    if rate in TAXED.values() and needs_split_payment(invoice):
        row.add(f"P_12{end}_Zal_15", "1")


def needs_split_payment(invoice: Invoice) -> bool:
    return invoice.split_payment and invoice.split_payment_kind == "required"


def _has_gross_price(invoice: Invoice, line: Line, rate: Rate | None) -> bool:
    """Whether its VAT was computed from a price that holds it (art. 106e (7))."""
    is_taxed = rate is not None and rate.has_tax and bool(line.vat_rate)
    return is_taxed and invoice.price_mode == "from_total_with_vat" and line.basis in {"unit", "gross"}


def _procedure(invoice: Invoice, known: Iterable[str]) -> str:
    """The first that it is marked with; of sales under the one-stop shop there is one of its own."""
    marked = [marking for marking in invoice.document_markings if marking in known]
    return next(iter(marked), "WSTO_EE" if invoice.kind in UNDER_OSS else "")
