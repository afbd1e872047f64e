"""Final invoices (section 10): the order is done, and what was taken in for it is deducted."""

from typing import Any

from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.dialects.infakt.door.values import INTEGER
from faktura.dialects.infakt.invoices.capabilities import endpoints, number_endpoint
from faktura.dialects.infakt.invoices.documents import EVERYWHERE, Resource, tell_next_number
from faktura.dialects.infakt.invoices.fields import INHERITED_SERVICES, fields, read_alone
from faktura.dialects.infakt.invoices.terms import refuse
from faktura.wire.fields import Field, Shape

FINAL_INVOICE: Shape[Invoice, Any] = Shape(
    "final_invoice",
    Invoice,
    fields(
        *("id", "uuid", "number", "currency", "paid_price", "notes", "kind", "payment_method"),
        *("split_payment_available", "split_payment", "split_payment_type", "recipient_signature", "seller_signature"),
        *("invoice_date", "sale_date", "vat_date_value", "continuous_service_start_on", "continuous_service_end_on"),
        *("occasional_sale", "status", "payment_date", "paid_date", "net_price", "tax_price", "gross_price"),
        *("left_to_pay", "client_id", "client_uuid", "client_company_name", "client_first_name", "client_last_name"),
        *("client_business_activity_kind", "client_street", "client_street_number", "client_flat_number"),
        *("client_city", "client_post_code", "client_tax_code", "client_country", "client_email", "client_phone"),
        *("client_days_to_payment", "client_notes", "bank_account", "bank_name", "swift", "bank_id"),
        *("vat_exemption_reason", "sale_type", "invoice_date_kind", "document_markings_ids", "transaction_kind_id"),
        *("bdo_code", "receipt_number", "not_income", "vat_exchange_date_kind", "exchange_rates_data", "sales_kind"),
        *("amount_in_words", "building_service", "created_at", "reconciliation_id", "previous_advance_id"),
        *("previous_advances", "services", "transaction_terms", "third_party_addresses"),
        *("local_government_recipient_address", "local_government_seller_address", "ksef_number", "ksef_data"),
        "check_duplicate_number",
        status=read_alone("status"),
        services=INHERITED_SERVICES,
        previous_advance_id=Field("previous_advance_id", INTEGER, required=True),
    ),
    example={"previous_advance_id": 1, "payment_method": "cash"},
)


def prepare(_books: Books, given: Given, old: Invoice | None) -> None:
    """The last advance has to be named."""
    if old is None:
        given["kind"] = "final_invoice"
    if (old is None or "previous_advance_id" in given) and given.get("previous_advance_id") is None:
        refuse(given, "previous_advance_id", "blank")


RESOURCE = Resource("/final_invoices", FINAL_INVOICE, ("final_invoice",), "final", prepare, EVERYWHERE)

ENDPOINTS = (
    *endpoints(RESOURCE),
    number_endpoint(RESOURCE, lambda call: tell_next_number(call, "final_invoice", RESOURCE.numbered)),
)
