"""The example data: four firms, their people, contacts, bank accounts, number formats and documents."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.contacts import Contact, add_contact
from faktura.core.documents.numbering import NumberFormat
from faktura.core.errors import Given
from faktura.core.people.accounts import Account, ReminderStep, open_account
from faktura.core.people.users import Language, Permission, User, add_user, join
from faktura.dialects import Example
from faktura.sandbox.example.days import ago
from faktura.sandbox.example.documents import add_documents
from faktura.sandbox.example.exchange_rates import add_exchange_rates
from faktura.sandbox.example.stock import add_stock
from faktura.sandbox.example.webhooks import add_webhook
from faktura.sandbox.example.years import live

CONTACTS = Path(__file__).parent / "contacts.csv"
"""The slug of the firm, then attributes of a contact; an empty field is an attribute that is not given."""

OWNER = "owner@applecorp.example"

REMINDERS = (ReminderStep(1, -3, on=True), ReminderStep(2, 3, on=True), ReminderStep(3, 14, on=True))

FIRMS: Mapping[str, Mapping[str, Any]] = {
    "applecorp": {
        "name": "Applecorp s.r.o.",
        "full_name": "Applecorp s.r.o.",
        "invoice_email": "faktury@applecorp.example",
        "phone": "+420 222 333 444",
        "web": "https://applecorp.example",
        "registration_no": "12345679",
        "vat_no": "CZ12345679",
        "street": "Jablečná 12",
        "city": "Praha",
        "postcode": "11000",
        "unit_name": "ks",
        "footer_note": "Společnost je zapsána v obchodním rejstříku.",
        "payment_method": "bank",
        "reminders": REMINDERS,
    },
    "pearcorp": {
        "name": "Pearcorp a.s.",
        "registration_no": "87654326",
        "vat_no": "CZ87654326",
        "street": "Hrušňová 3",
        "city": "Brno",
        "postcode": "60200",
    },
    "jabluszko": {
        "name": "Jabłuszko sp. z o.o.",
        "full_name": "Jabłuszko spółka z ograniczoną odpowiedzialnością",
        "country": "PL",
        "currency": "PLN",
        "invoice_language": "pl",
        "vat_rate": 23,
        "invoice_email": "faktury@jabluszko.example",
        "phone": "+48 22 333 44 55",
        "registration_no": "123456785",
        "vat_no": "1234563218",
        "street": "Jabłkowa 7",
        "city": "Warszawa",
        "postcode": "00-950",
        "payment_method": "bank",
        "reminders": REMINDERS,
    },
    "gruszka": {
        "name": "Gruszka S.A.",
        "country": "PL",
        "currency": "PLN",
        "invoice_language": "pl",
        "vat_rate": 23,
        "vat_no": "9876543210",
        "street": "Gruszkowa 1",
        "city": "Kraków",
        "postcode": "30-001",
    },
}

PEOPLE: tuple[tuple[str, str, str, Permission, Language], ...] = (
    (OWNER, "Jan Novák", "applecorp", "owner", "cs"),
    ("accountant@applecorp.example", "Eva Dvořáková", "applecorp", "write", "cs"),
    ("auditor@applecorp.example", "Alice Green", "applecorp", "read", "en"),
    ("owner@pearcorp.example", "Petr Svoboda", "pearcorp", "owner", "cs"),
    ("owner@jabluszko.example", "Anna Kowalska", "jabluszko", "owner", "pl"),
    ("owner@gruszka.example", "Piotr Nowak", "gruszka", "owner", "pl"),
)
"""Address, name, firm, permission and language; all have the same password."""

COUNTRIES = {"CZ": ("applecorp", "pearcorp"), "PL": ("jabluszko", "gruszka")}

KNOWN_FOR = 90
"""Days that the firms have had their contacts."""

BANK_ACCOUNTS: Mapping[str, tuple[Mapping[str, Any], ...]] = {
    "applecorp": (
        {
            "name": "Hlavní účet",
            "currency": "CZK",
            "number": "19-2000145399/0800",
            "iban": "CZ6508000000192000145399",
            "bic": "GIBACZPX",
            "pairing": True,
            "default": True,
        },
        {
            "name": "Účet v eurech",
            "currency": "EUR",
            "number": "2000145399/0800",
            "iban": "CZ7908000000002000145399",
            "bic": "GIBACZPX",
        },
    ),
    "pearcorp": ({"name": "Běžný účet", "currency": "CZK", "number": "123/0100", "default": True},),
    "jabluszko": (
        {
            "name": "Konto główne",
            "currency": "PLN",
            "number": "61109010140000071219812874",
            "iban": "PL61109010140000071219812874",
            "bic": "WBKPPLPP",
            "default": True,
        },
    ),
}


def fill(office: Office, password_hash: str, years: int = 0, *, documents: bool = True) -> Iterator[None]:
    """Put the example data into an empty database, or only the firms and their people.

    It goes on after each day of the years.
    """
    add_exchange_rates(office)
    books = {}
    for slug, firm in FIRMS.items():
        books[slug] = Books(office.tx, open_account(office, slug, **firm), None, office.now)
    for email, name, slug, permission, language in PEOPLE:
        user = add_user(office, email, name, password_hash, language)
        member = join(books[slug], user, permission)
        if permission == "owner":
            books[slug].user_id = member.user_id
    for own in books.values():
        _add_bank_accounts(own)
        if own.account.country == "CZ":
            _add_number_formats(own)
    if not documents:
        return
    add_stock(books)
    contacts = _add_contacts(books)
    yield from live(books, years)
    add_documents(books, contacts)
    add_webhook(books["applecorp"])


def examples(office: Office) -> dict[str, Example]:
    """By country, what a dialect may add its credentials to."""

    def example(slug: str, foreign_slug: str) -> Example:
        return Example(
            office=office,
            account=office.find(Account, slug=slug),
            owner=_owner(office, slug),
            foreign_account=office.find(Account, slug=foreign_slug),
            foreign_owner=_owner(office, foreign_slug),
        )

    return {country: example(*slugs) for country, slugs in COUNTRIES.items()}


def _owner(office: Office, slug: str) -> User:
    email = next(email for email, _, firm, permission, _ in PEOPLE if (firm, permission) == (slug, "owner"))
    return office.find(User, email=email)


def _add_bank_accounts(books: Books) -> None:
    for bank_account in BANK_ACCOUNTS.get(books.account.slug, ()):
        books.add(BankAccount, **bank_account)


def _add_number_formats(books: Books) -> None:
    books.add(NumberFormat, kind="invoice", pattern="#yyyy#-#dddd#", default=True)
    books.add(NumberFormat, kind="invoice", pattern="FV#yy##mm##ddd#")
    books.add(NumberFormat, kind="invoice", pattern="OLD-#dddd#", archived=True)
    books.add(NumberFormat, kind="proforma", pattern="1-#yyyy#-#dddd#", default=True)


def _add_contacts(books: Mapping[str, Books]) -> dict[str, list[Contact]]:
    added: dict[str, list[Contact]] = {slug: [] for slug in books}
    with CONTACTS.open(encoding="utf-8", newline="") as lines:
        for line in csv.DictReader(lines):
            slug = line.pop("firm")
            given = Given({name: value for name, value in line.items() if value})
            if due := given.get("due_days"):
                given["due_days"] = int(due)
            added[slug].append(add_contact(ago(books[slug], KNOWN_FOR), given))
    return added
