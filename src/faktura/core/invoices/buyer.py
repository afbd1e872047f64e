"""Who buys and on which terms, copied on the day of issue: later changes of the contact leave documents alone."""

from collections.abc import Set as AbstractSet
from typing import Any

from faktura.core.codes import countries
from faktura.core.contacts import STREET_LINE, Contact, tax_digits
from faktura.core.errors import Problems
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.store.records import LONGEST_INDEXED


def buyer_of(contact: Contact) -> dict[str, Any]:
    """The attributes of a document that tell its buyer."""
    return {
        "contact_id": contact.id,
        "buyer_name": contact.name,
        "buyer_uuid": contact.uuid,
        "buyer_email": contact.email,
        "buyer_phone": contact.phone,
        "buyer_contact_name": contact.full_name,
        "buyer_custom_id": contact.custom_id,
        "buyer_activity_kind": contact.activity_kind,
        "buyer_first_name": contact.first_name,
        "buyer_last_name": contact.last_name,
        "buyer_street": contact.street,
        "buyer_street_number": contact.street_number,
        "buyer_flat_number": contact.flat_number,
        "buyer_city": contact.city,
        "buyer_postcode": contact.postcode,
        "buyer_country": contact.country,
        "buyer_registration_no": contact.registration_no,
        "buyer_vat_no": contact.vat_no,
        "buyer_local_vat_no": contact.local_vat_no,
        "buyer_electronic_scheme": contact.electronic_scheme,
        "buyer_electronic_address": contact.electronic_address,
        "buyer_reference": contact.buyer_reference,
    } | delivery_of(contact)


def delivery_of(contact: Contact) -> dict[str, Any]:
    return {
        "has_delivery_address": contact.has_delivery_address,
        "delivery_name": contact.delivery_name,
        "delivery_street": contact.delivery_street,
        "delivery_city": contact.delivery_city,
        "delivery_postcode": contact.delivery_postcode,
        "delivery_country": contact.delivery_country,
    }


def terms_of(account: Account, contact: Contact) -> dict[str, Any]:
    """What account and contact have agreed on, where the document says nothing else."""
    return {
        "due_days": account.due_days if contact.due_days is None else contact.due_days,
        "language": contact.language or account.invoice_language,
        "currency": contact.currency or account.currency,
        "payment_method": contact.payment_method or account.payment_method or "bank",
        "note": contact.invoice_note or account.invoice_note,
        "footer_note": account.footer_note,
        "paypal": account.paypal_enabled,
        "gopay": account.gopay_enabled,
        "price_mode": "without_vat" if account.vat_price_mode == "without_vat" else "from_total_with_vat",
    }


def tidy_buyer(invoice: Invoice) -> None:
    """What is derived from the buyer's attributes; no delivery address where there is none."""
    invoice.buyer_tax_digits = tax_digits(invoice.buyer_vat_no)
    invoice.buyer_country = (invoice.buyer_country or "").upper() or None
    if not invoice.has_delivery_address:
        invoice.delivery_name = invoice.delivery_street = invoice.delivery_city = None
        invoice.delivery_postcode = invoice.delivery_country = None


def buyer_street_line(invoice: Invoice) -> str | None:
    """Street and numbers as they stand on a letter."""
    numbers = "/".join(filter(None, (invoice.buyer_street_number, invoice.buyer_flat_number)))
    return f"{invoice.buyer_street or ''} {numbers}".strip() if numbers else invoice.buyer_street


def read_street_line(values: dict[str, Any], old: Invoice | None = None) -> None:
    """A street given as one line, as `street_line`, replaces street and numbers unless it says what they say."""
    if STREET_LINE not in values:
        return
    line = values.pop(STREET_LINE)
    if old is None or line != buyer_street_line(old):
        values |= {"buyer_street": line, "buyer_street_number": None, "buyer_flat_number": None}


def check_buyer(invoice: Invoice, attributes: AbstractSet[str], problems: Problems) -> None:
    """Add what is wrong with what is said of the buyer."""
    if not invoice.buyer_name.strip() and "buyer_name" not in problems:
        problems.add("buyer_name", "blank")
    if len(invoice.buyer_name) > LONGEST_INDEXED:
        problems.add("buyer_name", "too_long", LONGEST_INDEXED)
    for name in ("buyer_country", "delivery_country"):
        if name in attributes and (country := getattr(invoice, name)) is not None and country not in countries():
            problems.add(name, "not_in_list")
