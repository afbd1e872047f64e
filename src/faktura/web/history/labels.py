"""What the attributes of records are called to people; what follows from others, or is for programs, has no name."""

from collections.abc import Mapping

from flask_babel import get_locale, lazy_gettext
from flask_babel.speaklater import LazyString

from faktura.outputs.words.words import labels_in
from faktura.web.contacts.form import CONTACT

OF_DOCUMENTS: Mapping[str, str] = {
    **{name: name for name in ("order_number", "bank_name", "issued_on", "taxable_on", "due_on", "paid_on")},
    **{name: name for name in ("payment_method", "exchange_rate", "lines", "net_total", "vat_total", "rounding")},
    **{name: name for name in ("quantity", "discount", "vat_rate", "attachments", "split_payment")},
    **{name: name for name in ("corrected_number", "correction_reason", "buyer_signature", "seller_signature")},
    "gross_total": "total",
    "paid_amount": "paid",
    "advance_amount": "advance_received",
}
"""By attribute the label that stands on documents (`src/faktura/outputs/words/`)."""

OWN: Mapping[str, LazyString] = {
    "number": lazy_gettext("Number"),
    "status": lazy_gettext("Status"),
    "kind": lazy_gettext("Kind"),
    "note": lazy_gettext("Note"),
    "footer_note": lazy_gettext("Text below"),
    "tags": lazy_gettext("Tags"),
    "payments": lazy_gettext("Payments"),
    "custom_payment_method": lazy_gettext("Payment method in own words"),
    "iban_visibility": lazy_gettext("Where the IBAN stands"),
    "hide_bank_account": lazy_gettext("Bank account is hidden"),
    "paypal": lazy_gettext("PayPal"),
    "gopay": lazy_gettext("GoPay"),
    "show_paid_note": lazy_gettext("Says that it is paid"),
    "price_mode": lazy_gettext("What prices are of"),
    "tally": lazy_gettext("How VAT is added up"),
    "round_total": lazy_gettext("Total is rounded"),
    "reverse_charge": lazy_gettext("Reverse charge"),
    "supply_code": lazy_gettext("Code of the supply"),
    "oss": lazy_gettext("One-stop shop"),
    "service_from": lazy_gettext("Service from"),
    "service_until": lazy_gettext("Service until"),
    "sent_at": lazy_gettext("Sent"),
    "printed_at": lazy_gettext("Printed"),
    "cancelled_at": lazy_gettext("Cancelled"),
    "uncollectible_at": lazy_gettext("Given up as uncollectible"),
    "locked_at": lazy_gettext("Locked"),
    "reminded_at": lazy_gettext("Reminded"),
    "last_reminded_at": lazy_gettext("Last reminded"),
    "seen_on": lazy_gettext("Opened by the customer"),
    "follow_up": lazy_gettext("What follows when it is paid"),
    "corrected_on": lazy_gettext("Day of the corrected document"),
    "correction_confirmed": lazy_gettext("Correction is confirmed"),
    "correction_confirmed_on": lazy_gettext("Correction confirmed on"),
    "vat_exemption": lazy_gettext("Legal basis of the exemption"),
    "document_markings": lazy_gettext("Markings"),
    "transaction_kind": lazy_gettext("Kind of transaction"),
    "third_parties": lazy_gettext("Third parties"),
    "transaction_terms": lazy_gettext("Terms of the transaction"),
    "receipt_number": lazy_gettext("Number of the receipt"),
    "bdo_code": lazy_gettext("Waste register number"),
    "first_name": lazy_gettext("First name"),
    "last_name": lazy_gettext("Last name"),
    "street": lazy_gettext("Street"),
    "street_number": lazy_gettext("House number"),
    "flat_number": lazy_gettext("Flat number"),
    "unit": lazy_gettext("Unit"),
    "unit_net_price": lazy_gettext("Price without VAT"),
    "gross_price": lazy_gettext("Price with VAT"),
    "default": lazy_gettext("Usual"),
    "permission": lazy_gettext("Rights"),
}

BEFORE: Mapping[str, str] = {"buyer_": "buyer", "delivery_": "delivery"}
"""What is said of a party of a document is called as with a contact, under the party's own label."""


def label_of(attribute: str) -> str | None:
    """In the language of the page; None for what people are not shown."""
    words = labels_in(str(get_locale()))
    if attribute in OF_DOCUMENTS:
        return words[OF_DOCUMENTS[attribute]]
    if attribute in OWN:
        return str(OWN[attribute])
    for prefix, party in BEFORE.items():
        if attribute.startswith(prefix):
            own = label_of(attribute.removeprefix(prefix))
            return f"{words[party]}: {own}" if own else None
    return str(_OF_CONTACTS[attribute]) if attribute in _OF_CONTACTS else None


_OF_CONTACTS = {field.name: field.label for field in CONTACT.fields.values()}
