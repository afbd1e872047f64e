"""Products (section 4): the core's catalogue."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from faktura.core import catalogue
from faktura.core.catalogue import Product
from faktura.core.documents.record import Line
from faktura.core.errors import Given, Problem
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.door.searching import Listing
from faktura.dialects.infakt.door.values import INTEGER, MONEY, NUMBER, PERCENT, TEXT, show_grosze
from faktura.dialects.infakt.invoices.resources import INVOICES, Servers, five_endpoints
from faktura.dialects.infakt.reference import GTU_ID
from faktura.store.queries import Order
from faktura.wire.endpoints import NO_CONTENT, Answer
from faktura.wire.fields import Field, Kind, Shape, Unreadable, read_only
from faktura.wire.values import read_text

RATES = ("23", "22", "8", "7", "5", "3", "0")
TREATMENTS = {"zw": "exempt", "np": "not_subject", "oo": "reverse_charge"}
SYMBOLS = {treatment: symbol for symbol, treatment in TREATMENTS.items()}
FLAT_RATES = ("2", "3", "5.5", "8.5", "10", "12", "12.5", "14", "15", "17", "20")


def _read_symbol(value: Any, known: tuple[str, ...]) -> str | None:
    """One of the list; whoever sends a number may send it as such."""
    symbol = read_text(value).strip().lower().removesuffix(".0")
    if symbol and symbol not in known:
        raise Unreadable("not_in_list")
    return symbol or None


def _read_flat_rate(value: Any) -> Decimal | None:
    symbol = _read_symbol(value, FLAT_RATES)
    return Decimal(symbol) if symbol else None


def _plain(rate: Decimal) -> str:
    return f"{rate.normalize():f}"


def tax_symbol(product: Product | Line, _view: None) -> str:
    return SYMBOLS.get(product.vat_treatment) or _plain(product.vat_rate)


def from_tax_symbol(symbol: str | None) -> Mapping[str, Any]:
    if symbol is None:
        return {}
    treatment = TREATMENTS.get(symbol, "taxed")
    return {"vat_treatment": treatment, "vat_rate": Decimal(symbol if treatment == "taxed" else 0)}


def codes_together(product: Product | Line, _view: None) -> str | None:
    codes = (product.pkwiu, product.cn, product.pkob)
    return " / ".join(code or "-" for code in codes) if any(codes) else None


TAX_SYMBOL = Kind(
    {"type": "string", "enum": [*RATES, *TREATMENTS]}, lambda value: _read_symbol(value, (*RATES, *TREATMENTS))
)
FLAT_RATE = Kind({"type": "string", "enum": ["", *FLAT_RATES]}, _read_flat_rate, _plain, absent="")

PRODUCT: Shape[Product, None] = Shape(
    "product",
    Product,
    (
        read_only("id", INTEGER, nullable=False),
        Field("name", TEXT, nullable=False, required=True),
        read_only("symbol", TEXT, showing=codes_together),
        Field("pkwiu", TEXT),
        Field("cn", TEXT),
        Field("pkob", TEXT),
        Field("unit", TEXT),
        Field("tax_symbol", TAX_SYMBOL, nullable=False, required=True, showing=tax_symbol, reading=from_tax_symbol),
        Field("flat_rate_tax_symbol", FLAT_RATE, "lump_sum_rate", nullable=False),
        Field("quantity", NUMBER, nullable=False),
        Field("net_price", MONEY, nullable=False),
        read_only(
            "tax_price",
            MONEY,
            nullable=False,
            showing=lambda product, _view: show_grosze(product.gross_price - product.net_price),
        ),
        Field("gross_price", MONEY, nullable=False),
        Field("unit_net_price", MONEY, nullable=False),
        Field("purchase_unit_net_price", MONEY, nullable=False),
        Field("purchase_unit_gross_price", MONEY, nullable=False),
        Field("discount", PERCENT, nullable=False),
        Field("unit_net_price_before_discount", MONEY, nullable=False),
        Field("gtu_id", GTU_ID, "gtu"),
    ),
)

PRODUCTS = Listing(PRODUCT, (Order("name"),))


def list_products(call: Call) -> Answer:
    return call.page(PRODUCTS)


def read_product(call: Call) -> Answer:
    return call.one(PRODUCT, call.id)


def create_product(call: Call) -> Answer:
    given = call.given(PRODUCT)
    _require_tax_symbol(call, given, required=True)
    return call.shown(PRODUCT, catalogue.add_product(call.books, given), 201)


def change_product(call: Call) -> Answer:
    given = call.given(PRODUCT)
    _require_tax_symbol(call, given, required=False)
    return call.shown(PRODUCT, catalogue.change_product(call.books, call.id, given))


def delete_product(call: Call) -> Answer:
    catalogue.delete_product(call.books, call.id)
    return NO_CONTENT


def _require_tax_symbol(call: Call, given: Given, *, required: bool) -> None:
    """A product has a VAT symbol from the start (section 30), and it cannot be taken away."""
    sent = "tax_symbol" in call.parameters["product"]
    if (sent or required) and "vat_treatment" not in given:
        given.unread.setdefault("tax_symbol", [Problem("blank")])


ENDPOINTS = five_endpoints(
    "/products", PRODUCT, INVOICES, Servers(list_products, create_product, read_product, change_product, delete_product)
)
