"""What the attributes of records are called to people; what follows from others, or is for programs, has no name."""

from collections.abc import Iterator, Mapping
from itertools import chain

from flask_babel import get_locale, lazy_gettext
from flask_babel.speaklater import LazyString

from faktura.core.bank_accounts import BankAccount
from faktura.core.contacts import Contact
from faktura.core.documents.numbering import NumberFormat
from faktura.core.ksef.connection import KsefConnection
from faktura.core.people.accounts import Account
from faktura.outputs.words.words import labels_in
from faktura.web.contacts.form import CONTACT
from faktura.web.forms.fields import Words
from faktura.web.forms.form import Form
from faktura.web.settings.account import ACCOUNT
from faktura.web.settings.bank_accounts import BANK
from faktura.web.settings.bookkeeping import BOOKKEEPING
from faktura.web.settings.e_invoices import E_INVOICES
from faktura.web.settings.ksef import KSEF
from faktura.web.settings.ksef_connect import WHO
from faktura.web.settings.look import LOOK
from faktura.web.settings.numbers import NEW
from faktura.web.settings.texts import TEXTS

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
    "margin_kind": lazy_gettext("Margin scheme"),
    "original_number": lazy_gettext("Number of the supplier"),
    "received_on": lazy_gettext("Received on"),
    "description": lazy_gettext("Description"),
    "remind_due": lazy_gettext("Is reminded of before it is due"),
    "deductible_percent": lazy_gettext("VAT that is deducted, in percent"),
    "proforma": lazy_gettext("Proformas are made of it"),
    "recurring": lazy_gettext("Issues by itself"),
    "active": lazy_gettext("Is not paused"),
    "start_on": lazy_gettext("First document on"),
    "end_on": lazy_gettext("No document after"),
    "months": lazy_gettext("Months between documents"),
    "next_on": lazy_gettext("Next document on"),
    "on_last_day": lazy_gettext("On the last day of the month"),
    "send_email": lazy_gettext("Sent by e-mail by itself"),
    "failed_at": lazy_gettext("Could not be issued"),
    "taxed_at_end_of_last_month": lazy_gettext("Taxed on the last day of the month before"),
    "tax_deductible": lazy_gettext("Lowers the tax on income"),
    "category": lazy_gettext("Category"),
    "accounting": lazy_gettext("Books"),
    "accounted_on": lazy_gettext("In the books since"),
    "notes": lazy_gettext("Notes"),
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
    "oss_service": lazy_gettext("Sort of service"),
    "supply_place": lazy_gettext("Evidence of the place"),
    "supply_place_secondary": lazy_gettext("Second evidence of the place"),
    "service_from": lazy_gettext("Service from"),
    "service_until": lazy_gettext("Service until"),
    "sent_at": lazy_gettext("Sent"),
    "printed_at": lazy_gettext("Printed"),
    "cancelled_at": lazy_gettext("Cancelled"),
    "uncollectible_at": lazy_gettext("Given up as uncollectible"),
    "locked_at": lazy_gettext("Locked"),
    "ksef_number": lazy_gettext("KSeF number"),
    "reminded_at": lazy_gettext("Reminded"),
    "last_reminded_at": lazy_gettext("Last reminded"),
    "due_date_reminded_at": lazy_gettext("Reminded before the due date"),
    "reminders_off": lazy_gettext("Reminders are off"),
    "seen_on": lazy_gettext("Opened by the customer"),
    "follow_up": lazy_gettext("What follows when it is paid"),
    "corrected_on": lazy_gettext("Day of the corrected document"),
    "correction_confirmed": lazy_gettext("Correction is confirmed"),
    "correction_confirmed_on": lazy_gettext("Correction confirmed on"),
    "vat_exemption": lazy_gettext("Legal basis of the exemption"),
    "document_markings": lazy_gettext("Markings"),
    "transaction_kind": lazy_gettext("Kind of transaction"),
    "classification": lazy_gettext("Classification"),
    "third_parties": lazy_gettext("Third parties"),
    "transaction_terms": lazy_gettext("Terms of the transaction"),
    "receipt_number": lazy_gettext("Number of the receipt"),
    "bdo_code": lazy_gettext("Waste register number"),
    "buyer_reference": lazy_gettext("Buyer reference"),
    "first_name": lazy_gettext("First name"),
    "last_name": lazy_gettext("Last name"),
    "street": lazy_gettext("Street"),
    "street_number": lazy_gettext("House number"),
    "flat_number": lazy_gettext("Flat number"),
    "activity_kind": lazy_gettext("Kind of business"),
    "receiver": lazy_gettext("Who receives documents"),
    "mailing_as_main": lazy_gettext("Letters arrive at the main address"),
    "unreliable": lazy_gettext("Unreliable payer of VAT"),
    "unreliable_checked_at": lazy_gettext("Reliability was looked up"),
    "legal_form": lazy_gettext("Legal form"),
    "vat_mode": lazy_gettext("VAT"),
    "update_from_registry": lazy_gettext("Is brought up to date from the registry"),
    "attach_invoice_pdf": lazy_gettext("Letters bring the document as PDF"),
    "attach_estimate_pdf": lazy_gettext("Letters bring the estimate as PDF"),
    "suggested": lazy_gettext("Is suggested while typing"),
    "custom_email_text": lazy_gettext("Text of letters"),
    "invoice_from_proforma_email_text": lazy_gettext("Text of the letter after a paid proforma"),
    "thank_you_email_text": lazy_gettext("Text of thanks"),
    "custom_estimate_email_text": lazy_gettext("Text of letters with an estimate"),
    "invoice_history": lazy_gettext("Which documents the customer sees"),
    "unit": lazy_gettext("Unit"),
    "unit_net_price": lazy_gettext("Price without VAT"),
    "unit_price": lazy_gettext("Price of a unit"),
    "unit_net_price_before_discount": lazy_gettext("Price without VAT before the discount"),
    "net_price": lazy_gettext("Price of the whole quantity without VAT"),
    "gross_price": lazy_gettext("Price with VAT"),
    "purchase_unit_net_price": lazy_gettext("Purchase price without VAT"),
    "purchase_unit_gross_price": lazy_gettext("Purchase price with VAT"),
    "vat_treatment": lazy_gettext("Whether VAT is charged"),
    "lump_sum_rate": lazy_gettext("Rate of the lump-sum tax"),
    "sku": lazy_gettext("Stock keeping unit"),
    "article_number_type": lazy_gettext("Kind of article number"),
    "article_number": lazy_gettext("Article number"),
    "supply_type": lazy_gettext("Goods or a service"),
    "suggested_for": lazy_gettext("Is offered for"),
    "retail_prices": lazy_gettext("Prices in other currencies"),
    "track_quantity": lazy_gettext("Is counted"),
    "min_quantity": lazy_gettext("Fewest that should be in stock"),
    "max_quantity": lazy_gettext("Most that should be in stock"),
    "allow_below_zero": lazy_gettext("More may go out than there is"),
    "stock": lazy_gettext("In stock"),
    "average_purchase_price": lazy_gettext("Average purchase price"),
    "last_purchase_price": lazy_gettext("Last purchase price"),
    "low_since": lazy_gettext("Too few since"),
    "direction": lazy_gettext("In or out"),
    "moved_on": lazy_gettext("Day of the move"),
    "quantity_change": lazy_gettext("Quantity"),
    "purchase_price": lazy_gettext("Purchase price of a unit"),
    "purchase_currency": lazy_gettext("Currency of the purchase price"),
    "native_purchase_price": lazy_gettext("Purchase price of a unit in the currency of the account"),
    "retail_price": lazy_gettext("Retail price of a unit"),
    "retail_currency": lazy_gettext("Currency of the retail price"),
    "native_retail_price": lazy_gettext("Retail price of a unit in the currency of the account"),
    "pairing": lazy_gettext("Incoming payments are matched"),
    "expense_pairing": lazy_gettext("Outgoing payments are matched"),
    "payment_adjustment": lazy_gettext("Small differences of payments are evened out"),
    "default": lazy_gettext("Usual"),
    "archived": lazy_gettext("Set aside"),
    "permission": lazy_gettext("Rights"),
    "scopes": lazy_gettext("What they may open"),
    "shut_out": lazy_gettext("Application shut out"),
    "hide_bank_account_for": lazy_gettext("Bank account is hidden for"),
    "estimate_kind": lazy_gettext("What an estimate is called"),
    "reminders": lazy_gettext("Reminders"),
    "reminder_subject": lazy_gettext("Subject of a reminder"),
    "reminder_body": lazy_gettext("Text of a reminder"),
    "paypal_enabled": lazy_gettext("PayPal is offered"),
    "gopay_enabled": lazy_gettext("GoPay is offered"),
    "update_contacts_from_registry": lazy_gettext("Contacts are brought up to date from the registry"),
    "job": lazy_gettext("Job"),
    "contact_name": lazy_gettext("Contact person"),
    "error": lazy_gettext("Reason"),
}

OF_LAW: Mapping[str, str] = {"gtu": "GTU", "pkwiu": "PKWiU", "cn": "CN", "pkob": "PKOB"}
"""Classes of goods are called so in every language."""

BEFORE: Mapping[str, LazyString] = {
    "buyer_": lazy_gettext("Customer"),
    "delivery_": lazy_gettext("Delivery address"),
    "mailing_": lazy_gettext("Postal address"),
}
"""What is said of a party or an address is called as with a contact, below the label of that party."""


def label_of(kind: str, attribute: str) -> str | None:
    """In the language of the page; None for what people are not shown.

    As the form of the record's `kind`, its table, calls it, or as documents do, or as with a contact.
    """
    words = labels_in(str(get_locale()))
    if attribute in _OF_FORMS.get(kind, {}):
        return str(_OF_FORMS[kind][attribute])
    if attribute in OF_DOCUMENTS:
        return words[OF_DOCUMENTS[attribute]]
    if attribute in OWN or attribute in OF_LAW:
        return str(OWN.get(attribute) or OF_LAW[attribute])
    for prefix, party in BEFORE.items():
        if attribute.startswith(prefix):
            own = label_of(kind, attribute.removeprefix(prefix))
            return f"{party}: {own}" if own else None
    return str(_OF_CONTACTS[attribute]) if attribute in _OF_CONTACTS else None


def _labelled(*forms: Form) -> Iterator[tuple[str, Words]]:
    fields = chain.from_iterable(form.fields.values() for form in forms)
    return ((field.name, field.label) for field in fields)


KSEF_FACTS: dict[str, Words] = {
    "method": lazy_gettext("Connected by"),
    "last_error": lazy_gettext("Why"),
    "certificate_until": lazy_gettext("Certificate ends"),
    "offline_until": lazy_gettext("Certificate for working offline ends"),
}

_OF_CONTACTS = dict(_labelled(CONTACT))

_OF_FORMS: Mapping[str, Mapping[str, Words]] = {
    Contact.table_name: _OF_CONTACTS,
    BankAccount.table_name: dict(_labelled(BANK)),
    NumberFormat.table_name: dict(_labelled(NEW)),
    KsefConnection.table_name: dict(_labelled(KSEF, Form(*WHO))) | KSEF_FACTS,
    Account.table_name: dict(_labelled(ACCOUNT, TEXTS, LOOK, BOOKKEEPING, E_INVOICES)),
}
