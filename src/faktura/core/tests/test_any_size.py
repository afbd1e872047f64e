"""A value of any size is kept or refused by a rule; none is left to an engine to stumble over."""

import secrets
from collections.abc import Callable
from decimal import Decimal
from typing import Any, get_args, get_type_hints

import pytest

from faktura.core.books.books import Books
from faktura.core.catalogue import Product, add_product
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact, tax_digits
from faktura.core.documents.numbers import LONGEST_NUMBER
from faktura.core.errors import Given, Invalid
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.store.database import Database
from faktura.store.records import LONGEST_INDEXED, Tenant
from tests.firm import Firm, open_firm

LONG = secrets.token_hex(20_000)
"""A text that no engine can compress into an entry of an index."""

NUMBERS = (Decimal(999_999_999_999), Decimal("0.000001"), Decimal(-999_999_999_999))

ADDED_BY: dict[type[Tenant], Callable[[Books, Given], Tenant]] = {Contact: add_contact, Product: add_product}

DERIVED = {"uuid", "tax_digits", "sought_name"}


def attributes(cls: type[Tenant], kind: type) -> list[str]:
    """The record's own attributes of a kind."""
    hints = get_type_hints(cls)
    own = cls.__struct_fields__[len(Tenant.__struct_fields__) :]
    return [name for name in own if (hints[name] is kind or kind in get_args(hints[name])) and name not in DERIVED]


def added(database: Database, firm: Firm, cls: type[Tenant], **values: Any) -> Tenant | set[str]:
    """What is kept, or the names of what is refused."""
    given = Given({"name": "Novák"} | ({"has_delivery_address": True} if cls is Contact else {}) | values)
    now = Clock().now()
    try:
        return database.write(lambda tx: ADDED_BY[cls](Books(tx, firm.account, firm.user.id, now), given))
    except Invalid as invalid:
        return set(invalid.problems)


@pytest.mark.parametrize("cls", ADDED_BY)
def test_a_long_text_is_kept_or_refused(database: Database, cls: type[Tenant]) -> None:
    firm = open_firm(database, Clock())

    for name in attributes(cls, str):
        found = added(database, firm, cls, **{name: LONG})
        assert name in found if isinstance(found, set) else getattr(found, name) == LONG, name


def test_a_number_of_any_size_is_kept_or_refused(database: Database) -> None:
    firm = open_firm(database, Clock())

    for name in attributes(Product, Decimal):
        for value in NUMBERS:
            found = added(database, firm, Product, **{name: value})
            assert isinstance(found, set) or getattr(found, name) == value, (name, value)


def test_a_document_with_the_longest_number_and_buyer_fits_every_index(database: Database) -> None:
    letters = "".join(chr(0x20000 + secrets.randbelow(40_000)) for _ in range(LONGEST_INDEXED + LONGEST_NUMBER))
    firm, now = open_firm(database, Clock()), Clock().now()
    line = Given({"name": "Práce", "unit_price": Decimal(99_999_999_999)})

    def issued(number: str) -> Invoice:
        return database.write(lambda tx: _issued(Books(tx, firm.account, firm.user.id, now), number))

    def _issued(books: Books, number: str) -> Invoice:
        contact = add_contact(books, Given({"name": letters[:LONGEST_INDEXED]}))
        return issue_invoice(books, Given({"contact_id": contact.id, "number": number, "lines": [line]}))

    assert issued(letters[LONGEST_INDEXED:]).buyer_name == letters[:LONGEST_INDEXED]
    with pytest.raises(Invalid):
        issued(letters[LONGEST_INDEXED:] + "1")


def test_a_long_tax_number_is_looked_up_by_its_first_digits(database: Database) -> None:
    kept = added(database, open_firm(database, Clock()), Contact, vat_no=LONG)

    assert isinstance(kept, Contact)
    assert kept.tax_digits == tax_digits(LONG)
