"""What lies inside an invoice (2.0.1, 2.0.2, 2.6, 2.7): lines, sums by rate, advances, payments."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from faktura.core.documents.record import Deduction, Line, VatSum
from faktura.core.invoices.follow_up import Received
from faktura.core.invoices.record import Invoice
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.values import BOOLEAN, DATE, DECIMAL, INTEGER, MOMENT, NUMBER, TEXT
from faktura.wire.fields import Field, Kind, Shape, Unreadable, read_only
from faktura.wire.values import choice, show_decimal


def _no_such_item(value: Any) -> None:
    """Nothing is kept in stock here, so no item has that SKU or id."""
    if value not in ("", None):
        raise Unreadable("not_in_list")


_ITEM = Kind({"type": "string"}, _no_such_item)
_ITEM_ID = Kind({"type": "integer"}, _no_such_item)
_NOTHING = Kind({"type": "object"}, lambda _value: None)

LINE: Shape[Line, View] = Shape(
    "line",
    Line,
    (
        Field("id", INTEGER, nullable=False),
        Field("name", TEXT, nullable=False),
        Field("quantity", DECIMAL, nullable=False),
        Field("unit_name", TEXT, "unit", nullable=False),
        # The net price, whatever was entered (C11).
        Field("unit_price", DECIMAL, nullable=False, showing=lambda line, _: show_decimal(line.unit_net_price)),
        Field("vat_rate", NUMBER, nullable=False),
        read_only("unit_price_without_vat", DECIMAL, "unit_net_price", nullable=False),
        read_only("unit_price_with_vat", DECIMAL, "unit_gross_price", nullable=False),
        read_only("total_price_without_vat", DECIMAL, "net", nullable=False),
        read_only("total_vat", DECIMAL, "vat", nullable=False),
        read_only("native_total_price_without_vat", DECIMAL, "native_net"),
        read_only("native_total_vat", DECIMAL, "native_vat"),
        read_only("inventory", _NOTHING, showing=lambda _line, _view: None),
        Field("inventory_item_id", _ITEM_ID, access="write"),
        Field("sku", _ITEM, access="write"),
        Field("_destroy", BOOLEAN, "remove", access="write"),
    ),
)


class RateSum(NamedTuple):
    """What a document's lines of one rate come to."""

    sum: VatSum
    invoice: Invoice


VAT_RATE: Shape[RateSum, View] = Shape(
    "vat_rate_summary",
    RateSum,
    (
        read_only("vat_rate", NUMBER, "sum.vat_rate", nullable=False),
        read_only("base", DECIMAL, "sum.net", nullable=False),
        read_only("vat", DECIMAL, "sum.vat", nullable=False),
        read_only("currency", TEXT, "invoice.currency", nullable=False),
        read_only("native_base", DECIMAL, "sum.native_net"),
        read_only("native_vat", DECIMAL, "sum.native_vat"),
        read_only("native_currency", TEXT, "invoice.native_currency", nullable=False),
    ),
)

ADVANCE: Shape[Deduction, View] = Shape(
    "paid_advance",
    Deduction,
    (
        read_only("id", INTEGER, "document_id", nullable=False),
        read_only("number", TEXT, nullable=False),
        read_only("variable_symbol", TEXT),
        read_only("paid_on", DATE),
        read_only("vat_rate", NUMBER, nullable=False),
        read_only("price", DECIMAL, "net", nullable=False),
        read_only("vat", DECIMAL, nullable=False),
    ),
)

FOLLOW_UP = choice("final_invoice_paid", "final_invoice", "tax_document", "none")

PAYMENT: Shape[Received, View] = Shape(
    "invoice_payment",
    Received,
    (
        read_only("id", INTEGER, "payment.id", nullable=False),
        Field("paid_on", DATE, nullable=False, showing=lambda received, _: received.payment.paid_on.isoformat()),
        read_only("currency", TEXT, "invoice.currency", nullable=False),
        Field("amount", DECIMAL, nullable=False, showing=lambda s, _: show_decimal(s.payment.amount)),
        Field("native_amount", DECIMAL, nullable=False, showing=lambda s, _: show_decimal(s.payment.native_amount)),
        Field("mark_document_as_paid", BOOLEAN, "mark_as_paid", access="write"),
        Field("proforma_followup_document", FOLLOW_UP, "follow_up", access="write"),
        Field("send_thank_you_email", BOOLEAN, access="write"),
        Field("variable_symbol", TEXT, showing=lambda received, _: received.payment.variable_symbol),
        Field("bank_account_id", INTEGER, showing=lambda received, _: received.payment.bank_account_id),
        read_only("tax_document_id", INTEGER, "payment.tax_document_id"),
        read_only("created_at", MOMENT, "payment.created_at", nullable=False),
        read_only("updated_at", MOMENT, "payment.updated_at", nullable=False),
    ),
)


def rate_sums(invoice: Invoice) -> Iterable[RateSum]:
    """One for each rate, in the order of the first lines; here treatments of one rate are not told apart."""
    found: dict[Decimal, VatSum] = {}
    for one in invoice.vat_sums:
        other = found.get(one.vat_rate)
        found[one.vat_rate] = one if other is None else _together(other, one)
    return (RateSum(one, invoice) for one in found.values())


def _together(first: VatSum, second: VatSum) -> VatSum:
    names = ("net", "vat", "native_net", "native_vat")
    pairs = {name: (getattr(first, name), getattr(second, name)) for name in names}
    return msgspec.structs.replace(first, **{n: None if None in p else p[0] + p[1] for n, p in pairs.items()})
