"""Change what an account says of its firm, and how its documents begin."""

import re
from collections.abc import Callable
from typing import Any, get_args

from stdnum.exceptions import ValidationError

from faktura.core.books.books import Books
from faktura.core.books.history import Event, differences
from faktura.core.books.office import Office
from faktura.core.codes import DocumentLanguage, countries, is_currency
from faktura.core.contacts import LONGEST_POSTCODE, is_email
from faktura.core.countries.known import country_of
from faktura.core.countries.numbers import Reading, read_vat_no_of, why_not
from faktura.core.countries.vat import EU
from faktura.core.documents.checks import LONGEST_DUE_DAYS
from faktura.core.e_invoices import Profile, check_address, tidy_address
from faktura.core.errors import Given, Problems
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import (
    Account,
    AccountPriceMode,
    EstimateKind,
    PaidBy,
    PaidElsewhere,
    VatMode,
    home_of,
)
from faktura.core.texts import check_texts
from faktura.store.queries import EVERYTHING
from faktura.store.records import LONGEST_INDEXED, changed, defaults_of

VAT_CODES = ("vat_code_eu_goods", "vat_code_eu_services", "vat_code_abroad", "vat_code_reverse_charge")

CHANGEABLE = frozenset(
    [
        *(
            "name",
            "full_name",
            "registration_no",
            "vat_no",
            "local_vat_no",
            "register_note",
            "street",
            "city",
            "postcode",
            "country",
        ),
        *("vat_mode", "vat_price_mode", "vat_rate", "currency", "fixed_exchange_rate", "selfbilling"),
        *("invoice_email", "phone", "web", "colour", "unit_name", "invoice_note", "footer_note", "invoice_language"),
        *("due_days", "payment_method", "hide_bank_account_for", "paypal_enabled", "gopay_enabled", "payment_page"),
        *("proforma_by_default", "estimate_kind", "update_contacts_from_registry", "check_e_invoices"),
        *("send_invoice_from_proforma_email", "send_thank_you_email"),
        *VAT_CODES,
        *("electronic_scheme", "electronic_address", "e_invoice_profile", "attach_isdoc", "embed_isdoc", "attach_ubl"),
    ]
)
"""What the firm itself decides; its address here, its plan and its limits are for whoever runs the server."""


def change_account(books: Books, given: Given) -> Account:
    """Change the given values; a None, or an empty text, takes a value away.

    Documents keep what they say. The country stays as soon as there is one, since all of them follow its law; until
    then another one brings its currency, language and VAT rate, unless these are given, too.

    Raises:
        Invalid: a value breaks a rule.

    """
    old = books.account
    problems = Problems(given.unread)
    check_texts(Account, given, problems)
    for name in given.keys() - CHANGEABLE:
        problems.add(name, "immutable")
    values = {name: _EMPTY.get(name) if _is_empty(value) else value for name, value in given.items()}
    if (values.get("country") or old.country) != old.country:
        values = home_of(str(values["country"]).strip().upper(), books.now) | values
    new = _tidied(changed(old, **values))
    _check(books, new, values.keys() | _that_depend(old, new), problems)
    problems.refuse()
    office = Office(books.tx, books.now)
    kept = office.change(old, **{name: getattr(new, name) for name in values})
    if kept is not old:
        books.note_event(Event("account_changed", kept, differences(old, kept)))
        books.account = kept
    return kept


def _is_empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _tidied(account: Account) -> Account:
    account.country = account.country.strip().upper()
    account.currency = account.currency.strip().upper()
    account.colour = account.colour.strip().lower() if account.colour else None
    tidy_address(account)
    return account


def _that_depend(old: Account, new: Account) -> set[str]:
    """What is read again in another country."""
    return set() if new.country == old.country else {"registration_no", "vat_no"}


def _check(books: Books, account: Account, names: set[str], problems: Problems) -> None:
    if not account.name.strip() and "name" not in problems:
        problems.add("name", "blank")
    _check_lists(account, names, problems)
    _check_sizes(account, problems)
    if "currency" in names and not is_currency(account.currency, books.today):
        problems.add("currency", "not_in_list")
    if "country" in names and account.country != books.account.country:
        _check_country(books, problems)
    for name in ("registration_no", "vat_no"):
        if name in names and "country" not in problems:
            _check_number(account, name, problems)
    if "vat_rate" in names:
        _check_rate(books, account, problems)
    _check_spelling(account, names, problems)
    check_address(account, names, problems)


def _check_lists(account: Account, names: set[str], problems: Problems) -> None:
    for name, allowed in _LISTS.items():
        value = getattr(account, name)
        listed = value if isinstance(value, tuple) else () if value is None else (value,)
        if name in names and not allowed().issuperset(listed):
            problems.add(name, "not_in_list")


def _check_sizes(account: Account, problems: Problems) -> None:
    for name, limit in _LONGEST.items():
        if len(getattr(account, name) or "") > limit:
            problems.add(name, "too_long", limit)
    for name, (least, most) in _NUMBERS.items():
        if not least <= getattr(account, name) <= most:
            problems.add(name, "malformed" if getattr(account, name) < least else "too_large")


def _check_country(books: Books, problems: Problems) -> None:
    issued = books.stamps(Invoice, EVERYTHING, limit=1, offset=0)
    if issued:
        problems.add("country", "relied_on", number=books.find(Invoice, issued[0][0]).number)


def _check_number(account: Account, name: str, problems: Problems) -> None:
    """Also bring it into the form that is kept."""
    text, reading = getattr(account, name), reading_of(account.country, name)
    if text is None or reading is None or name in problems:
        return
    try:
        setattr(account, name, reading(text))
    except ValidationError as error:
        problems.add(name, why_not(error))


def reading_of(country: str, name: str) -> Reading | None:
    """How a number of a firm is read, where its country is known to have one way."""
    own: Reading | None = getattr(country_of(country), name)
    return read_vat_no_of(country) if own is None and name == "vat_no" and country in EU else own


def _check_rate(books: Books, account: Account, problems: Problems) -> None:
    rates = country_of(account.country).rates_on(books.today)
    if rates and account.vat_rate not in {rate.percent for rate in rates}:
        problems.add("vat_rate", "not_in_list")


def _check_spelling(account: Account, names: set[str], problems: Problems) -> None:
    if "invoice_email" in names and account.invoice_email and not is_email(account.invoice_email):
        problems.add("invoice_email", "malformed_email")
    for name, pattern in _PATTERNS.items():
        if name in names and (text := getattr(account, name)) and not pattern.fullmatch(text):
            problems.add(name, "malformed")


def _listed(annotation: Any) -> Callable[[], frozenset[str]]:
    allowed = frozenset(get_args(annotation))
    return lambda: allowed


_EMPTY: dict[str, Any] = {"name": ""} | defaults_of(Account)
"""What attributes hold when their value is taken away."""

_LISTS: dict[str, Callable[[], frozenset[str]]] = {
    "country": countries,
    "invoice_language": _listed(DocumentLanguage),
    "vat_mode": _listed(VatMode),
    "vat_price_mode": _listed(AccountPriceMode),
    "payment_method": _listed(PaidBy),
    "hide_bank_account_for": _listed(PaidElsewhere),
    "estimate_kind": _listed(EstimateKind),
    "e_invoice_profile": _listed(Profile),
}

_LONGEST = {"name": LONGEST_INDEXED, "postcode": LONGEST_POSTCODE}

_NUMBERS = {"due_days": (0, LONGEST_DUE_DAYS), "vat_rate": (0, 100)}

_PATTERNS = {
    "colour": re.compile(r"#[0-9a-f]{6}"),
    "payment_page": re.compile(
        r"https://[^\s{}/]+/(?:[^\s{}]|\{(?:number|amount|currency|variable_symbol)\})*",
    ),
    **dict.fromkeys(VAT_CODES, re.compile(r"\S{1,10}")),
    "web": re.compile(r"(?:https?://)?[^\s:/?#]+(?::[0-9]+)?(?:[/?#]\S*)?"),
}
