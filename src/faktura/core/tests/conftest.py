"""A Czech firm's books, each verb in a transaction of its own."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from faktura.core.books.books import Books
from faktura.core.books.listeners import TELLERS
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact
from faktura.core.errors import Given
from faktura.core.invoices.change import change_invoice
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.store.database import Database
from tests.doors import DOOR
from tests.firm import open_firm

T = TypeVar("T")

NOON = dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC)


class Firm:
    """What tests do with a firm, in one line each."""

    def __init__(self, database: Database, account: Account, clock: Clock) -> None:
        self.database = database
        self.account = account
        self.clock = clock
        self.contact: Contact = self.do(add_contact, Given({"name": "Odběratel a.s.", "street": "Krátká 2"}))

    def do(self, verb: Callable[..., T], *arguments: Any) -> T:
        account, clock = self.account, self.clock
        return self.database.write(lambda tx: verb(Books(tx, account, None, clock.now()), *arguments))

    def issue(self, *lines: Given, **values: Any) -> Invoice:
        """A document to the contact; without lines one over 100 and 21 %."""
        given = {"contact_id": self.contact.id, "lines": list(lines) or [line(100)]} | values
        return self.do(issue_invoice, Given(given))

    def again(self, invoice: Invoice) -> Invoice:
        return self.do(find_invoice, invoice.id)


def line(price: str | int, rate: int = 21, quantity: str | int = 1, **values: Any) -> Given:
    priced = {"unit_price": Decimal(price), "vat_rate": Decimal(rate), "quantity": Decimal(quantity)}
    return Given({"name": "Práce"} | priced | values)


def pay(firm: Firm, invoice: Invoice, amount: str | int | None = None, **values: Any) -> int:
    """The id of the payment; without an amount it is of all that is left."""
    given = values | ({} if amount is None else {"amount": Decimal(amount)})
    return firm.do(add_payment, invoice.id, Given(given)).payment.id


def change(firm: Firm, invoice: Invoice, **values: Any) -> Invoice:
    return firm.do(change_invoice, invoice.id, Given(values))


@pytest.fixture
def firm(database: Database) -> Firm:
    return a_firm(database)


def a_firm(database: Database, slug: str = "applecorp", **account: Any) -> Firm:
    clock = Clock()
    clock.stand_at(NOON)
    return Firm(database, open_firm(database, clock, slug, **account).account, clock)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that tells of a few events."""
    monkeypatch.setitem(TELLERS, "door", DOOR)
