"""Margin invoices (section 8): what was bought to be sold again, and no VAT on what is seen of it."""

from typing import Any

from faktura.core.books.books import Books
from faktura.core.documents.lines import made_ahead
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.dialects.infakt.invoices.capabilities import endpoints, number_endpoint
from faktura.dialects.infakt.invoices.documents import EVERYWHERE, Resource, tell_next_number
from faktura.dialects.infakt.invoices.fields import only, read_alone
from faktura.dialects.infakt.invoices.lines import MARGIN_SERVICE
from faktura.dialects.infakt.invoices.terms import refuse
from faktura.wire.fields import Field, Shape, list_of

MARGIN_INVOICE: Shape[Invoice, Any] = Shape(
    "margin_invoice",
    Invoice,
    only(
        *("id", "uuid", "number", "kind", "currency", "paid_price", "paid_date", "gross_price", "left_to_pay"),
        *("payment_date", "margin_kind", "margin_kind_symbol", "margin_kind_id", "margin_amount_price"),
        *("payment_method", "recipient_signature", "seller_signature", "invoice_date", "sale_date", "status"),
        *("client_id", "client_uuid", "client_company_name", "client_first_name", "client_last_name"),
        *("client_business_activity_kind", "client_street", "client_street_number", "client_flat_number"),
        *("client_city", "client_post_code", "client_tax_code", "client_country", "client_email", "client_phone"),
        *("check_duplicate_number", "bank_account", "bank_name", "swift", "document_markings_ids", "bdo_code"),
        *("notes", "vat_exchange_date_kind", "sales_kind", "occasional_sale", "building_service", "vat_date_value"),
        *("third_party_addresses", "transaction_terms", "local_government_recipient_address", "ksef_number"),
        *("amount_in_words", "created_at", "services", "ksef_data"),
        status=read_alone("status"),
        services=Field(
            "services", list_of(MARGIN_SERVICE, given=True, made=made_ahead), "lines", nullable=False, required=True
        ),
    ),
    example={
        "client_company_name": "Gęśl sp. z o.o.",
        "payment_method": "cash",
        "margin_kind": "second_hand_goods",
        "services": [
            {
                "name": "Skoda Octavia 2019",
                "gross_with_margin_amount_price": 1200000,
                "margin_amount_price": 200000,
            }
        ],
    },
)


def prepare(_books: Books, given: Given, old: Invoice | None) -> None:
    """Every line says how much of its price is the margin."""
    if old is None:
        given["kind"] = "margin_invoice"
    for line in given.get("lines") or ():
        if line.get("margin") is None and "margin" not in line.unread:
            refuse(line, "margin", "blank")


RESOURCE = Resource("/margin_invoices", MARGIN_INVOICE, ("margin_invoice",), "margin_invoice", prepare, EVERYWHERE)

ENDPOINTS = (
    *endpoints(RESOURCE),
    number_endpoint(RESOURCE, lambda call: tell_next_number(call, "margin_invoice", RESOURCE.numbered)),
)
