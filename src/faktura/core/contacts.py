"""Contacts: the customers and suppliers of an account."""

import datetime as dt
import functools
import re
from collections.abc import Callable
from collections.abc import Set as AbstractSet
from typing import Any, ClassVar, Literal, get_args

from faktura.core.books.books import Books
from faktura.core.books.history import Event, differences
from faktura.core.books.uses import in_use, remove_whole
from faktura.core.codes import ActivityKind, DocumentLanguage, countries, is_currency
from faktura.core.documents.checks import LONGEST_DUE_DAYS
from faktura.core.e_invoices import ADDRESS, Profile, check_address, tidy_address
from faktura.core.errors import Given, InUse, LimitReached, NotFound, Problems
from faktura.core.names import Sought, best_named, sought
from faktura.core.people.accounts import Account, VatMode
from faktura.core.registries.numbers import firm_number
from faktura.core.texts import Paragraphs, check_texts
from faktura.core.todos import put_on_list, take_off_list
from faktura.store.queries import Order, Selection
from faktura.store.records import LONGEST_INDEXED, Tenant, changed, defaults_of, index, record, unique

Switch = Literal["inherit", "on", "off"]
Role = Literal["customer", "supplier", "both"]
InvoiceHistory = Literal["disabled", "recent", "client_portal"]

LONGEST_POSTCODE = 20
LONGEST_CUSTOM_ID = 255
LONGEST_EMAIL = 64
LONGEST_REFERENCE = 255

UPDATE_CONTACT = "update_contact"

STREET_LINE = "street_line"
"""Given instead of `street` by whoever knows street and numbers as one text."""

SEARCHED = ("name", "full_name", "email", "email_copy", "registration_no", "vat_no", "private_note")


@record(
    "contacts",
    unique("account_id", "custom_id"),
    # With the order of lists, or SQLite would walk all contacts in that order to find the one.
    index("account_id", "tax_digits", "name", "id", "version"),
    index("account_id", "name", "id", "version"),
    index("account_id", "sought_name", "id", "version"),
    index("account_id", "created_at"),
    index("account_id", "updated_at"),
    searched=SEARCHED,
    refers={"created_by": "users"},
)
class Contact(Tenant):
    """A customer, a supplier or both.

    `due_days`, `currency` and `language` that are None are the account's; so is a switch that says "inherit". The
    delivery address is empty while `has_delivery_address` is false. `unreliable` is what the VAT register said. The
    number of the house may stand in `street` or by itself; `street_line` is both. `tax_digits` is the VAT number as it
    is looked up: without separators and country; `sought_name` the name without case and accents. A person without a
    firm is called by first and last name. Electronic invoices are sent to `electronic_address`, a number of
    `electronic_scheme`, or else to what follows from its numbers; the customer wants `buyer_reference` on each of them.
    """

    found_by: ClassVar[tuple[str, ...]] = ("city", "street", "variable_symbol")

    name: str
    uuid: str
    custom_id: str | None = None
    created_by: int | None = None
    role: Role = "customer"
    activity_kind: ActivityKind | None = None
    first_name: str | None = None
    last_name: str | None = None
    full_name: str | None = None
    email: str | None = None
    email_copy: str | None = None
    phone: str | None = None
    web: str | None = None
    street: str | None = None
    street_number: str | None = None
    flat_number: str | None = None
    city: str | None = None
    postcode: str | None = None
    country: str | None = None
    has_delivery_address: bool = False
    delivery_name: str | None = None
    delivery_street: str | None = None
    delivery_city: str | None = None
    delivery_postcode: str | None = None
    delivery_country: str | None = None
    mailing_as_main: bool = True
    mailing_name: str | None = None
    mailing_street: str | None = None
    mailing_city: str | None = None
    mailing_postcode: str | None = None
    receiver: str | None = None
    due_days: int | None = None
    currency: str | None = None
    language: DocumentLanguage | None = None
    private_note: Paragraphs | None = None
    payment_method: str | None = None
    invoice_note: Paragraphs | None = None
    registration_no: str | None = None
    vat_no: str | None = None
    tax_digits: str | None = None
    sought_name: Sought = ""
    local_vat_no: str | None = None
    unreliable: bool | None = None
    unreliable_checked_at: dt.datetime | None = None
    legal_form: str | None = None
    vat_mode: VatMode | None = None
    bank_account: str | None = None
    iban: str | None = None
    bic: str | None = None
    variable_symbol: str | None = None
    update_from_registry: Switch = "inherit"
    attach_invoice_pdf: Switch = "inherit"
    attach_estimate_pdf: Switch = "inherit"
    electronic_scheme: str | None = None
    electronic_address: str | None = None
    buyer_reference: str | None = None
    e_invoice_profile: Profile | None = None
    attach_isdoc: Switch = "inherit"
    embed_isdoc: Switch = "inherit"
    attach_ubl: Switch = "inherit"
    send_reminders: Switch = "inherit"
    send_due_date_reminders: Switch = "inherit"
    suggested: bool = True
    custom_email_text: Paragraphs | None = None
    overdue_email_text: Paragraphs | None = None
    due_date_reminder_email_text: Paragraphs | None = None
    invoice_from_proforma_email_text: Paragraphs | None = None
    thank_you_email_text: Paragraphs | None = None
    custom_estimate_email_text: Paragraphs | None = None
    invoice_history: InvoiceHistory | None = None


def find_contact(books: Books, contact_id: int) -> Contact:
    return books.find(Contact, contact_id)


def contact_named(books: Books, contact_id: int | None, problems: Problems) -> Contact | None:
    """The contact, or what follows for a record that names none."""
    if contact_id is not None:
        try:
            return books.find(Contact, contact_id)
        except NotFound:
            pass
    elif "contact_id" not in problems:
        problems.add("contact_id", "blank")
    problems.add("contact_id", "no_such_contact")
    return None


def best_contacts(books: Books, text: str, most: int) -> list[Contact]:
    """The few that fit a text best: whose names begin with it before the others; of no text, who changed last."""
    if not text:
        return books.some_in_order(Contact, Selection(order=(Order("updated_at", descending=True),)), most)
    return best_named(books, Contact, text, most, Selection(text=text, order=(Order("name"),), everywhere=True))


def add_contact(books: Books, given: Given) -> Contact:
    """Add a contact; a None among the given values is the attribute's default.

    Raises:
        LimitReached: the plan allows no more contacts.
        Invalid: a value breaks a rule.

    """
    limit = books.account.contact_limit
    if limit is not None and books.count(Contact) >= limit:
        raise LimitReached(Contact.table_name)
    account, uuid = books.account, books.tx.chance.uuid(Contact.table_name)
    values: dict[str, Any] = {"name": "", "uuid": uuid, "country": account.country, "created_by": books.user_id}
    values |= {name: value for name, value in given.items() if value is not None}
    if STREET_LINE in values:
        values["street"] = values.pop(STREET_LINE)
    new = _tidied(Contact(account.id, 0, 1, books.now, books.now, **values), account.country)
    _check(books, new, _CHECKED, _problems(given))
    contact = books.add_new(new)
    books.note_event(Event("contact_added", contact))
    _follow_registry(books, None, contact)
    return contact


def change_contact(books: Books, contact_id: int, given: Given) -> Contact:
    """Change the given values; a None takes a value away.

    Raises:
        NotFound: there is no such contact.
        Invalid: a value breaks a rule.

    """
    old = books.find(Contact, contact_id)
    values = {name: _EMPTY.get(name) if value is None else value for name, value in given.items()}
    if STREET_LINE in values and (line := values.pop(STREET_LINE)) != street_line(old):
        values |= {"street": line, "street_number": None, "flat_number": None}
    if old.activity_kind == "private_person" and old.name == person_name(old):
        values.setdefault("name", "")
    new = _tidied(changed(old, **values), books.account.country)
    same = {"currency"} if new.currency == old.currency else set()
    _check(books, new, (_CHECKED & values.keys()) - same, _problems(given))
    kept = books.change(old, new)
    if kept is not old:
        books.note_event(Event("contact_changed", kept, differences(old, kept)))
        _follow_registry(books, old, kept)
    return kept


def follows_registry(account: Account, contact: Contact) -> bool:
    """Whether it is brought up to date from the registry of its country, by itself or as the account has it."""
    if contact.update_from_registry == "inherit":
        return account.update_contacts_from_registry
    return contact.update_from_registry == "on"


def _follow_registry(books: Books, old: Contact | None, new: Contact) -> None:
    """Have a job ask about a firm that is new."""
    if follows_registry(books.account, new):
        home = books.account.country
        number = firm_number(new, home)
        if number is not None and (old is None or firm_number(old, home) != number):
            books.later(UPDATE_CONTACT, new.id)


def delete_contact(books: Books, contact_id: int) -> None:
    """Delete a contact that no document names; documents in the trash do not count.

    Raises:
        NotFound: there is no such contact.
        InUse: documents name it.

    """
    contact = books.find(Contact, contact_id)
    if in_use(books, contact):
        raise InUse(Contact.table_name)
    books.note_event(Event("contact_deleted", contact))
    remove_whole(books, contact)


def note_reliability(books: Books, contact_id: int, *, unreliable: bool) -> Contact:
    """Write down what the register of payers of VAT says of a contact, and have somebody look where that changed.

    Raises:
        NotFound: there is no such contact.

    """
    old = books.find(Contact, contact_id)
    kept = books.change(old, changed(old, unreliable=unreliable, unreliable_checked_at=books.now))
    if unreliable != bool(old.unreliable):
        books.note_event(Event("contact_changed", kept, differences(old, kept)))
        put_on_list(books, "contact_unreliable" if unreliable else "contact_reliable", kept)
        take_off_list(books, "contact_reliable" if unreliable else "contact_unreliable", kept)
    return kept


def street_line(contact: Contact) -> str | None:
    """Street and numbers as they stand on a letter: "Dlouhá 1/12"."""
    numbers = "/".join(filter(None, (contact.street_number, contact.flat_number)))
    return f"{contact.street or ''} {numbers}".strip() if numbers else contact.street


def person_name(contact: Contact) -> str:
    """First and last name, or an empty text."""
    return " ".join(filter(None, (contact.first_name, contact.last_name)))


def tax_digits(vat_no: str | None) -> str | None:
    """A VAT number without separators and without the letters of its country."""
    if not vat_no:
        return None
    return _SEPARATORS.sub("", _COUNTRY_PREFIX.sub("", vat_no.upper()))[:LONGEST_INDEXED] or None


def _tidied(contact: Contact, country: str) -> Contact:
    """Codes in upper case, no empty custom id, a delivery address only where there is one, and what is derived."""
    contact.name = contact.name or person_name(contact)
    contact.sought_name = sought(contact.name)
    contact.tax_digits = tax_digits(contact.vat_no)
    contact.custom_id = (contact.custom_id or "").strip() or None
    contact.country = contact.country.strip().upper() if contact.country else contact.country
    contact.currency = contact.currency.strip().upper() if contact.currency else contact.currency
    contact.buyer_reference = (contact.buyer_reference or "").strip() or None
    tidy_address(contact)
    if contact.has_delivery_address:
        contact.delivery_country = (contact.delivery_country or country).upper()
    else:
        contact.delivery_name = contact.delivery_street = contact.delivery_city = None
        contact.delivery_postcode = contact.delivery_country = None
    return contact


def _problems(given: Given) -> Problems:
    problems = Problems(given.unread)
    check_texts(Contact, given, problems)
    return problems


def _check(books: Books, contact: Contact, attributes: AbstractSet[str], problems: Problems) -> None:
    if "name" in attributes:
        _check_name(contact, problems)
    for name in ("email", "email_copy"):
        if name in attributes and name not in problems and (email := getattr(contact, name)) and not is_email(email):
            problems.add(name, "malformed_email")
    for name, limit in _LONGEST.items():
        if name in attributes and len(getattr(contact, name) or "") > limit:
            problems.add(name, "too_long", limit)
    _check_terms(books, contact, attributes, problems)
    check_address(contact, attributes, problems)
    for name, allowed in _LISTS.items():
        if name in attributes and (value := getattr(contact, name)) and value not in allowed():
            problems.add(name, "not_in_list")
    if "custom_id" in attributes and contact.custom_id is not None:
        _check_custom_id(books, contact, problems)
    problems.refuse()


def _check_name(contact: Contact, problems: Problems) -> None:
    named = any(name in problems for name in ("name", "first_name", "last_name"))
    if not named and not contact.name.strip():
        problems.add("name", "blank")
    if len(contact.name) > LONGEST_INDEXED:
        problems.add("name", "too_long", LONGEST_INDEXED)


def _check_terms(books: Books, contact: Contact, attributes: AbstractSet[str], problems: Problems) -> None:
    """A contact has no terms that no document would accept."""
    if "due_days" in attributes and not 0 <= (days := contact.due_days or 0) <= LONGEST_DUE_DAYS:
        problems.add("due_days", "malformed" if days < 0 else "too_large")
    if "currency" in attributes and contact.currency and not is_currency(contact.currency, books.today):
        problems.add("currency", "not_in_list")


def _check_custom_id(books: Books, contact: Contact, problems: Problems) -> None:
    if len(contact.custom_id or "") > LONGEST_CUSTOM_ID:
        problems.add("custom_id", "too_long", LONGEST_CUSTOM_ID)
        return
    same = books.look_up(Contact, custom_id=contact.custom_id)
    if same is not None and same.id != contact.id:
        problems.add("custom_id", "taken")


def is_email(text: str) -> bool:
    """An address that mail can be sent to without SMTPUTF8; whether its domain exists is not asked."""
    plain = _PLAIN_EMAIL.fullmatch(text)
    return _is_valid(f"x@{plain['domain']}") if plain and len(text) <= LONGEST_EMAIL else _is_valid(text)


@functools.lru_cache(maxsize=4096)
def _is_valid(email: str) -> bool:
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 (its tables delay a start by 30 ms)

    try:
        validate_email(email, check_deliverability=False, allow_smtputf8=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True


# A local part this plain needs no more looking at, so that of an address only its domain is left to ask about.
_PLAIN_EMAIL = re.compile(r"[A-Za-z0-9]+(?:[._+-][A-Za-z0-9]+)*@(?P<domain>[a-z0-9.-]+)")


def _listed(annotation: Any) -> Callable[[], frozenset[str]]:
    allowed = frozenset(get_args(annotation))
    return lambda: allowed


_LISTS: dict[str, Callable[[], frozenset[str]]] = {
    "role": _listed(Role),
    "activity_kind": _listed(ActivityKind),
    "country": countries,
    "delivery_country": countries,
    "language": _listed(DocumentLanguage),
    "vat_mode": _listed(VatMode),
    "update_from_registry": _listed(Switch),
    "attach_invoice_pdf": _listed(Switch),
    "attach_estimate_pdf": _listed(Switch),
    "send_reminders": _listed(Switch),
    "send_due_date_reminders": _listed(Switch),
    "invoice_history": _listed(InvoiceHistory),
    "e_invoice_profile": _listed(Profile),
    "attach_isdoc": _listed(Switch),
    "embed_isdoc": _listed(Switch),
    "attach_ubl": _listed(Switch),
}

_LONGEST = {
    "postcode": LONGEST_POSTCODE,
    "delivery_postcode": LONGEST_POSTCODE,
    "buyer_reference": LONGEST_REFERENCE,
}

_SEPARATORS = re.compile(r"[^0-9A-Z]")
_COUNTRY_PREFIX = re.compile(r"^\s*[A-Z]{2}")

_CHECKED = (
    _LISTS.keys() | _LONGEST.keys() | ADDRESS | {"name", "email", "email_copy", "custom_id", "due_days", "currency"}
)

_EMPTY: dict[str, Any] = {"name": ""} | defaults_of(Contact)
"""What attributes hold when their value is taken away."""
