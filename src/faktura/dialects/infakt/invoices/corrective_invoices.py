"""Corrective invoices (section 7): what was and what is, or the dates that were wrong."""

from collections import defaultdict
from typing import Any

from faktura.core.books.books import Books
from faktura.core.documents.lines import made_ahead
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.dialects.infakt.invoices.capabilities import endpoints, number_endpoint
from faktura.dialects.infakt.invoices.documents import DATES_BEFORE, EVERYWHERE, Resource, tell_next_number
from faktura.dialects.infakt.invoices.fields import fields
from faktura.dialects.infakt.invoices.lines import CORRECTED_SERVICE
from faktura.dialects.infakt.invoices.terms import refuse
from faktura.wire.fields import Field, Shape, list_of

CORRECTIVE_INVOICE: Shape[Invoice, Any] = Shape(
    "corrective_invoice",
    Invoice,
    fields(
        *("id", "uuid", "number", "currency", "paid_price", "notes", "kind", "payment_method"),
        *("split_payment_available", "split_payment", "split_payment_type", "recipient_signature", "seller_signature"),
        *("invoice_date", "sale_date", "vat_date_value", "continuous_service_start_on", "continuous_service_end_on"),
        *("occasional_sale", "status", "payment_date", "paid_date", "net_price", "tax_price", "gross_price"),
        *("left_to_pay", "client_id", "client_uuid", "client_company_name", "client_first_name", "client_last_name"),
        *("client_business_activity_kind", "client_street", "client_street_number", "client_flat_number"),
        *("client_city", "client_post_code", "client_tax_code", "client_country", "client_email", "client_phone"),
        *("bank_account", "bank_name", "swift", "vat_exemption_reason", "sale_type", "invoice_date_kind"),
        *("document_markings_ids", "transaction_kind_id", "bdo_code", "receipt_number", "not_income"),
        *("vat_exchange_date_kind", "sales_kind", "amount_in_words", "building_service", "created_at"),
        *("reconciliation_id", "corrected_invoice_number", "corrected_invoice_date", "corrected_invoice_uuid"),
        *("corrected_invoice_gross_price", "confirmation", "confirmation_date", "correction_reason"),
        *("correction_reason_symbol", "check_correction_obligation", "sale_date_before_correction"),
        *("continuous_service_start_on_before_correction", "continuous_service_end_on_before_correction"),
        *("services", "transaction_terms", "third_party_addresses", "local_government_recipient_address"),
        *("local_government_seller_address", "ksef_number", "ksef_data", "check_duplicate_number"),
        services=Field("services", list_of(CORRECTED_SERVICE, given=True, made=made_ahead), "lines", nullable=False),
    ),
    example={
        "client_company_name": "Gęśl sp. z o.o.",
        "payment_method": "cash",
        "corrected_invoice_number": "1/11/2026",
        "correction_reason": "mistake",
        "services": [
            {"name": "Usługa", "tax_symbol": "23", "unit_net_price": 6623, "group": 1, "correction": False},
            {"name": "Usługa", "tax_symbol": "23", "unit_net_price": 6600, "group": 1, "correction": True},
        ],
    },
)


def prepare(_books: Books, given: Given, old: Invoice | None) -> None:
    """A number says what is corrected, beside a uuid, too; dates and lines never together; lines in pairs (7.2)."""
    if old is None:
        given["kind"] = "correction"
    if old is None and given.get("corrected_uuid") and not given.get("corrected_number"):
        refuse(given, "corrected_number", "blank")
    has_lines = bool(given.get("lines") or (old is not None and "lines" not in given and old.lines))
    if has_lines and any(given.get(name) for name in DATES_BEFORE):
        refuse(given, "base", "not_together")
    pair_up(given)


def pair_up(given: Given) -> None:
    """Every line says which of a pair it is, and of every pair both are there."""
    pairs: dict[int, list[bool]] = defaultdict(list)
    for line in given.get("lines") or ():
        line["after"] = bool(line.get("after"))
        if (group := line.get("group")) is not None:
            pairs[group].append(line["after"])
        elif "group" not in line.unread:
            refuse(given, "lines.group", "blank")
    if any(sorted(found) != [False, True] for found in pairs.values()):
        refuse(given, "lines.group", "malformed")


RESOURCE = Resource(
    "/corrective_invoices",
    CORRECTIVE_INVOICE,
    ("correction",),
    "corrective_invoice",
    prepare,
    EVERYWHERE,
    frozenset({"printed", "sent", "paid"}),
)

ENDPOINTS = (
    *endpoints(RESOURCE),
    number_endpoint(RESOURCE, lambda call: tell_next_number(call, "correction", RESOURCE.numbered)),
)
