"""What a reader found in a file, and whether it fits together."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from faktura.core.money.amounts import CENT, LARGEST, fine, rounded
from faktura.core.received.received_invoice import ZERO, Enclosed, ReceivedInvoice, ToldLine, ToldRate, Warned
from faktura.core.vat_treatment import VatTreatment

ONE = Decimal(1)

TOLERATED = Decimal(1)
"""By so much VAT may differ from base and rate, as the European standard has it."""

HIGHEST_RATE = Decimal(100)


class Said(NamedTuple):
    """An invoice with amounts as they are written, and the totals that its file names: without VAT, and with it."""

    invoice: ReceivedInvoice
    net: Decimal
    gross: Decimal
    enclosed: tuple[Enclosed, ...] = ()


class Charge(NamedTuple):
    """A rate of VAT, and what is done with it."""

    vat_rate: Decimal
    treatment: VatTreatment


def line_of(
    name: str, charge: Charge, net: Decimal, *, quantity: Decimal | None = None, unit_price: Decimal | None = None
) -> ToldLine:
    """A line; the price of one follows from its net where it is not known, and of next to nothing is the net itself."""
    if quantity and unit_price is None:
        unit_price = fine(net / quantity)
    if not quantity or unit_price is None or abs(unit_price) >= LARGEST:
        quantity, unit_price = ONE, net
    vat_rate, treatment = charge
    return ToldLine(
        name=name, quantity=quantity, unit_price=unit_price, net=net, vat_rate=vat_rate, treatment=treatment
    )


def exchange_rate_of(worth: Decimal | None, units: Decimal | None = ONE) -> Decimal | None:
    """What one unit is worth; None where that is not said, or nothing that money can be worth."""
    rate = fine(worth / units) if worth and units else ZERO
    return rate if 0 < rate < LARGEST else None


def by_rate(rates: Iterable[tuple[Charge, Decimal, Decimal]]) -> tuple[ToldRate, ...]:
    """Net and VAT, once for each rate; those that come to nothing are left out."""
    sums: dict[Charge, tuple[Decimal, Decimal]] = defaultdict(lambda: (ZERO, ZERO))
    for charge, net, vat in rates:
        old_net, old_vat = sums[charge]
        sums[charge] = old_net + net, old_vat + vat
    return tuple(
        ToldRate(vat_rate=charge.vat_rate, treatment=charge.treatment, net=net, vat=vat)
        for charge, (net, vat) in sums.items()
        if net or vat
    )


def signed(said: Said) -> Said:
    """A credit note takes away, however its amounts are written: above zero by the rules, below it by some programs."""
    invoice = said.invoice
    if invoice.sort != "credit_note" or said.gross + invoice.rounding < 0:
        return said
    turned = replace(
        invoice,
        lines=tuple(replace(line, quantity=0 - line.quantity, net=0 - line.net) for line in invoice.lines),
        rates=tuple(replace(rate, net=0 - rate.net, vat=0 - rate.vat) for rate in invoice.rates),
        rounding=0 - invoice.rounding,
        prepaid=0 - invoice.prepaid,
        payable=0 - invoice.payable,
    )
    return said._replace(invoice=turned, net=0 - said.net, gross=0 - said.gross)


def doubts_about(said: Said) -> Iterator[Warned]:
    """What does not fit; nothing is ever put right."""
    invoice = said.invoice
    if not invoice.currency:
        yield Warned("no_currency")
    for rate in invoice.rates:
        if not 0 <= rate.vat_rate <= HIGHEST_RATE:
            yield Warned("unknown_rate", f"{rate.vat_rate} %")
    if not invoice.rates and said.gross:
        yield Warned("unknown_rate")
    for detail in _differences(said):
        yield Warned("sums_differ", detail)


def _differences(said: Said) -> Iterator[str]:
    invoice = said.invoice
    net = sum((rate.net for rate in invoice.rates), ZERO)
    gross = invoice.total - invoice.rounding
    for name, told, found in (
        ("net", said.net, net),
        ("gross", said.gross, gross),
        ("payable", invoice.payable, invoice.total - invoice.prepaid),
    ):
        if told != found:
            yield f"{name}: {told} ≠ {found}"
    for rate in invoice.rates:
        vat = rounded(rate.net * rate.vat_rate / 100) if rate.treatment == "taxed" else ZERO
        if abs(rate.vat - vat) > max(TOLERATED, CENT * len(invoice.lines)):
            yield f"VAT {rate.vat_rate} %: {rate.vat} ≠ {vat}"
    yield from _lines_apart(invoice)


def _lines_apart(invoice: ReceivedInvoice) -> Iterator[str]:
    """Rates whose lines come to something else, by more than a cent for each of them; some files have no lines."""
    if not invoice.lines:
        return
    wanted: dict[Decimal, Decimal] = defaultdict(Decimal)
    for rate in invoice.rates:
        wanted[rate.vat_rate] += rate.net
    found: dict[Decimal, Decimal] = defaultdict(Decimal)
    count: dict[Decimal, int] = defaultdict(int)
    for line in invoice.lines:
        found[line.vat_rate] += line.net
        count[line.vat_rate] += 1
    for vat_rate in {*wanted, *found}:
        if abs(wanted[vat_rate] - found[vat_rate]) > CENT * max(count[vat_rate], 1):
            yield f"{vat_rate} %: {found[vat_rate]} ≠ {wanted[vat_rate]}"
