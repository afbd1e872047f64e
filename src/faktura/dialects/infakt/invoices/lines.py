"""Lines of documents (6.3), those of corrections with their pairs (7.2)."""

import re
from collections.abc import Mapping
from typing import Any

import msgspec

from faktura.core.documents.record import Line
from faktura.dialects.infakt.door.values import BOOLEAN, INTEGER, MONEY, NEVER_NULL, NUMBER, PERCENT, TEXT, show_grosze
from faktura.dialects.infakt.products import FLAT_RATE, TAX_SYMBOL, codes_together, from_tax_symbol, tax_symbol
from faktura.dialects.infakt.reference import GTU_ID
from faktura.wire.fields import Field, Kind, Shape, Unreadable, read_only
from faktura.wire.values import BLANKS, choice, read_text

LARGEST_GROUP = 2**53
"""Documents made in the vendor's application have large ones (7.2)."""

_GROUP = re.compile(r"-?[0-9]{1,16}")

_VAT_DATES = {"issue_date": "issue", "sale_date": "sale", "paid_date": "payment"}
VAT_DATE = choice(*_VAT_DATES, core=_VAT_DATES)

LIFTED = {"vat_date_value": "vat_date_kind", "occasional_sale": "occasional_sale"}
"""What lines told formerly, and documents tell now."""


def _read_group(value: Any) -> int | None:
    text = value.strip(BLANKS) if isinstance(value, str) else str(value)
    if not text:
        return None
    if not _GROUP.fullmatch(text) or abs(int(text)) > LARGEST_GROUP:
        raise Unreadable("not_a_number")
    return int(text)


def _read_codes(value: Any) -> tuple[str | None, ...]:
    """PKWiU, CN and PKOB as they are shown together: `84.11.12.0 / - / -`."""
    parts = [part.strip().strip("-") or None for part in read_text(value).split(" / ")]
    return (*parts, None, None)[:3] if len(parts) <= 3 else (None, None, None)  # noqa: PLR2004 (three codes)


def _from_codes(codes: tuple[str | None, ...] | None) -> Mapping[str, Any]:
    return dict(zip(("pkwiu", "cn", "pkob"), codes, strict=True)) if codes and any(codes) else {}


def _before_discount(line: Line, _view: None) -> int:
    before = line.unit_price_before_discount
    return show_grosze(line.unit_net_price if before is None else before)


GROUP = Kind({"type": "integer", "minimum": -LARGEST_GROUP, "maximum": LARGEST_GROUP}, _read_group)
CODES = Kind(TEXT.schema, _read_codes)
_OF_ALL = frozenset({"id", "name", "unit", "quantity", "gtu_id"})
_OF_MARGIN = frozenset({"margin_amount_price", "gross_with_margin_amount_price"})

LINE_FLAT_RATE = msgspec.structs.replace(FLAT_RATE, absent=None)

_FIELDS: tuple[Field, ...] = (
    read_only("id", INTEGER, nullable=False),
    Field("name", TEXT, nullable=False, required=True),
    Field("tax_symbol", TAX_SYMBOL, nullable=False, required=True, showing=tax_symbol, reading=from_tax_symbol),
    Field("unit", NEVER_NULL, nullable=False),
    Field("quantity", NUMBER, nullable=False),
    Field("unit_net_price", MONEY, "unit_price", nullable=False, showing=lambda i, _: show_grosze(i.unit_net_price)),
    Field("net_price", MONEY, "net", nullable=False),
    Field("gross_price", MONEY, "gross", nullable=False),
    read_only("tax_price", MONEY, "vat", nullable=False),
    Field(
        "symbol",
        CODES,
        "codes",
        nullable=False,
        showing=lambda line, _: codes_together(line, None) or "",
        reading=_from_codes,
    ),
    Field("pkwiu", TEXT),
    Field("cn", TEXT),
    Field("pkob", TEXT),
    Field("gtin", TEXT),
    Field("flat_rate_tax_symbol", LINE_FLAT_RATE, "lump_sum_rate"),
    Field("discount", PERCENT, nullable=False),
    Field(
        "unit_net_price_before_discount",
        MONEY,
        "unit_price_before_discount",
        nullable=False,
        showing=_before_discount,
    ),
    Field("gtu_id", GTU_ID, "gtu"),
    read_only("related_id", INTEGER, showing=lambda _line, _view: None),
    Field("vat_date_value", VAT_DATE, access="write"),
    Field("occasional_sale", BOOLEAN, access="write"),
)

_OF_VAT = frozenset(field.name for field in _FIELDS) - _OF_ALL

SERVICE: Shape[Line, Any] = Shape("service", Line, _FIELDS)

MARGIN_SERVICE: Shape[Line, Any] = Shape(
    "margin_service",
    Line,
    (
        *(field for field in _FIELDS if field.name in _OF_ALL),
        Field("margin_amount_price", MONEY, "margin", nullable=False, required=True),
        Field("gross_with_margin_amount_price", MONEY, "gross", nullable=False, required=True),
    ),
)


class _CorrectedService(Shape[Line, Any]):
    """A line as the document has it that is corrected: with a margin, or with what VAT needs."""

    def show(self, record: Line, view: Any) -> dict[str, Any]:
        others = _OF_VAT if record.purchase_price is not None else _OF_MARGIN
        return {name: value for name, value in super().show(record, view).items() if name not in others}


CORRECTED_SERVICE: Shape[Line, Any] = _CorrectedService(
    "corrected_service",
    Line,
    (
        *_FIELDS,
        Field("margin_amount_price", MONEY, "margin"),
        Field(
            "gross_with_margin_amount_price",
            MONEY,
            "gross_with_margin",
            showing=lambda line, _: show_grosze(line.gross),
            reading=lambda gross: {} if gross is None else {"gross": gross},
        ),
        Field("group", GROUP, required=True),
        Field("correction", BOOLEAN, "after"),
    ),
)
