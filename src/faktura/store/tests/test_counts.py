"""The length of a list: always what counting it off would give, whatever happens in between."""

import random
import threading

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact, delete_contact
from faktura.core.errors import Given
from faktura.store.database import Database
from faktura.store.queries import Condition, Selection
from faktura.store.transaction import Transaction
from tests.firm import Firm, open_firm

COUNTED_OFF = Selection((Condition("id", "gteq", 0),))


def books_of(tx: Transaction, firm: Firm) -> Books:
    return Books(tx, firm.account, firm.user.id, Clock().now())


def add(database: Database, firm: Firm) -> int:
    return database.write(lambda tx: add_contact(books_of(tx, firm), Given({"name": "Karel"}))).id


def delete(database: Database, firm: Firm, contact_id: int) -> None:
    database.write(lambda tx: delete_contact(books_of(tx, firm), contact_id))


def count(database: Database, firm: Firm, chosen: Selection = Selection()) -> int:  # noqa: B008 (immutable)
    return database.read(lambda tx: books_of(tx, firm).count(Contact, chosen))


def test_a_count_follows_every_add_and_every_removal(database: Database) -> None:
    firm, other = open_firm(database, Clock()), open_firm(database, Clock(), "pearcorp")
    dice = random.Random(7)  # noqa: S311 (the same steps every time)
    there: list[int] = []
    for _ in range(60):
        if there and dice.random() < 0.4:
            delete(database, firm, there.pop(dice.choice((0, -1))))
        else:
            there.append(add(database, firm))
        if dice.random() < 0.2:
            add(database, other)
        if dice.random() < 0.7:
            assert count(database, firm) == len(there)
    assert count(database, other) == count(database, other, COUNTED_OFF)


def test_a_count_holds_while_others_write(database: Database) -> None:
    firm = open_firm(database, Clock())
    wrong: list[int] = []

    def write() -> None:
        for _ in range(15):
            contact_id = add(database, firm)
            add(database, firm)
            delete(database, firm, contact_id)

    def read() -> None:
        wrong.extend(found for _ in range(100) if not 0 <= (found := count(database, firm)) <= 60)

    threads = [threading.Thread(target=work) for work in (write, write, read, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert count(database, firm) == count(database, firm, COUNTED_OFF) == 30
