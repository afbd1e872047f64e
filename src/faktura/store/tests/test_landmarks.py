"""Far pages of a list by id: the same as if they were counted off, whatever happens in between."""

import random

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact, delete_contact
from faktura.core.errors import Given
from faktura.store.database import Database
from faktura.store.landmarks import FAR
from faktura.store.queries import Selection
from faktura.store.transaction import Transaction
from tests.firm import Firm, open_firm

PAGE = 40


def books_of(tx: Transaction, firm: Firm) -> Books:
    return Books(tx, firm.account, firm.user.id, Clock().now())


def add_many(database: Database, firm: Firm, count: int) -> None:
    def work(tx: Transaction) -> None:
        for number in range(count):
            add_contact(books_of(tx, firm), Given({"name": f"Contact {number}"}))

    database.write(work)


def delete(database: Database, firm: Firm, contact_id: int) -> None:
    database.write(lambda tx: delete_contact(books_of(tx, firm), contact_id))


def all_ids(database: Database, firm: Firm) -> list[int]:
    return sorted(c.id for c in database.read(lambda tx: books_of(tx, firm).all(Contact)))


def page_ids(database: Database, firm: Firm, offset: int) -> list[int]:
    stamps = database.read(lambda tx: books_of(tx, firm).stamps(Contact, Selection(), PAGE, offset))
    return [record_id for record_id, _ in stamps]


def test_every_page_is_what_counting_off_would_give(database: Database) -> None:
    firm = open_firm(database, Clock())
    add_many(database, firm, FAR + 300)
    expected = all_ids(database, firm)

    for offset in [*range(0, len(expected), PAGE), FAR + 7, FAR + 280, FAR, len(expected) + PAGE]:
        assert page_ids(database, firm, offset) == expected[offset : offset + PAGE]


def test_removals_and_additions_move_far_pages_at_once(database: Database) -> None:
    firm = open_firm(database, Clock())
    add_many(database, firm, FAR + 200)
    chance = random.Random(7)  # noqa: S311 (not a secret)

    for _ in range(12):
        offset = FAR + chance.randrange(200)
        page_ids(database, firm, offset)
        victim = chance.choice(all_ids(database, firm))
        delete(database, firm, victim)
        add_many(database, firm, chance.randrange(3))
        assert page_ids(database, firm, offset) == all_ids(database, firm)[offset : offset + PAGE]


def test_far_pages_of_another_account_are_its_own(database: Database) -> None:
    ours, theirs = open_firm(database, Clock()), open_firm(database, Clock(), "pearcorp")
    add_many(database, ours, FAR + 100)
    add_many(database, theirs, FAR + 100)

    assert page_ids(database, ours, FAR) == all_ids(database, ours)[FAR : FAR + PAGE]
    assert page_ids(database, theirs, FAR) == all_ids(database, theirs)[FAR : FAR + PAGE]
