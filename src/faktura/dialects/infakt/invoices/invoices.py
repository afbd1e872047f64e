"""VAT and proforma invoices (section 6)."""

from faktura.core.books.books import Books
from faktura.core.documents.record import DocumentKind
from faktura.core.errors import Given
from faktura.core.invoices.payment_links import filled, find_payment_link
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.sharing import find_share_link
from faktura.dialects.infakt.door import errors
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.door.links import shared_url
from faktura.dialects.infakt.invoices.capabilities import endpoints, number_endpoint
from faktura.dialects.infakt.invoices.documents import EVERYWHERE, Resource, tell_next_number, view_of
from faktura.dialects.infakt.invoices.fields import KIND, View, fields
from faktura.wire.endpoints import Answer, Parameter
from faktura.wire.fields import Field, Shape
from faktura.wire.values import choice

INVOICE: Shape[Invoice, View | None] = Shape(
    "invoice",
    Invoice,
    fields(
        *("id", "uuid", "parent_id", "number", "currency", "paid_price", "notes", "kind", "payment_method"),
        *("split_payment_available", "split_payment", "split_payment_type", "recipient_signature", "seller_signature"),
        *("invoice_date", "sale_date", "vat_date_value", "continuous_service_start_on", "continuous_service_end_on"),
        *("occasional_sale", "status", "payment_date", "paid_date", "net_price", "tax_price", "gross_price"),
        *("left_to_pay", "client_id", "client_uuid", "client_company_name", "client_first_name", "client_last_name"),
        *("client_business_activity_kind", "client_street", "client_street_number", "client_flat_number"),
        *("client_city", "client_post_code", "client_tax_code", "client_country", "client_email", "client_phone"),
        *("bank_account", "bank_name", "swift", "vat_exemption_reason", "sale_type", "invoice_date_kind"),
        *("document_markings_ids", "transaction_kind_id", "bdo_code", "receipt_number", "not_income"),
        *("vat_exchange_date_kind", "sales_kind", "amount_in_words", "building_service", "created_at"),
        *("reconciliation_id", "services", "transaction_terms", "third_party_addresses"),
        *("local_government_recipient_address", "local_government_seller_address", "related_documents"),
        *("ksef_number", "extensions", "ksef_data", "check_duplicate_number"),
        kind=Field("kind", KIND, nullable=False),
    ),
    example={
        "client_company_name": "Gęśl sp. z o.o.",
        "payment_method": "cash",
        "services": [{"name": "Usługa", "tax_symbol": "23", "quantity": 1, "unit_net_price": 6623}],
    },
)

NUMBERED: dict[str, DocumentKind] = {
    "vat": "invoice",
    "proforma": "proforma",
    "advance": "tax_document",
    "final": "final_invoice",
    "margin": "margin_invoice",
}
"""By value of `kind`."""

NUMBERED_KIND = Parameter("kind", choice(*NUMBERED), "The kind of document; `vat` where it is left out")


def prepare(_books: Books, given: Given, old: Invoice | None) -> None:
    """Every kind that is not issued here is a VAT invoice (17); nothing is issued by itself over a proforma."""
    if old is None and given.get("kind") != "proforma":
        given["kind"] = "invoice"
    elif old is None:
        given["follow_up"] = "none"


def view(call: Call, invoice: Invoice) -> View:
    link, payment = find_share_link(call.books, invoice), find_payment_link(call.books, invoice)
    address = None if link is None else shared_url(call.service, call.request, call.account, link)
    pay_at = None if payment is None else filled(payment, invoice)
    return View(view_of(call, invoice).sending, link, address, pay_at, call.books.account.payment_page is not None)


RESOURCE = Resource(
    "/invoices",
    INVOICE,
    ("invoice", "proforma"),
    "vat",
    prepare,
    EVERYWHERE | {"pay_later", "account"},
    frozenset({"printed", "sent", "paid"}),
    view,
)


def tell_number(call: Call) -> Answer:
    spelled = call.parameters.get(NUMBERED_KIND.name) or "vat"
    if spelled not in NUMBERED:
        raise errors.wrong_value(NUMBERED_KIND.name)
    return tell_next_number(call, NUMBERED[spelled], spelled)


ENDPOINTS = (
    *endpoints(RESOURCE),
    number_endpoint(RESOURCE, tell_number, NUMBERED_KIND),
)
