"""What a document has where a client says nothing: who buys, how it is paid, who signs (6.2, 6.4)."""

from typing import Any

from faktura.core.bank_accounts import BankAccount, spellings_of
from faktura.core.books.books import Books
from faktura.core.contacts import Contact, add_contact
from faktura.core.documents.parties import bank_accounts, bank_of, usual_bank_account
from faktura.core.errors import Code, Given, Invalid, NotFound, Problem
from faktura.core.invoices.record import Invoice
from faktura.core.people.users import owner_name
from faktura.store.queries import Condition, Order, Selection

POLAND = "PL"
ZLOTY = "PLN"
BASIC_SALE = "sprzedaz_podstawowa"

BUYER = {
    "buyer_name": "name",
    "buyer_activity_kind": "activity_kind",
    "buyer_first_name": "first_name",
    "buyer_last_name": "last_name",
    "buyer_street": "street",
    "buyer_street_number": "street_number",
    "buyer_flat_number": "flat_number",
    "buyer_city": "city",
    "buyer_postcode": "postcode",
    "buyer_country": "country",
    "buyer_vat_no": "vat_no",
    "buyer_due_days": "due_days",
    "buyer_note": "private_note",
    "client_email": "email",
    "client_phone": "phone",
}
"""By what a document says of its buyer, what the contact says that is made of it."""

_NAMES_NEEDED: dict[str | None, tuple[str, ...]] = {
    "private_person": ("buyer_first_name", "buyer_last_name"),
    "self_employed": ("buyer_name", "buyer_first_name", "buyer_last_name"),
}


def refuse(given: Given, attribute: str, code: Code) -> None:
    """What could not be read is not refused for another reason as well."""
    given.unread.setdefault(attribute, [Problem(code)])


def settle_buyer(books: Books, given: Given, advance: Invoice | None) -> Contact:
    """The client named by id; the one that is called like that; a new one; that of the advance before.

    Raises:
        Invalid: there is no such client, or none is named.

    """
    contact_id = given.get("contact_id")
    if contact_id is None and not any(given.get(name) for name in BUYER if "name" in name):
        if advance is None:
            refuse(given, "contact_id", "blank")
            raise Invalid(given.unread)
        contact_id = advance.contact_id
    if contact_id is None:
        contact = _contact_called_so(books, given)
    else:
        try:
            contact = books.find(Contact, contact_id)
        except NotFound:
            refuse(given, "contact_id", "no_such_contact")
            raise Invalid(given.unread) from None
    given["contact_id"] = contact.id
    for name in ("client_email", "client_phone"):
        given.pop(name, None)
    return contact


def _contact_called_so(books: Books, given: Given) -> Contact:
    """Of two documents at once to a new client, the later one finds what the earlier one made."""
    _complete_name(given, None)
    needed = _NAMES_NEEDED.get(given.get("buyer_activity_kind"), ("buyer_name",))
    missing = [name for name in needed if not (given.get(name) or "").strip()]
    for name in missing:
        refuse(given, name, "blank")
    if missing:
        raise Invalid(given.unread)
    given["buyer_name"] = given["buyer_name"].strip()
    called = Selection((Condition("name", "eq", given["buyer_name"]),), order=(Order("id"),))
    known = books.stamps(Contact, called, limit=1, offset=0)
    return books.find(Contact, known[0][0]) if known else _new_contact(books, given)


def _new_contact(books: Books, given: Given) -> Contact:
    values: dict[str, Any] = {core: given.get(name) for name, core in BUYER.items()}
    values["country"] = values["country"] or POLAND
    try:
        return add_contact(books, Given(values))
    except Invalid as invalid:
        spelled = {core: name for name, core in BUYER.items()}
        problems = {spelled.get(name, name): found for name, found in invalid.problems.items()}
        raise Invalid(given.unread | problems) from None


def complete_name(given: Given, old: Invoice) -> None:
    """A person without a firm who is sent back with no firm's name is still called so."""
    if "buyer_name" in given or "buyer_first_name" in given or "buyer_last_name" in given:
        _complete_name(given, old)


def _complete_name(given: Given, old: Invoice | None) -> None:
    def now(name: str) -> str:
        return str(given.get(name, getattr(old, name, None)) or "")

    if now("buyer_activity_kind") == "private_person" and not given.get("buyer_name"):
        given["buyer_name"] = f"{now('buyer_first_name')} {now('buyer_last_name')}".strip()


def settle_payment(books: Books, given: Given, contact: Contact) -> None:
    """The method of payment, and with a transfer the account to pay to."""
    if given.get("payment_method") is None:
        usual = contact.payment_method or ("bank" if _has_bank_account(books) else "cash")
        given["payment_method"] = usual
    _settle_bank_account(books, given, given["payment_method"], given.get("currency") or ZLOTY, None)


def settle_payment_again(books: Books, given: Given, old: Invoice) -> None:
    if given.keys().isdisjoint({"payment_method", "bank_account", "bank_account_id"}):
        return
    method = given.get("payment_method") or old.payment_method
    _settle_bank_account(books, given, method, given.get("currency") or old.currency, old)


def _settle_bank_account(books: Books, given: Given, method: str, currency: str, old: Invoice | None) -> None:
    """A number must be one of the account's own; what is said of the bank beside it counts more."""
    number = given.get("bank_account")
    if number and old is not None and (old.bank_account or "") in spellings_of(number):
        given["bank_account"] = old.bank_account
        return
    if number:
        chosen = _account_with(books, number)
        if chosen is None:
            refuse(given, "bank_account", "not_in_list")
            return
    elif given.get("bank_account_id") is not None:
        return
    elif method != "bank" or (old is not None and old.bank_account and "bank_account" not in given):
        if old is None or "bank_account" in given:
            given |= {"bank_account": "", "iban": None, "bank_account_id": None}
        return
    else:
        chosen = usual_bank_account(books, currency)
        if chosen is None:
            refuse(given, "bank_account", "not_in_list")
            return
    said = {name: given[name] for name in ("bank_name", "bic") if given.get(name)}
    given |= bank_of(chosen) | said


def _account_with(books: Books, number: str) -> BankAccount | None:
    wanted = spellings_of(number)
    found = books.all(BankAccount, Selection(order=(Order("id"),)))
    return next((one for one in found if one.number in wanted or one.iban in wanted), None)


def _has_bank_account(books: Books) -> bool:
    return bool(bank_accounts(books))


def settle_defaults(books: Books, given: Given, before: Invoice | None) -> None:
    """What stands on every document of this contract; an order, and what is corrected, keep their currency."""
    if not given.get("currency"):
        given["currency"] = ZLOTY if before is None else before.currency
    settle_exchange(books, given, None)
    if given.get("buyer_due_days") is not None and given.get("due_on") is None:
        given["due_days"] = given["buyer_due_days"]
    if not given.get("seller_signature"):
        given["seller_signature"] = owner_name(books)
    if not given.get("sales_kind"):
        given["sales_kind"] = BASIC_SALE
    given["price_mode"], given["tally"] = "without_vat", "by_line"


def settle_exchange(books: Books, given: Given, old: Invoice | None) -> None:
    """In a foreign currency it is told by which rate tax is counted (D16)."""
    told = given.get("exchange_date_kind") or (old and old.exchange_date_kind)
    native = books.account.currency if old is None else old.native_currency
    if given.get("currency") not in {None, native} and not told:
        given["exchange_date_kind"] = "vat"
