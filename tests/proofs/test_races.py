"""Rules that ask before they write: is it there, is it used, how many. They hold when two processes write at once."""

import random
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from faktura.core.bank_accounts import BankAccount, add_bank_account, delete_bank_account
from faktura.core.books.audit import AUDIT
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.catalogue import Product
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact, delete_contact
from faktura.core.documents.numbering import NumberFormat
from faktura.core.errors import Given
from faktura.core.inventory.items import add_item
from faktura.core.inventory.moves import add_move
from faktura.core.inventory.record import StockMove
from faktura.core.invoices.change import change_invoice, delete_invoice
from faktura.core.invoices.events import fire
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.core.received.enter import enter_expense
from faktura.store.check import check
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


def add_an_item(books: Books, stock: int) -> int:
    said = {"name": "Mošt", "sku": "M-1", "track_quantity": True, "stock": Decimal(stock)}
    return add_item(books, Given(said | {"purchase_unit_net_price": Decimal(40)})).id


class Sale(NamedTuple):
    contact_id: int
    item_id: int

    def of(self, quantity: int) -> Given:
        line = {"product_id": self.item_id, "quantity": Decimal(quantity), "unit_price": Decimal(80)}
        return Given({"contact_id": self.contact_id, "lines": [Given(line)]})


def sell(books: Books, sale: Sale, quantity: int) -> int:
    return issue_invoice(books, sale.of(quantity)).id


def buy(books: Books, sale: Sale, quantity: int) -> int:
    return enter_expense(books, sale.of(quantity)).id


def take(books: Books, item_id: int, quantity: int) -> int:
    said = {"direction": "out", "moved_on": books.today, "quantity_change": Decimal(quantity)}
    return add_move(books, item_id, Given(said)).id


def sell_more(books: Books, invoice_id: int, quantity: int) -> None:
    line = books.find(Invoice, invoice_id).lines[0]
    change_invoice(books, invoice_id, Given({"lines": [Given({"id": line.id, "quantity": Decimal(quantity)})]}))


def cancel(books: Books, invoice_id: int) -> None:
    fire(books, invoice_id, "cancel")


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


def test_stock_is_what_moves_and_documents_come_to(place: Place) -> None:
    """Two processes sell, buy, change, cancel and delete what there is not enough of for all of them."""
    contact_id = place.do(add_a_contact, "Novák")
    item_id = place.do(add_an_item, 12)
    for _ in range(ROUNDS):
        sale = Sale(contact_id, item_id)
        invoices = [place.do(sell, sale, 1) for _ in range(4)]
        selling: list[Step] = [(sell, (sale, 3)), (sell, (sale, 2)), (buy, (sale, 2)), (take, (item_id, 2))]
        first: list[Step] = [(sell_more, (invoices[0], 3)), (cancel, (invoices[1],)), (delete_invoice, (invoices[2],))]
        second: list[Step] = [(sell_more, (invoices[1], 2)), (cancel, (invoices[0],)), (sell_more, (invoices[2], 2))]
        results = place.at_once([*selling, *first], [*selling, *second])
        assert {result for result in results if isinstance(result, Refused)} <= {"Invalid", "NotFound", "WrongState"}
        [item] = place.all(Product)
        assert item.stock == sum(move.change for move in place.all(StockMove)) >= 0
        place.do(buy, sale, 4)
    assert check(place.database, lambda _: None, AUDIT) == []
