"""Rules that ask before they write: is it there, is it used, how many. They hold when two processes write at once."""

import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.bank_accounts import BankAccount, add_bank_account, delete_bank_account
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact, delete_contact
from faktura.core.documents.numbering import NumberFormat
from faktura.core.errors import Given
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.store.database import Database
from faktura.store.queries import Condition, Selection
from faktura.store.records import Tenant
from tests.firm import open_firm
from tests.proofs.history import length
from tests.proofs.racing import Racers, Refused, Step, racers

ROUNDS = length(short=3, long=60)


class Place:
    """A firm whose books two processes write in."""

    def __init__(self, database: Database, processes: Racers, chance: random.Random) -> None:
        self.database = database
        self.processes = processes
        self.chance = chance
        self.account: Account = open_firm(database, Clock()).account

    def open(self, slug: str, **account: Any) -> None:
        self.account = open_firm(self.database, Clock(), slug, **account).account

    def do(self, verb: Callable[..., Any], *arguments: Any) -> Any:
        account = self.account
        return self.database.write(
            lambda tx: verb(Books(tx, account, None, Clock().now()), *arguments), turn=account.id
        )

    def at_once(self, first: list[Step], second: list[Step]) -> list[Any]:
        """What all steps come to; which process begins which share is left to chance, and their order in it."""
        shares = [self.chance.sample(first, len(first)), self.chance.sample(second, len(second))]
        self.chance.shuffle(shares)
        url = self.database.url.render_as_string(hide_password=False)
        return [result for share in self.processes.run(url, self.account, *shares) for result in share]

    def all(self, cls: type[Tenant], *conditions: Condition) -> list[Any]:
        account = self.account
        return self.database.read(lambda tx: Books(tx, account, None, Clock().now()).all(cls, Selection(conditions)))


@pytest.fixture(scope="module")
def processes() -> Iterator[Racers]:
    with racers() as started:
        yield started


@pytest.fixture
def place(database: Database, processes: Racers, chance: random.Random) -> Place:
    return Place(database, processes, chance)


def issue(contact_id: int, **values: Any) -> Step:
    return issue_one, (contact_id, values)


def issue_one(books: Books, contact_id: int, values: dict[str, Any]) -> int:
    lines = [Given({"name": "Práce", "quantity": Decimal(1), "unit_price": Decimal(100)})]
    return issue_invoice(books, Given({"contact_id": contact_id, "lines": lines, **values})).id


def delete_a_contact(books: Books, contact_id: int) -> None:
    delete_contact(books, contact_id)


def delete_a_bank_account(books: Books, bank_account_id: int) -> None:
    delete_bank_account(books, bank_account_id)


def add_a_contact(books: Books, name: str) -> int:
    return add_contact(books, Given({"name": name})).id


def add_a_default_bank_account(books: Books, number: str) -> int:
    return add_bank_account(books, Given({"name": number, "number": number, "default": True})).id


def pay_all(books: Books, invoice_id: int) -> None:
    add_payment(books, invoice_id, Given({}))


def test_a_contact_is_not_deleted_while_it_is_invoiced(place: Place) -> None:
    for _ in range(ROUNDS):
        contact_id = place.do(add_a_contact, "Novák")
        place.at_once([issue(contact_id)] * 4, [(delete_a_contact, (contact_id,))])
        there = place.all(Contact, Condition("id", "eq", contact_id))
        issued = place.all(Invoice, Condition("contact_id", "eq", contact_id))
        assert len(there) == bool(issued)


def test_no_document_names_a_bank_account_that_was_deleted_before(place: Place) -> None:
    contact_id = place.do(add_a_contact, "Novák")
    for _ in range(ROUNDS):
        bank_account_id = place.do(add_a_default_bank_account, "19-2000145399/0800")
        deletion: Step = (delete_a_bank_account, (bank_account_id,))
        place.at_once([issue(contact_id, bank_account_id=bank_account_id)] * 4, [deletion])
        assert place.all(BankAccount, Condition("id", "eq", bank_account_id)) == []
        issued = place.all(Invoice, Condition("bank_account_id", "eq", bank_account_id))
        happened = {(one.name, one.record_id): one.id for one in place.all(Happening)}
        deleted = happened["bank_account_deleted", bank_account_id]
        assert [one.id for one in issued if happened["invoice_issued", one.id] > deleted] == []


def test_a_limit_of_three_contacts_lets_three_in(place: Place) -> None:
    for number in range(ROUNDS):
        place.open(f"small-{number}", contact_limit=3)
        adding: list[Step] = [(add_a_contact, (f"Novák {n}",)) for n in range(10)]
        results = place.at_once(adding, adding)
        assert len(place.all(Contact)) == 3
        assert results.count(Refused("LimitReached")) == 17


def test_at_most_one_bank_account_is_the_default(place: Place) -> None:
    adding: list[Step] = [(add_a_default_bank_account, (f"{n}/0100",)) for n in range(11, 15)]
    for _ in range(ROUNDS):
        place.at_once(adding, adding)
        assert len(place.all(BankAccount, Condition("default", "eq", value=True))) == 1


def test_a_number_from_outside_is_given_to_one_document(place: Place) -> None:
    contact_id = place.do(add_a_contact, "Novák")
    for number in range(ROUNDS):
        given = issue(contact_id, number=f"2026-{number + 9000}")
        results = place.at_once([given] * 3, [given] * 3)
        assert results.count(Refused("Invalid")) == 5
        assert len(place.all(Invoice)) == number + 1


def test_an_account_begins_with_one_format_and_one_series(place: Place) -> None:
    for number in range(ROUNDS):
        place.open(f"new-{number}")
        contact_id = place.do(add_a_contact, "Novák")
        place.at_once([issue(contact_id)] * 5, [issue(contact_id)] * 5)
        assert len(place.all(NumberFormat)) == 1
        assert sorted(invoice.counter for invoice in place.all(Invoice)) == list(range(1, 11))


def test_what_was_paid_for_a_proforma_is_taken_off_once(place: Place) -> None:
    contact_id = place.do(add_a_contact, "Novák")
    for _ in range(ROUNDS):
        proforma_id = place.do(issue_one, contact_id, {"kind": "proforma", "follow_up": "none"})
        place.do(pay_all, proforma_id)
        following = issue(contact_id, related_id=proforma_id)
        results = place.at_once([following] * 4, [following] * 4)
        assert results.count(Refused("Invalid")) == 7
        followers = place.all(Invoice, Condition("related_id", "eq", proforma_id))
        assert [invoice.deducted for invoice in followers] == [100]


def test_what_is_owed_is_paid_once(place: Place) -> None:
    contact_id = place.do(add_a_contact, "Novák")
    for _ in range(ROUNDS):
        invoice_id = place.do(issue_one, contact_id, {})
        paying: list[Step] = [(pay_all, (invoice_id,))] * 3
        results = place.at_once(paying, paying)
        assert results.count(Refused("WrongState")) == 5
        [invoice] = place.all(Invoice, Condition("id", "eq", invoice_id))
        assert len(invoice.payments) == 1
