"""Invoices (2.6) field by field: the core's documents, as this contract spells them."""

from typing import Any
from urllib.parse import quote

import msgspec

from faktura.core.contacts import STREET_LINE
from faktura.core.documents.record import CORRECTIONS
from faktura.core.invoices.buyer import buyer_street_line
from faktura.core.invoices.record import Invoice
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.values import (
    BOOLEAN,
    CURRENCY,
    DATE,
    DECIMAL,
    INTEGER,
    LANGUAGE,
    MOMENT,
    RATE,
    TEXT,
    show_moment,
)
from faktura.dialects.fakturoid.invoices.parts import ADVANCE, FOLLOW_UP, PAYMENT
from faktura.dialects.fakturoid.parts.attachments import ATTACHMENTS, ONE_ATTACHMENT, shown_files
from faktura.dialects.fakturoid.parts.lines import LINES, VAT_RATES_SUMMARY
from faktura.dialects.fakturoid.parts.payments import Paid
from faktura.dialects.fakturoid.parts.terms import CUSTOM_PAYMENT_METHOD, PAYMENT_METHOD, TAGS
from faktura.wire.fields import Field, Kind, Shape, Unreadable, list_of, read_only
from faktura.wire.values import choice, read_integer

_TYPE = choice("invoice", "proforma", "partial_proforma", "correction", "tax_document", "final_invoice")
SHOWN_AS = {"margin_invoice": "invoice", "oss_invoice": "invoice", "oss_correction": "correction"}
"""Kinds that the contract knows no other word for; what was sold under the one-stop shop, `oss` says."""

KIND = msgspec.structs.replace(_TYPE, show=lambda kind: SHOWN_AS.get(kind, kind))
"""A margin invoice is an invoice without VAT here: the contract knows no other word for it."""

STATUS = choice("open", "sent", "overdue", "paid", "cancelled", "uncollectible")

MOST_IDS = 1000


def _read_ids(value: Any) -> tuple[int, ...]:
    if not isinstance(value, list) or len(value) > MOST_IDS:
        raise Unreadable("malformed")
    return tuple(read_integer(item) or 0 for item in value)


IDS = Kind({"type": "array", "items": {"type": "integer"}}, _read_ids, list)
RECORDS = Kind({"type": "array", "items": {"type": "object"}}, list)


def _locked_at(invoice: Invoice, _view: View) -> str | None:
    """By whoever locked it, or since KSeF has it."""
    locked_at = invoice.locked_at or (invoice.ksef and invoice.ksef.accepted_at)
    return show_moment(locked_at) if locked_at else None


def public_url(invoice: Invoice, view: View) -> str:
    return f"{view.web_url}/p/{invoice.token}/{quote(invoice.number, safe='')}"


INVOICE: Shape[Invoice, View] = Shape(
    "invoice",
    Invoice,
    (
        read_only("id", INTEGER, nullable=False),
        Field("custom_id", TEXT),
        Field("document_type", KIND, "kind", nullable=False),
        Field("proforma_followup_document", FOLLOW_UP, "follow_up"),
        Field("tax_documents_ids", IDS, "tax_document_ids", access="write"),
        Field("tax_document_ids", IDS, access="write"),
        # From a correction to what it corrects, from there to the correction.
        Field(
            "correction_id",
            INTEGER,
            "corrected_id",
            showing=lambda i, _: i.corrected_id if i.kind in CORRECTIONS else i.correction_id,
        ),
        Field("number", TEXT, nullable=False),
        Field("number_format_id", INTEGER),
        Field("variable_symbol", TEXT),
        read_only("your_name", TEXT, "seller.name", nullable=False),
        read_only("your_street", TEXT, "seller.street"),
        read_only("your_city", TEXT, "seller.city"),
        read_only("your_zip", TEXT, "seller.postcode"),
        read_only("your_country", TEXT, "seller.country", nullable=False),
        read_only("your_registration_no", TEXT, "seller.registration_no"),
        read_only("your_vat_no", TEXT, "seller.vat_no"),
        read_only("your_local_vat_no", TEXT, "seller.local_vat_no"),
        Field("client_name", TEXT, "buyer_name", nullable=False),
        Field("client_street", TEXT, STREET_LINE, showing=lambda invoice, _: buyer_street_line(invoice)),
        Field("client_city", TEXT, "buyer_city"),
        Field("client_zip", TEXT, "buyer_postcode"),
        Field("client_country", TEXT, "buyer_country"),
        Field("client_registration_no", TEXT, "buyer_registration_no"),
        Field("client_vat_no", TEXT, "buyer_vat_no"),
        Field("client_local_vat_no", TEXT, "buyer_local_vat_no"),
        Field("client_has_delivery_address", BOOLEAN, "has_delivery_address", nullable=False),
        Field("client_delivery_name", TEXT, "delivery_name"),
        Field("client_delivery_street", TEXT, "delivery_street"),
        Field("client_delivery_city", TEXT, "delivery_city"),
        Field("client_delivery_zip", TEXT, "delivery_postcode"),
        Field("client_delivery_country", TEXT, "delivery_country"),
        Field("subject_id", INTEGER, "contact_id", nullable=False),
        Field("subject_custom_id", TEXT, "buyer_custom_id"),
        read_only("generator_id", INTEGER),
        Field("related_id", INTEGER),
        Field("paypal", BOOLEAN, nullable=False),
        Field("gopay", BOOLEAN, nullable=False),
        read_only("token", TEXT, nullable=False),
        read_only("status", STATUS, nullable=False),
        Field("order_number", TEXT),
        Field("issued_on", DATE, nullable=False),
        Field("taxable_fulfillment_due", DATE, "taxable_on"),
        Field("due", INTEGER, "due_days", nullable=False),
        read_only("due_on", DATE, nullable=False),
        read_only("sent_at", MOMENT),
        read_only("paid_on", DATE),
        read_only("reminder_sent_at", MOMENT, "reminded_at"),
        read_only("last_reminder_sent_at", MOMENT, "last_reminded_at"),
        read_only("due_date_reminder_sent_at", MOMENT, "due_date_reminded_at"),
        read_only("cancelled_at", MOMENT),
        read_only("uncollectible_at", MOMENT),
        read_only("locked_at", MOMENT, showing=_locked_at),
        read_only("webinvoice_seen_on", DATE, "seen_on"),
        Field("note", TEXT),
        Field("footer_note", TEXT),
        Field("private_note", TEXT),
        Field("tags", TAGS, nullable=False),
        Field("bank_account_id", INTEGER, access="write"),
        Field("bank_account", TEXT),
        Field("iban", TEXT),
        Field("swift_bic", TEXT, "bic"),
        Field("iban_visibility", choice("automatically", "always"), nullable=False),
        Field("show_already_paid_note_in_pdf", BOOLEAN, "show_paid_note", nullable=False),
        PAYMENT_METHOD,
        CUSTOM_PAYMENT_METHOD,
        Field("hide_bank_account", BOOLEAN),
        Field("currency", CURRENCY, nullable=False),
        Field("exchange_rate", RATE),
        Field("language", LANGUAGE, nullable=False),
        Field("transferred_tax_liability", BOOLEAN, "reverse_charge", nullable=False),
        Field("supply_code", TEXT),
        Field("oss", choice("disabled", "service", "goods"), nullable=False),
        Field("vat_price_mode", choice("without_vat", "from_total_with_vat"), "price_mode", nullable=False),
        Field("round_total", BOOLEAN, nullable=False),
        read_only("subtotal", DECIMAL, "net_total", nullable=False),
        read_only("total", DECIMAL, "gross_total", nullable=False),
        read_only("native_subtotal", DECIMAL, "native_net_total"),
        read_only("native_total", DECIMAL, "native_gross_total"),
        read_only("rounding_adjustment", DECIMAL, "rounding", nullable=False),
        read_only("remaining_amount", DECIMAL, nullable=False),
        read_only("remaining_native_amount", DECIMAL, "native_remaining_amount"),
        # Sales were registered with the state until 2023; documents of this server never were.
        read_only("eet_records", RECORDS, nullable=False, showing=lambda _invoice, _view: []),
        LINES,
        VAT_RATES_SUMMARY,
        read_only("paid_advances", list_of(ADVANCE), "deductions", nullable=False),
        read_only(
            "payments",
            list_of(PAYMENT),
            nullable=False,
            showing=lambda invoice, view: [PAYMENT.show(Paid(p, invoice), view) for p in invoice.payments],
        ),
        Field("attachment", ONE_ATTACHMENT, "files", access="write"),
        Field(
            "attachments",
            ATTACHMENTS,
            "files",
            nullable=False,
            showing=lambda invoice, view: shown_files(invoice, "invoices", view),
        ),
        read_only("html_url", TEXT, nullable=False, showing=lambda i, view: f"{view.web_url}/invoices/{i.id}"),
        read_only("public_html_url", TEXT, nullable=False, showing=public_url),
        read_only("url", TEXT, nullable=False, showing=lambda i, view: f"{view.api_url}/invoices/{i.id}.json"),
        read_only(
            "pdf_url", TEXT, nullable=False, showing=lambda i, view: f"{view.api_url}/invoices/{i.id}/download.pdf"
        ),
        read_only(
            "subject_url",
            TEXT,
            nullable=False,
            showing=lambda i, view: f"{view.api_url}/subjects/{i.contact_id}.json",
        ),
        read_only("created_at", MOMENT, nullable=False),
        read_only("updated_at", MOMENT, nullable=False),
    ),
)
