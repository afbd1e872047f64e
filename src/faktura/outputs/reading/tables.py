"""Lines and sums of a document as tables of finished texts."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Literal

import msgspec

from faktura.outputs.reading.facts import Facts, RateSum, SoldLine
from faktura.outputs.reading.tongue import Fact, Tongue
from faktura.outputs.words.words import SEPARATOR

Column = Literal[
    "line_number",
    "name",
    "quantity",
    "unit_price",
    "unit_price_untaxed",
    "discount",
    "vat_rate",
    "net",
    "vat",
    "gross",
    "amount",
]


class Row(msgspec.Struct, frozen=True):
    """A line; `state` and `detail` stand above and below its name, which is the second cell."""

    cells: tuple[str, ...]
    state: str = ""
    detail: str = ""


class LineTable(msgspec.Struct, frozen=True):
    labels: tuple[str, ...]
    rows: tuple[Row, ...]


class RateTable(msgspec.Struct, frozen=True):
    """Amounts by rate under a heading; `exchange` says at what rate they are in the currency of the books.

    So many columns on the left as are `named` hold words, the others amounts.
    """

    heading: str
    labels: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    named: int = 1
    exchange: str = ""


def line_table(facts: Facts, tongue: Tongue) -> LineTable:
    """Columns that say nothing on this document are left out."""
    names = tuple(_columns(facts))
    return LineTable(
        tuple(_stacked(tongue.labels[name]) for name in names),
        tuple(
            Row(
                _cells(place, line, names, tongue),
                tongue.labels[line.state] if line.state else "",
                line.detail,
            )
            for place, line in enumerate(facts.lines, 1)
        ),
    )


def _columns(facts: Facts) -> Iterator[Column]:
    """On a margin invoice stand neither prices of units nor discounts (art. 106e (2) and (3) of the Polish act)."""
    yield from ("line_number", "name", "quantity")
    if facts.margin_kind:
        yield "amount"
        return
    yield "unit_price" if facts.taxed else "unit_price_untaxed"
    if any(line.discount for line in facts.lines):
        yield "discount"
    if facts.taxed:
        yield from ("vat_rate", "net", "vat", "gross")
    else:
        yield "amount"


def _cells(place: int, line: SoldLine, names: Iterable[Column], tongue: Tongue) -> tuple[str, ...]:
    quantity = "" if line.quantity is None else f"{tongue.number(line.quantity)} {line.unit}".strip()
    price = tongue.price(line.unit_price)
    said = {
        "line_number": str(place),
        "name": line.name,
        "quantity": quantity,
        "unit_price": price,
        "unit_price_untaxed": price,
        "discount": tongue.percent(line.discount) if line.discount else "",
        "vat_rate": tongue.rate(line.vat_rate, line.vat_treatment),
        "net": tongue.amount(line.net),
        "vat": tongue.amount(line.vat),
        "gross": tongue.amount(line.gross),
        "amount": tongue.amount(line.gross),
    }
    return tuple(said[name] for name in names)


def rate_tables(facts: Facts, tongue: Tongue) -> Iterator[RateTable]:
    """What the lines come to; what was received, before and now; what remains to be taxed of it."""
    if not facts.taxed or not facts.rate_sums:
        return
    yield _rate_table("order_summary" if facts.received else "vat_summary", facts.rate_sums, facts, tongue)
    if taxed := [advance for advance in facts.advances if advance.by_rate]:
        yield _advance_table(facts, tongue, [(a.number, part) for a in taxed for part in a.by_rate])
    if facts.received:
        yield _rate_table("advance_received", facts.received, facts, tongue)
    if facts.rest:
        yield _rate_table("left_after_advances", facts.rest, facts, tongue)


def _rate_table(heading: str, sums: tuple[RateSum, ...], facts: Facts, tongue: Tongue) -> RateTable:
    rows = tuple((tongue.rate(s.vat_rate, s.vat_treatment), *_amounts(s, facts, tongue)) for s in sums)
    labels = (tongue.labels["vat_rate"], *_heads(facts, tongue))
    return RateTable(tongue.labels[heading], tuple(map(_stacked, labels)), rows, exchange=_exchange(facts, tongue))


def _advance_table(facts: Facts, tongue: Tongue, parts: list[tuple[str, RateSum]]) -> RateTable:
    rows = tuple(
        (number, tongue.rate(part.vat_rate, part.vat_treatment), *_amounts(part, facts, tongue))
        for number, part in parts
    )
    labels = (tongue.labels["document"], tongue.labels["vat_rate"], *_heads(facts, tongue))
    return RateTable(tongue.labels["taxed_advances"], tuple(map(_stacked, labels)), rows, named=2)


def _heads(facts: Facts, tongue: Tongue) -> Iterator[str]:
    labels, native = tongue.labels, facts.native_currency
    yield from (labels["net"], labels["vat"], labels["gross"])
    if native:
        yield from (f"{labels['net']} ({native})", f"{labels['vat']} ({native})")


def _amounts(part: RateSum, facts: Facts, tongue: Tongue) -> Iterator[str]:
    amounts: list[Decimal | None] = [part.net, part.vat, part.gross]
    if facts.native_currency:
        amounts += [part.native_net, part.native_vat]
    yield from ("" if amount is None else tongue.amount(amount) for amount in amounts)


def _exchange(facts: Facts, tongue: Tongue) -> str:
    if facts.exchange_rate is None or not facts.native_currency:
        return ""
    rate = f"1 {facts.currency} = {tongue.number(facts.exchange_rate)} {facts.native_currency}"
    return f"{tongue.labels['exchange_rate']}: {rate}"


def _stacked(label: str) -> str:
    """Two languages under each other, so that a column stays narrow."""
    return label.replace(SEPARATOR, "\n")


def sums_of(facts: Facts, tongue: Tongue) -> Iterator[Fact]:
    """From the total down to what is still owed, which stands apart."""

    def said(name: str, amount: Decimal, more: str = "") -> Fact:
        label = tongue.labels[name]
        return f"{label}: {more}" if more else label, tongue.money(amount, facts.currency)

    if facts.taxed:
        yield said("net_total", facts.net_total)
        yield said("vat_total", facts.vat_total)
    if facts.rounding:
        yield said("rounding", facts.rounding)
    if facts.buyer is not None:
        yield said("total" if facts.taxed else "total_untaxed", facts.total)
    for advance in facts.advances:
        paid_on = tongue.date(advance.paid_on) if advance.paid_on else ""
        yield said("advances", -advance.amount, ", ".join(filter(None, (advance.number, paid_on))))
    if facts.received:
        yield said("advance_received", -sum((part.gross for part in facts.received), Decimal(0)))
    if facts.paid:
        yield said("paid", -facts.paid)


def remaining_of(facts: Facts, tongue: Tongue) -> Fact:
    if facts.buyer is None:
        return tongue.labels["total_untaxed"], tongue.money(facts.total, facts.currency)
    label = tongue.labels["to_return" if facts.to_pay < 0 else "to_pay"]
    return label, tongue.money(abs(facts.to_pay), facts.currency)
