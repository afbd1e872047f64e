"""The rules that every document keeps, whether it is issued or changed."""

import datetime as dt
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Any, NamedTuple, get_args

from faktura.core.codes import DocumentLanguage, is_currency
from faktura.core.documents.record import ZERO, Document, FollowUp, PaymentMethod, PriceMode
from faktura.core.errors import Problems
from faktura.core.money.amounts import LARGEST, fine
from faktura.store.records import LONGEST_INDEXED

LONGEST_CUSTOM_ID = 255
LONGEST_PAYMENT_METHOD = 20
LONGEST_DUE_DAYS = 3660
FIRST_YEAR, LAST_YEAR = 1900, 2200


class Rules(NamedTuple):
    """What a contract holds documents to: whether a given number must fit its format, and may be used twice.

    `old_currencies` are those no longer paid in that the contract lists. With `whole_seller` nothing is issued before
    the firm has said all that its documents must name: that is asked of people, not of programs.
    """

    number_fits_format: bool = False
    number_may_repeat: bool = False
    rate_required: bool = False
    old_currencies: frozenset[str] = frozenset()
    whole_seller: bool = False


RULES = Rules()


def tidy(document: Document) -> None:
    """Bring what was given into the form that is kept."""
    document.currency = document.currency.strip().upper()
    document.custom_id = (document.custom_id or "").strip() or None
    document.tags = tuple(dict.fromkeys(filter(None, (" ".join(tag.split()) for tag in document.tags))))
    if document.exchange_rate is not None:
        document.exchange_rate = fine(document.exchange_rate)
    if document.payment_method != "custom":
        document.custom_payment_method = None


def check(document: Document, attributes: AbstractSet[str], problems: Problems) -> None:
    """Add what is wrong with the attributes that were given."""
    for name, allowed in _LISTS.items():
        if name in attributes and (value := getattr(document, name)) is not None and value not in allowed():
            problems.add(name, "not_in_list")
    for name, limit in _LONGEST.items():
        if len(getattr(document, name) or "") > limit:
            problems.add(name, "too_long", limit)
    if document.exchange_rate is not None and not ZERO < document.exchange_rate < LARGEST:
        problems.add("exchange_rate", "not_positive")
    if abs(document.gross_total) >= LARGEST or abs(document.native_gross_total or ZERO) >= LARGEST:
        problems.add("lines", "too_large")


def check_currency(document: Document, before: str | None, rules: Rules, problems: Problems) -> None:
    """It was money on the day of issue; what a document, or the one that it corrects, had `before` may stay."""
    allowed = rules.old_currencies | {before}
    if document.currency not in allowed and not is_currency(document.currency, document.issued_on):
        problems.add("currency", "not_in_list")


def check_rate(document: Document, rules: Rules, problems: Problems) -> None:
    """A contract may ask for the rate of every currency that there is."""
    is_known = document.exchange_rate is not None or "exchange_rate" in problems or "currency" in problems
    if rules.rate_required and not is_known:
        problems.add("exchange_rate", "unknown_rate")


def check_dates(document: Document, problems: Problems, *, due: str = "due_days") -> None:
    """The day a document is due follows from its days, called `due` where they are given, and none is below zero."""
    days = {document.paid_on: "paid_on", document.taxable_on: "taxable_on", document.issued_on: "issued_on"}
    for day, name in days.items():
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            problems.add(name, "not_a_date")
    if "issued_on" in problems:
        return
    if document.due_days < 0:
        problems.add("due_on", "before_issue")
    elif document.due_days > LONGEST_DUE_DAYS:
        problems.add(due, "too_large")
    else:
        document.due_on = document.issued_on + dt.timedelta(days=document.due_days)
    if document.sale_date_kind == "continuous_service":
        for name in ("service_from", "service_until"):
            if getattr(document, name) is None and name not in problems:
                problems.add(name, "blank")
        if document.service_from and document.service_until and document.service_until < document.service_from:
            problems.add("service_until", "before_issue")


def due_days_between(issued_on: dt.date, due_on: dt.date) -> int:
    return (due_on - issued_on).days


def _listed(annotation: Any) -> Callable[[], frozenset[str]]:
    allowed = frozenset(get_args(annotation))
    return lambda: allowed


_LISTS: dict[str, Callable[[], frozenset[str]]] = {
    "payment_method": _listed(PaymentMethod),
    "follow_up": _listed(FollowUp),
    "price_mode": _listed(PriceMode),
    "language": _listed(DocumentLanguage),
}

_LONGEST = {
    "custom_id": LONGEST_CUSTOM_ID,
    "number": LONGEST_INDEXED,
    "custom_payment_method": LONGEST_PAYMENT_METHOD,
}
