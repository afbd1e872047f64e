"""Papers without a buyer (13.1, 14.1, 15.1, 16.1) field by field."""

from typing import Any

import msgspec

from faktura.core.countries.pl.lists import transaction_kinds
from faktura.core.documents.record import Line
from faktura.core.papers.record import Paper
from faktura.dialects.infakt.door.values import BOOLEAN, DATE, INTEGER, MONEY, NUMBER, PERCENT, TEXT, show_grosze
from faktura.dialects.infakt.invoices.lines import LINE_FLAT_RATE
from faktura.dialects.infakt.products import TAX_SYMBOL, from_tax_symbol, tax_symbol
from faktura.dialects.infakt.reference import VAT_EXEMPTION_ID
from faktura.wire.fields import Field, Kind, Shape, list_of, read_only
from faktura.wire.values import choice, read_text

NAMELESS = "BRAK"
"""What is shown as the name of a line that has none."""


ID = read_only("id", INTEGER, nullable=False)
UUID = read_only("uuid", TEXT, nullable=False)
NUMBER_OF_PAPER = Field("number", TEXT, nullable=False)
INVOICE_DATE = Field("invoice_date", DATE, "issued_on", nullable=False)
NOTES = Field("notes", TEXT, "note")
NET_PRICE = read_only("net_price", MONEY, "net_total", nullable=False)
TAX_PRICE = read_only("tax_price", MONEY, "vat_total", nullable=False)
GROSS_PRICE = read_only("gross_price", MONEY, "gross_total", nullable=False)
PRINTED = read_only("status", choice("draft", "printed"), "stage", nullable=False)
PAID = read_only("status", choice("draft", "paid"), "stage", nullable=False)
CHECK_DUPLICATE_NUMBER = Field("check_duplicate_number", BOOLEAN, access="write")
FLAT_RATE = Field("flat_rate_tax_symbol", LINE_FLAT_RATE, "lump_sum_rate")
FLAT_RATE_UNSHOWN = msgspec.structs.replace(FLAT_RATE, access="write")
KSEF_DATA = read_only("ksef_data", Kind({"type": "object"}, read_text), showing=lambda _paper, _view: None)


def _kind(spelled: str, kind: str) -> Field:
    return read_only("kind", choice(spelled, core={spelled: kind}), nullable=False)


def _services(shape: Shape[Line, Any]) -> Field:
    return Field("services", list_of(shape, given=True), "lines", nullable=False, required=True)


_NAME = read_only("name", TEXT, nullable=False, showing=lambda _line, _view: NAMELESS)
_TAX_SYMBOL = Field(
    "tax_symbol",
    TAX_SYMBOL,
    "vat_treatment",
    nullable=False,
    required=True,
    showing=tax_symbol,
    reading=from_tax_symbol,
)
_NET = Field("net_price", MONEY, "net", nullable=False)
_VAT = read_only("vat_price", MONEY, "vat", nullable=False)
_GROSS = Field("gross_price", MONEY, "gross", nullable=False)

INTERNAL_SERVICE: Shape[Line, Any] = Shape("internal_service", Line, (_NAME, _TAX_SYMBOL, _NET, _GROSS, _VAT))

REPORTED_SERVICE: Shape[Line, Any] = Shape(
    "reported_service", Line, (_NAME, _TAX_SYMBOL, _NET, _VAT, _GROSS, FLAT_RATE)
)

DAILY_SERVICE: Shape[Line, Any] = Shape(
    "daily_service",
    Line,
    (
        Field("quantity", NUMBER, nullable=False),
        Field(
            "unit_price",
            MONEY,
            nullable=False,
            required=True,
            showing=lambda line, _: show_grosze(line.unit_net_price),
        ),
        read_only("total_price", MONEY, "net", nullable=False),
        FLAT_RATE_UNSHOWN,
    ),
)

INTERNAL_INVOICE: Shape[Paper, None] = Shape(
    "internal_invoice",
    Paper,
    (
        ID,
        UUID,
        _kind("internal", "internal_invoice"),
        NUMBER_OF_PAPER,
        Field(
            "transaction_kind_symbol", choice(*transaction_kinds()), "transaction_kind", nullable=False, required=True
        ),
        INVOICE_DATE,
        NOTES,
        NET_PRICE,
        TAX_PRICE,
        GROSS_PRICE,
        PRINTED,
        CHECK_DUPLICATE_NUMBER,
        _services(INTERNAL_SERVICE),
    ),
    example={
        "transaction_kind_symbol": "nonaccounting_sales",
        "services": [{"tax_symbol": "23", "net_price": 10000}],
    },
)

FISCAL_REPORT: Shape[Paper, None] = Shape(
    "fiscal_report",
    Paper,
    (
        ID,
        UUID,
        NUMBER_OF_PAPER,
        _kind("fiscal_report", "fiscal_report"),
        INVOICE_DATE,
        NET_PRICE,
        TAX_PRICE,
        GROSS_PRICE,
        NOTES,
        PAID,
        CHECK_DUPLICATE_NUMBER,
        _services(REPORTED_SERVICE),
        KSEF_DATA,
    ),
    example={"services": [{"tax_symbol": "8", "gross_price": 1284000}]},
)

INTERNAL_EVIDENCE: Shape[Paper, None] = Shape(
    "internal_evidence",
    Paper,
    (
        ID,
        UUID,
        NUMBER_OF_PAPER,
        PRINTED,
        Field("classification_symbol", choice("sold", "salary"), "classification", nullable=False, required=True),
        INVOICE_DATE,
        Field("sale_date", DATE, "taxable_on", access="write"),
        NOTES,
        Field("service_name", TEXT, "line_texts", nullable=False, required=True),
        Field("quantity", PERCENT, nullable=False),
        Field("unit_price", MONEY, nullable=False),
        Field("total_price", MONEY, "gross_total", nullable=False),
        FLAT_RATE_UNSHOWN,
        CHECK_DUPLICATE_NUMBER,
    ),
    example={"classification_symbol": "sold", "service_name": "Złom", "quantity": "2", "unit_price": 5000},
)

DAILY_REVENUE: Shape[Paper, None] = Shape(
    "daily_revenue",
    Paper,
    (
        ID,
        UUID,
        Field("description", TEXT),
        Field("issue_date", DATE, "issued_on", nullable=False),
        NOTES,
        NUMBER_OF_PAPER,
        PRINTED,
        Field("vat_exemption_reason", VAT_EXEMPTION_ID, "vat_exemption"),
        CHECK_DUPLICATE_NUMBER,
        _services(DAILY_SERVICE),
        KSEF_DATA,
    ),
    example={"services": [{"quantity": 1, "unit_price": 48250}]},
)
