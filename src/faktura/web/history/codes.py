"""What the codes are called that attributes hold: the names that forms and documents give them."""

from collections.abc import Callable, Mapping
from typing import Any

from flask_babel import get_locale, lazy_gettext
from flask_babel.speaklater import LazyString

from faktura.core.codes import country_name
from faktura.core.countries.pl.lists import document_markings, transaction_kinds, vat_exemptions
from faktura.outputs.words.words import METHODS, labels_in
from faktura.web.contacts.form import ROLES, SWITCH
from faktura.web.documents.fields import MARGIN_KINDS, OSS_SERVICES, PRICE_MODES, SOLD, TREATMENTS
from faktura.web.door.languages import language_name
from faktura.web.door.names import ACCOUNTINGS, CLASSIFICATIONS, EXPENSE_KINDS, NUMBERED, PERMISSIONS, STATUSES
from faktura.web.forms.choices import PROFILES, scheme_name
from faktura.web.settings.account import PRICES, VAT_MODES
from faktura.web.settings.ksef_words import ENVIRONMENTS, SEND_MODES
from faktura.web.settings.ksef_words import METHODS as METHODS_OF_KSEF

_NAMES: Mapping[str, Mapping[Any, LazyString]] = {
    "status": STATUSES,
    "environment": ENVIRONMENTS,
    "method": METHODS_OF_KSEF,
    "send_mode": SEND_MODES,
    "kind": {**EXPENSE_KINDS, **NUMBERED},
    "accounting": ACCOUNTINGS,
    "role": ROLES,
    "permission": PERMISSIONS,
    "vat_mode": VAT_MODES,
    "vat_price_mode": PRICES,
    "vat_treatment": {"taxed": lazy_gettext("VAT is charged"), **TREATMENTS, "margin": lazy_gettext("Margin scheme")},
    "price_mode": PRICE_MODES,
    "tally": {"by_rate": lazy_gettext("From the sum of each rate"), "by_line": lazy_gettext("Line by line")},
    "iban_visibility": {"automatically": lazy_gettext("By itself"), "always": lazy_gettext("Always")},
    "follow_up": {
        "final_invoice_paid": lazy_gettext("An invoice that is paid"),
        "final_invoice": lazy_gettext("A final invoice"),
        "tax_document": lazy_gettext("A tax document"),
        "none": lazy_gettext("Nothing"),
    },
    "oss_service": OSS_SERVICES,
    "oss": {"disabled": lazy_gettext("No"), **SOLD},
    "margin_kind": MARGIN_KINDS,
    "correction_reason": {"mistake": lazy_gettext("A mistake"), "other": lazy_gettext("Another reason")},
    "classification": CLASSIFICATIONS,
    "activity_kind": {
        "private_person": lazy_gettext("A private person"),
        "self_employed": lazy_gettext("Self-employed"),
        "other_business": lazy_gettext("Another business"),
    },
    "invoice_history": {
        "disabled": lazy_gettext("None"),
        "recent": lazy_gettext("Recent documents"),
        "client_portal": lazy_gettext("All documents"),
    },
    "article_number_type": {
        "ian": lazy_gettext("IAN"),
        "ean": lazy_gettext("EAN"),
        "isbn": lazy_gettext("ISBN"),
    },
    "supply_type": {"goods": lazy_gettext("Goods"), "service": lazy_gettext("Service")},
    "suggested_for": {
        "both": lazy_gettext("Invoices and expenses"),
        "invoices": lazy_gettext("Invoices"),
        "expenses": lazy_gettext("Expenses"),
    },
    "direction": {"in": lazy_gettext("In"), "out": lazy_gettext("Out")},
    "estimate_kind": {"estimate": lazy_gettext("Estimate"), "quote": lazy_gettext("Quote")},
    "scopes": {
        "invoices": lazy_gettext("Documents"),
        "expenses": lazy_gettext("Expenses"),
        "reports": lazy_gettext("Reports"),
    },
    **dict.fromkeys(("update_from_registry", "attach_invoice_pdf", "attach_estimate_pdf"), SWITCH),
    **dict.fromkeys(("send_reminders", "send_due_date_reminders"), SWITCH),
    **dict.fromkeys(("attach_isdoc", "embed_isdoc", "attach_ubl"), SWITCH),
    "e_invoice_profile": PROFILES,
}
"""By attribute, by code."""


def code_name(attribute: str, code: str) -> str | None:
    """In the language of the page; a text that is no code is itself, a code without words has none."""
    attribute = attribute.removeprefix("buyer_").removeprefix("delivery_").removeprefix("mailing_")
    if attribute in _NAMES:
        return str(_NAMES[attribute].get(code, code))
    if attribute in _CALLED:
        return _CALLED[attribute](code)
    return None if attribute in _NAMELESS else code


def _method_name(code: str) -> str | None:
    return labels_in(str(get_locale()))[code] if code in METHODS else None


def _basis(code: str) -> str:
    return vat_exemptions()[code].basis if code in vat_exemptions() else code


_CALLED: Mapping[str, Callable[[str], str | None]] = {
    "language": language_name,
    "electronic_scheme": scheme_name,
    "invoice_language": language_name,
    "country": lambda code: country_name(code, str(get_locale())),
    "payment_method": _method_name,
    "hide_bank_account_for": _method_name,
    "vat_exemption": _basis,
    "transaction_kind": lambda code: transaction_kinds()[code].name if code in transaction_kinds() else code,
    "document_markings": lambda code: document_markings()[code].name if code in document_markings() else code,
}

_NAMELESS = frozenset({"logo", "logo_url"})
"""Their values say nothing to people, so that only the attribute is named."""
