"""Documents of every kind, at random, added up as the business does it."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from random import Random
from typing import Any

import msgspec

from faktura.core.documents.amounts import add_up
from faktura.core.documents.record import (
    CORRECTIONS,
    UNDER_OSS,
    Basis,
    Deduction,
    DocumentKind,
    Line,
    Payment,
    Seller,
    Stocked,
    VatSum,
)
from faktura.core.documents.totals import native as natively
from faktura.core.documents.totals import vat_inside
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import VatMode
from faktura.core.vat_treatment import VatTreatment
from faktura.outputs.reading.context import Context
from faktura.outputs.reading.facts import Advance, RateSum

DAY = dt.date(2026, 11, 21)
NOON = dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC)

KINDS: tuple[DocumentKind, ...] = (
    "invoice",
    "proforma",
    "correction",
    "tax_document",
    "final_invoice",
    "margin_invoice",
    "oss_invoice",
    "oss_correction",
)
TREATMENTS: tuple[VatTreatment, ...] = ("taxed", "taxed", "taxed", "taxed", "exempt", "not_subject", "reverse_charge")
BASES: tuple[Basis, ...] = ("unit", "unit", "net", "gross", "net_unit")
MODES: tuple[VatMode, ...] = ("vat_payer", "vat_payer", "vat_payer", "non_vat_payer", "identified_person")
METHODS = ("bank", "bank", "cash", "cod", "card", "paypal", "custom", "check", "other")
ODD = "Žluťoučký kůň 漢字 🙂 <&>\"' \u0085\u2028\ufdd0\uffff\U0001fffe]]>\t\n\r\u200b"
ACCOUNTS = (
    (None, None),
    ("19-2000145399/0800", None),
    (None, "CZ6508000000192000145399"),
    ("1234", "SK3112000000198742637541"),
)


CZECH_RATES = ("0", "12", "21", "5.5")


def any_document(
    chance: Random, *, rates: Sequence[str] = CZECH_RATES, native: str = "CZK", **fixed: Any
) -> tuple[Invoice, Context]:
    """One with what is fixed as it is; it deducts, corrects or takes in what fits its kind."""
    currency = chance.choice((native, native, native, "EUR"))
    values: dict[str, Any] = {
        "kind": chance.choice(KINDS),
        "currency": currency,
        "native_currency": native,
        "exchange_rate": Decimal(chance.randint(1, 30_000)) / 1000 if currency == "EUR" else Decimal(1),
        "price_mode": chance.choice(("without_vat", "from_total_with_vat")),
        "tally": chance.choice(("by_rate", "by_rate", "by_line")),
        "round_total": chance.random() < 0.2,
        "reverse_charge": chance.random() < 0.2,
        "supply_code": chance.choice((None, "1", "4", "5", "11")),
        "payment_method": chance.choice(METHODS),
        "hide_bank_account": chance.choice((None, True)),
        "language": chance.choice(("cs", "sk", "pl", "en", "de")),
        "seller": _seller(chance),
    }
    values |= _texts(chance) | dict(zip(("bank_account", "iban"), chance.choice(ACCOUNTS), strict=True))
    values |= fixed
    values["reverse_charge"] &= values["kind"] not in UNDER_OSS
    values["lines"] = _lines(chance, values, rates)
    invoice = Invoice(1, 7, 1, NOON, NOON, issued_on=DAY, due_on=DAY, uuid=_uuid(chance), **values)
    if invoice.kind in CORRECTIONS | {"margin_invoice"}:
        invoice.corrected_number, invoice.corrected_on = chance.choice((("1", DAY), ("X/2", None)))
        invoice.corrected_uuid = chance.choice((None, _uuid(chance)))
        invoice.margin_kind = "second_hand_goods" if invoice.kind == "margin_invoice" else None
    add_up(invoice)
    if invoice.kind == "tax_document" and chance.random() < 0.4:
        invoice.advance_amount = _part(chance, invoice.gross_total)
    _pay(chance, invoice)
    return invoice, _context(chance, invoice)


def _lines(chance: Random, values: dict[str, Any], rates: Sequence[str], most: int = 5) -> tuple[Line, ...]:
    lines: list[Line] = []
    for place in range(1, chance.randint(1, most) + 1):
        line = _line(chance, place, rates)
        if values["kind"] == "margin_invoice":
            bought: dict[str, Any] = {"purchase_price": Decimal(5), "vat_treatment": "margin", "vat_rate": Decimal(0)}
            line = msgspec.structs.replace(line, **bought)
        lines.append(line)
        if values["kind"] in CORRECTIONS and chance.random() < 0.4:
            lines[-1] = msgspec.structs.replace(line, group=place, after=False)
            after: dict[str, Any] = {"id": 100 + place, "quantity": Decimal(chance.randint(0, 3)), "after": True}
            lines.append(msgspec.structs.replace(lines[-1], **after))
    return tuple(lines)


def _line(chance: Random, place: int, rates: Sequence[str]) -> Line:
    sign = -1 if chance.random() < 0.2 else 1
    price = Decimal(chance.randint(0, 10 ** chance.randint(1, 8))) / 10 ** chance.randint(0, 4)
    return Line(
        place,
        _text(chance) or "Práce",
        sign * price,
        basis=chance.choice(BASES),
        quantity=Decimal(chance.randint(1, 10_000)) / 10 ** chance.randint(0, 3),
        unit=chance.choice(("", "ks", "hod")),
        vat_rate=Decimal(chance.choice(rates)),
        vat_treatment=chance.choice(TREATMENTS),
        discount=Decimal(chance.choice((0, 0, 10))),
        unit_price_before_discount=chance.choice((None, Decimal("12.345"))),
        gtin=chance.choice((None, "4006381333931")),
        stocked=chance.choice((None, Stocked(sku="A-1"))),
    )


def _seller(chance: Random) -> Seller:
    return Seller(
        _text(chance) or "Prodávající",
        chance.choice(MODES),
        street=chance.choice((None, "Dlouhá 1", "17. listopadu 12/5a", _text(chance))),
        city=_text(chance),
        country=chance.choice(("CZ", "CZ", "SK", "PL")),
        vat_no=chance.choice((None, "CZ12345679")),
        local_vat_no=chance.choice((None, "2020317068")),
        email=chance.choice((None, "a@example.cz")),
        register_note=chance.choice((None, "C 1234, MS v Praze")),
    )


def _texts(chance: Random) -> dict[str, Any]:
    named = (
        "number",
        "buyer_name",
        "note",
        "footer_note",
        "order_number",
        "buyer_street",
        "buyer_city",
        "variable_symbol",
    )
    found = {name: _text(chance) for name in named}
    return found | {
        "buyer_country": chance.choice((None, "CZ", "DE", "XX")),
        "has_delivery_address": chance.random() < 0.2,
        "delivery_street": "Vedlejší 3",
    }


def _text(chance: Random) -> str:
    return "".join(chance.choices(ODD, k=chance.randint(0, 12)))


def _uuid(chance: Random) -> str:
    digits = f"{chance.getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _part(chance: Random, amount: Decimal) -> Decimal:
    return (amount * chance.randint(1, 100) / 100).quantize(Decimal("0.01"))


def _pay(chance: Random, invoice: Invoice) -> None:
    """Before the day of issue, or after it, or both."""
    days = [DAY + dt.timedelta(days=chance.choice((-1, 0, 1))) for _ in range(chance.choice((0, 0, 1, 2)))]
    amounts = [_part(chance, invoice.gross_total) for _ in days]
    invoice.payments = tuple(
        Payment(place, day, amount, natively(amount, invoice.exchange_rate) or Decimal(0), None, None, NOON, NOON)
        for place, (day, amount) in enumerate(zip(days, amounts, strict=True))
    )


def _context(chance: Random, invoice: Invoice) -> Context:
    """Proformas and taxed advances that it deducts, what a tax document is a receipt of, what was corrected."""
    proforma = Advance(number="Z1", amount=_part(chance, invoice.gross_total), variable_symbol="1")
    if invoice.kind == "tax_document":
        return Context(receipt=chance.choice((None, proforma)))
    if invoice.kind in CORRECTIONS:
        return Context(corrected_kind=chance.choice(("invoice", "tax_document", "")))
    if invoice.kind != "final_invoice":
        return Context()
    taxed = Advance(number="D1", amount=Decimal(1), variable_symbol="2", by_rate=_taxed(chance, invoice.vat_sums))
    invoice.deductions = tuple(
        Deduction(2, "D1", "2", DAY, part.vat_rate, part.net, part.vat, part.native_net, part.native_vat)
        for part in taxed.by_rate
    )
    return Context(deducts=chance.choice(((), (proforma,), (taxed,), (taxed, proforma))))


def _taxed(chance: Random, sums: Sequence[VatSum]) -> tuple[RateSum, ...]:
    found = []
    for one in sums:
        gross = _part(chance, one.gross)
        vat = vat_inside(gross, one.vat_rate) if one.vat else Decimal(0)
        worth: dict[str, Any] = (
            {"native_net": (gross - vat) * 25, "native_vat": vat * 25} if chance.random() < 0.5 else {}
        )
        found.append(RateSum(vat_rate=one.vat_rate, vat_treatment=one.vat_treatment, net=gross - vat, vat=vat, **worth))
    return tuple(found)
