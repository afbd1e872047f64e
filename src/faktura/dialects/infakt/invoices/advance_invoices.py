"""Advance invoices (section 9): money taken in before an order is done, one after the other."""

from typing import Any

from faktura.core.books.books import Books
from faktura.core.documents.record import ZERO
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.dialects.infakt.invoices.capabilities import endpoints, number_endpoint
from faktura.dialects.infakt.invoices.documents import EVERYWHERE, Resource, tell_next_number
from faktura.dialects.infakt.invoices.fields import INHERITED_SERVICES, fields, read_alone
from faktura.dialects.infakt.invoices.terms import refuse
from faktura.wire.fields import Shape

ADVANCE_INVOICE: Shape[Invoice, Any] = Shape(
    "advance_invoice",
    Invoice,
    fields(
        *("id", "uuid", "number", "currency", "advance_price", "notes", "kind", "payment_method"),
        *("split_payment_available", "split_payment", "split_payment_type", "recipient_signature", "seller_signature"),
        *("invoice_date", "advance_date", "status", "payment_date", "paid_date", "net_price", "tax_price"),
        *("gross_price", "left_to_pay", "client_id", "client_uuid", "client_company_name", "client_first_name"),
        *("client_last_name", "client_business_activity_kind", "client_street", "client_street_number"),
        *("client_flat_number", "client_city", "client_post_code", "client_tax_code", "client_country"),
        *("client_email", "client_phone", "client_days_to_payment", "client_notes", "check_duplicate_number"),
        *("bank_account", "bank_name", "swift", "bank_id", "vat_exemption_reason", "sale_type", "invoice_date_kind"),
        *("document_markings_ids", "transaction_kind_id", "bdo_code", "receipt_number", "not_income"),
        *("vat_exchange_date_kind", "sales_kind", "third_party_addresses", "transaction_terms"),
        *("local_government_recipient_address", "previous_advance_id", "previous_advances", "next_advances"),
        *("parent_invoice_data", "services", "ksef_number", "amount_in_words", "created_at", "ksef_data"),
        status=read_alone("status"),
        invoice_date_kind=read_alone("invoice_date_kind"),
        services=INHERITED_SERVICES,
    ),
    example={
        "client_company_name": "Gęśl sp. z o.o.",
        "payment_method": "cash",
        "advance_price": 40000,
        "services": [{"name": "Altana", "tax_symbol": "23", "unit_net_price": 100000}],
    },
)


def prepare(books: Books, given: Given, old: Invoice | None) -> None:
    """What was taken in has to be told; it was taken in today unless something else is said."""
    if old is None:
        given["kind"] = "tax_document"
        if given.get("taxable_on") is None:
            given["taxable_on"] = books.today
    amount = given.get("advance_amount", old.advance_amount if old else None)
    if amount is None and old is None:
        refuse(given, "advance_amount", "blank")
    elif amount is not None and amount <= ZERO:
        refuse(given, "advance_amount", "not_positive")


RESOURCE = Resource("/advance_invoices", ADVANCE_INVOICE, ("tax_document",), "advance", prepare, EVERYWHERE)

ENDPOINTS = (
    *endpoints(RESOURCE),
    number_endpoint(RESOURCE, lambda call: tell_next_number(call, "tax_document", RESOURCE.numbered)),
)
