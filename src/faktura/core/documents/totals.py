"""What lines, rates and documents come to: pure functions on Decimal (2.6.6 of the contract; EN 16931, BR-CO-17)."""

import functools
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple

import msgspec

from faktura.core.documents.record import ZERO, Basis, Line, PriceMode, Tally, VatSum
from faktura.core.money.amounts import fine, rounded

HUNDRED = Decimal(100)
UNIT = Decimal(1)

_Priced = tuple[Decimal, Decimal, Decimal, Decimal]
"""Net and gross of one unit, net and VAT of the line."""

PRICES_KEPT = 2048
"""Those of two of the longest documents, so that what was computed before a writer's turn is looked up in it."""


class Terms(NamedTuple):
    """What a document says of all its lines: `taxed` is false where no VAT is computed, whatever the lines say.

    `margin_rate` is that of the VAT which is inside a margin.
    """

    price_mode: PriceMode = "without_vat"
    tally: Tally = "by_rate"
    taxed: bool = True
    round_total: bool = False
    exchange_rate: Decimal | None = UNIT
    margin_rate: Decimal = ZERO


class Totals(NamedTuple):
    net: Decimal
    vat: Decimal
    gross: Decimal
    rounding: Decimal
    native_net: Decimal | None
    native_gross: Decimal | None
    vat_sums: tuple[VatSum, ...]
    margin: Decimal
    margin_vat: Decimal


def priced(line: Line, terms: Terms) -> Line:
    """The line with all that follows from its price, its quantity and its rate."""
    rate = line.vat_rate if terms.taxed and line.vat_treatment == "taxed" else ZERO
    mode: PriceMode = terms.price_mode if rate else "without_vat"
    per_unit = line.unit_net_price if line.basis == "net" else ZERO
    unit_net, unit_gross, net, vat = _prices(
        line.basis, mode, line.entered, line.quantity, per_unit, rate, line.additional
    )
    margin, margin_vat = _margin(line, net + vat, terms)
    at_home = terms.exchange_rate == UNIT
    return msgspec.structs.replace(
        line,
        unit_net_price=unit_net,
        unit_gross_price=unit_gross,
        net=net,
        vat=vat,
        gross=net + vat,
        margin=margin,
        margin_vat=margin_vat,
        native_net=net if at_home else native(net, terms.exchange_rate),
        native_vat=vat if at_home else native(vat, terms.exchange_rate),
    )


def totals(lines: Sequence[Line], terms: Terms) -> Totals:
    """The sums of priced lines; of a pair that a correction changes, what was before counts negative."""
    vat_sums = tuple(_vat_sums(lines, terms))
    net = sum((s.net for s in vat_sums), ZERO)
    vat = sum((s.vat for s in vat_sums), ZERO)
    exact = net + vat
    gross = rounded(exact, UNIT) if terms.round_total else exact
    return Totals(
        net,
        vat,
        gross,
        gross - exact,
        native(net, terms.exchange_rate),
        native(gross, terms.exchange_rate),
        vat_sums,
        sum((sign(line) * line.margin for line in lines), ZERO),
        sum((sign(line) * line.margin_vat for line in lines), ZERO),
    )


def native(amount: Decimal, exchange_rate: Decimal | None) -> Decimal | None:
    """An amount in the account's currency."""
    return None if exchange_rate is None else rounded(amount * exchange_rate)


def share(amount: Decimal, parts: Sequence[Decimal]) -> list[Decimal]:
    """An amount split in the proportion of the parts, to the cent; the last part that is not zero takes what is left.

    Parts that come to nothing let the first take all.
    """
    whole = sum(parts, ZERO)
    if not whole:
        return [amount, *[ZERO] * (len(parts) - 1)]
    shares = [rounded(amount * part / whole) for part in parts]
    last = max(n for n, part in enumerate(parts) if part)
    shares[last] += amount - sum(shares, ZERO)
    return shares


def sign(line: Line) -> int:
    return -1 if line.after is False else 1


def vat_inside(gross: Decimal, rate: Decimal) -> Decimal:
    """The VAT that a price holds."""
    return rounded(gross * rate / (HUNDRED + rate))


def _margin(line: Line, gross: Decimal, terms: Terms) -> tuple[Decimal, Decimal]:
    """The margin and the VAT inside it, which is no part of the base (art. 119 (1) and 120 (4) of the Polish VAT act).

    Where nothing was gained there is none, as no base is below zero; only paragraph 5 adds margins up. What is spent on
    travel outside the EU, and what is exported, bears 0 % (art. 119 (7) and (8), 120 (20)).
    """
    if line.purchase_price is None:
        return ZERO, ZERO
    margin = gross - line.purchase_price
    is_taxed = terms.taxed and not line.margin_zero_rated and margin > 0
    return margin, vat_inside(margin, terms.margin_rate) if is_taxed else ZERO


def _vat_sums(lines: Sequence[Line], terms: Terms) -> Iterable[VatSum]:
    """By rate and treatment, in the order of their first lines."""
    groups: dict[tuple[Decimal, str], list[Line]] = {}
    for line in lines:
        groups.setdefault((line.vat_rate, line.vat_treatment), []).append(line)
    for (rate, _), members in groups.items():
        treatment = members[0].vat_treatment
        net, vat = _sum_of(members, rate if terms.taxed and treatment == "taxed" else ZERO, terms)
        yield VatSum(rate, treatment, net, vat, native(net, terms.exchange_rate), native(vat, terms.exchange_rate))


def _sum_of(lines: Sequence[Line], rate: Decimal, terms: Terms) -> tuple[Decimal, Decimal]:
    net = sum((sign(line) * line.net for line in lines), ZERO)
    if terms.tally == "by_line":
        return net, sum((sign(line) * line.vat for line in lines), ZERO)
    if terms.price_mode == "without_vat" or not rate:
        return net, rounded(net * rate / HUNDRED)
    gross = sum((sign(line) * line.gross for line in lines), ZERO)
    vat = vat_inside(gross, rate)
    return gross - vat, vat


@functools.lru_cache(maxsize=PRICES_KEPT)
def _prices(
    basis: Basis, mode: PriceMode, entered: Decimal, quantity: Decimal, per_unit: Decimal, rate: Decimal, more: Decimal
) -> _Priced:
    """`per_unit` is the net price of one unit where the net of the whole line was entered, or zero.

    What is charged `more` enlarges the base (article 78 of directive 2006/112/EC); a gross price holds it already.
    """
    unit_net, unit_gross, net, vat = _PRICINGS[basis, mode](entered, quantity, per_unit, rate)
    if more and basis == "gross":
        unit_net = _of_one(net - more, quantity)
        unit_gross = unit_net * (HUNDRED + rate) / HUNDRED
    elif more:
        net += more
        vat = rounded(net * rate / HUNDRED)
    return fine(unit_net), fine(unit_gross), net, vat


def _by_net_unit(entered: Decimal, quantity: Decimal, _per_unit: Decimal, rate: Decimal) -> _Priced:
    net = rounded(entered * quantity)
    return entered, entered * (HUNDRED + rate) / HUNDRED, net, rounded(net * rate / HUNDRED)


def _by_gross_unit(entered: Decimal, quantity: Decimal, _per_unit: Decimal, rate: Decimal) -> _Priced:
    gross = rounded(entered * quantity)
    vat = vat_inside(gross, rate)
    return entered - vat_inside(entered, rate), entered, gross - vat, vat


def _by_net(entered: Decimal, quantity: Decimal, per_unit: Decimal, rate: Decimal) -> _Priced:
    net = rounded(entered)
    unit = per_unit or _of_one(net, quantity)
    return unit, unit * (HUNDRED + rate) / HUNDRED, net, rounded(net * rate / HUNDRED)


def _by_gross(entered: Decimal, quantity: Decimal, _per_unit: Decimal, rate: Decimal) -> _Priced:
    gross = rounded(entered)
    net = rounded(gross * HUNDRED / (HUNDRED + rate))
    return _of_one(net, quantity), _of_one(gross, quantity), net, gross - net


def _of_one(amount: Decimal, quantity: Decimal) -> Decimal:
    return rounded(amount / quantity) if quantity else ZERO


_PRICINGS: dict[tuple[str, str], Callable[[Decimal, Decimal, Decimal, Decimal], _Priced]] = {
    ("unit", "without_vat"): _by_net_unit,
    ("unit", "from_total_with_vat"): _by_gross_unit,
    ("net", "without_vat"): _by_net,
    ("net", "from_total_with_vat"): _by_net,
    ("net_unit", "without_vat"): _by_net_unit,
    ("net_unit", "from_total_with_vat"): _by_net_unit,
    ("gross", "without_vat"): _by_gross,
    ("gross", "from_total_with_vat"): _by_gross,
}
