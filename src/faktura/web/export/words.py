"""What columns of a table are called, and how its numbers are written, in the language of whoever asks for it."""

from collections.abc import Mapping
from typing import Any

from babel.numbers import get_decimal_symbol
from flask_babel import get_locale, gettext, lazy_gettext
from flask_babel.speaklater import LazyString

from faktura.core.errors import Reason
from faktura.web.door.names import KINDS, STATUSES
from faktura.web.forms.sentences import REASONS

COLUMNS = {
    "number": lazy_gettext("Number"),
    "kind": lazy_gettext("Kind"),
    "status": lazy_gettext("Status"),
    "variable_symbol": lazy_gettext("Variable symbol"),
    "buyer_name": lazy_gettext("Customer"),
    "buyer_registration_no": lazy_gettext("Registration number"),
    "buyer_vat_no": lazy_gettext("VAT number"),
    "buyer_country": lazy_gettext("Country"),
    "issued_on": lazy_gettext("Issued"),
    "taxable_on": lazy_gettext("Taxable supply"),
    "due_on": lazy_gettext("Due"),
    "paid_on": lazy_gettext("Paid on"),
    "currency": lazy_gettext("Currency"),
    "net_total": lazy_gettext("Without VAT"),
    "vat_total": lazy_gettext("VAT"),
    "gross_total": lazy_gettext("Total"),
    "left_to_pay": lazy_gettext("Left"),
    "exchange_rate": lazy_gettext("Exchange rate"),
    "native_net_total": lazy_gettext("Without VAT, in the currency of the books"),
    "native_gross_total": lazy_gettext("Total, in the currency of the books"),
    "native_currency": lazy_gettext("Currency of the books"),
    "order_number": lazy_gettext("Order number"),
    "tags": lazy_gettext("Tags"),
    "note": lazy_gettext("Note"),
}


LEFT_OUT: Mapping[str, LazyString] = {
    "gone": lazy_gettext("The document was deleted meanwhile."),
    "not_printed": lazy_gettext("The document could not be printed."),
    "unbalanced": lazy_gettext("Its lines do not come to its sums. Please report this fault."),
    "under_oss": lazy_gettext("It is under the one-stop shop, and has to be entered by hand."),
}
"""Why a document is missing in a file, beside what the core refuses."""


def spelling() -> dict[str, Any]:
    """As a batch keeps it: the file is made later, by whom knows no language."""
    words = {name: str(said) for names in (COLUMNS, KINDS, STATUSES) for name, said in names.items()}
    reasons = {name: why_left_out(name) for name in (*LEFT_OUT, *UNTOLD)}
    heads = {"left_out": gettext("Left out"), "number": gettext("Number"), "reason": gettext("Reason")}
    return {"words": words, "reasons": heads | reasons, "decimal": decimal_sign()}


UNTOLD: tuple[Reason, ...] = ("cancelled", "without_lines", "without_rate", "without_original")


def why_left_out(code: str) -> str:
    """Nothing for what nobody knows."""
    if code in LEFT_OUT:
        return str(LEFT_OUT[code])
    return next((said() for name, said in REASONS.items() if name == code), "")


def decimal_sign() -> str:
    return get_decimal_symbol(get_locale())
