"""Corrective OSS invoices (section 12): lines as they were and as they are, like those of section 7."""

from typing import Any

from faktura.core.books.books import Books
from faktura.core.documents.lines import made_ahead
from faktura.core.documents.record import Line
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.related import named_original
from faktura.dialects.infakt.door.values import BOOLEAN, DATE, TEXT
from faktura.dialects.infakt.invoices.capabilities import endpoints, number_endpoint
from faktura.dialects.infakt.invoices.corrective_invoices import pair_up
from faktura.dialects.infakt.invoices.documents import Resource, tell_next_number
from faktura.dialects.infakt.invoices.fields import FIELDS, REASON
from faktura.dialects.infakt.invoices.lines import GROUP
from faktura.dialects.infakt.invoices.oss_invoices import (
    EXAMPLE,
    OF_A_DOCUMENT,
    OF_A_LINE,
    consumer_of,
    prepare_sale,
)
from faktura.dialects.infakt.invoices.terms import refuse
from faktura.wire.fields import Field, Shape, list_of

_ID, *_REST = OF_A_DOCUMENT

CORRECTIVE_OSS_INVOICE: Shape[Invoice, Any] = Shape(
    "corrective_oss_invoice",
    Invoice,
    (
        _ID,
        FIELDS["uuid"],
        *_REST,
        Field("original_invoice_number", TEXT, "corrected_number", access="write"),
        Field("corrected_invoice_number", TEXT, "corrected_number", nullable=False, required=True),
        Field("corrected_invoice_date", DATE, "corrected_on", required=True),
        Field("correction_reason", REASON, nullable=False, required=True),
        Field(
            "services",
            list_of(
                Shape(
                    "corrected_oss_service",
                    Line,
                    (*OF_A_LINE, Field("group", GROUP, required=True), Field("correction", BOOLEAN, "after")),
                ),
                given=True,
                made=made_ahead,
            ),
            "lines",
            nullable=False,
            required=True,
        ),
    ),
    example=EXAMPLE
    | {
        "corrected_invoice_number": "1/OSS/11/2026",
        "corrected_invoice_date": "2026-11-02",
        "correction_reason": "other",
        "services": [
            {"name": "E-book", "tax_rate": 7, "unit_net_price": 1500, "group": 1, "correction": False},
            {"name": "E-book", "tax_rate": 7, "unit_net_price": 1500, "quantity": 0, "group": 1, "correction": True},
        ],
    },
)


def prepare(books: Books, given: Given, _old: Invoice | None) -> None:
    """The consumer is the one of what is corrected, where that is here and of the same name."""
    given["kind"] = "oss_correction"
    for name in ("corrected_on", "correction_reason"):
        if not given.get(name):
            refuse(given, name, "blank")
    pair_up(given)
    prepare_sale(given)
    original = named_original(books, None, None, given.get("corrected_number"), None)
    is_of_same = original is not None and original.buyer_name == given["buyer_name"]
    given["contact_id"] = original.contact_id if original and is_of_same else consumer_of(books, given).id


RESOURCE = Resource(
    "/corrective_oss_invoices",
    CORRECTIVE_OSS_INVOICE,
    ("oss_correction",),
    None,
    prepare,
    frozenset({"print"}),
    printed_as="regular",
)

ENDPOINTS = (
    *endpoints(RESOURCE),
    number_endpoint(RESOURCE, lambda call: tell_next_number(call, "oss_correction", RESOURCE.numbered)),
)
