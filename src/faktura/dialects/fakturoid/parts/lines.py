"""Lines of documents and what they come to by rate (2.0.1, 2.0.2)."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

import msgspec

from faktura.core.documents.lines import made_ahead
from faktura.core.documents.record import Document, Line, VatSum
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.values import BOOLEAN, DECIMAL, INTEGER, NUMBER, TEXT
from faktura.wire.fields import Field, Kind, Shape, list_of, read_only
from faktura.wire.values import or_none, read_integer, show_decimal

ITEM_ID = Kind(INTEGER.schema, or_none(read_integer))

# A proforma moves nothing, so that its lines have no move.
STOCKED = Kind(
    {
        "type": "object",
        "properties": {
            "item_id": {"type": "integer"},
            "sku": {"type": ["string", "null"]},
            "article_number_type": {"type": ["string", "null"], "enum": ["ian", "ean", "isbn", None]},
            "article_number": {"type": ["string", "null"]},
            "move_id": {"type": ["integer", "null"]},
        },
    },
    lambda _value: None,
)


def _stocked(line: Line, _view: View) -> Any:
    """What is not counted has none."""
    said = line.stocked
    if said is None:
        return None
    return {
        "item_id": line.product_id,
        "sku": said.sku,
        "article_number_type": said.article_number_type,
        "article_number": said.article_number,
        "move_id": said.move_id,
    }


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
        read_only("inventory", STOCKED, "stocked", showing=_stocked),
        Field("inventory_item_id", ITEM_ID, "product_id", access="write"),
        Field("sku", TEXT, access="write"),
        Field("_destroy", BOOLEAN, "remove", access="write"),
    ),
)


class RateSum(NamedTuple):
    """What a document's lines of one rate come to."""

    sum: VatSum
    document: Document


VAT_RATE: Shape[RateSum, View] = Shape(
    "vat_rate_summary",
    RateSum,
    (
        read_only("vat_rate", NUMBER, "sum.vat_rate", nullable=False),
        read_only("base", DECIMAL, "sum.net", nullable=False),
        read_only("vat", DECIMAL, "sum.vat", nullable=False),
        read_only("currency", TEXT, "document.currency", nullable=False),
        read_only("native_base", DECIMAL, "sum.native_net"),
        read_only("native_vat", DECIMAL, "sum.native_vat"),
        read_only("native_currency", TEXT, "document.native_currency", nullable=False),
    ),
)


def rate_sums(document: Document) -> Iterable[RateSum]:
    """One for each rate, in the order of the first lines; here treatments of one rate are not told apart."""
    found: dict[Decimal, VatSum] = {}
    for one in document.vat_sums:
        other = found.get(one.vat_rate)
        found[one.vat_rate] = one if other is None else _together(other, one)
    return (RateSum(one, document) for one in found.values())


def _together(first: VatSum, second: VatSum) -> VatSum:
    names = ("net", "vat", "native_net", "native_vat")
    pairs = {name: (getattr(first, name), getattr(second, name)) for name in names}
    return msgspec.structs.replace(first, **{n: None if None in p else p[0] + p[1] for n, p in pairs.items()})


LINES = Field("lines", list_of(LINE, given=True, made=made_ahead), nullable=False)

VAT_RATES_SUMMARY = read_only(
    "vat_rates_summary",
    list_of(VAT_RATE),
    nullable=False,
    showing=lambda document, view: [VAT_RATE.show(one, view) for one in rate_sums(document)],
)
