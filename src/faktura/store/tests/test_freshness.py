"""What was read of an account is true until somebody writes in its books, whoever and from wherever."""

import subprocess
import sys
import threading

import pytest

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact, change_contact, delete_contact
from faktura.core.errors import Given
from faktura.core.people.accounts import Account
from faktura.core.people.applications import Grant
from faktura.core.people.credentials import Credential
from faktura.core.people.last_used import write_last_uses
from faktura.store import queries
from faktura.store.database import Database, open_database
from faktura.store.transaction import Transaction
from faktura.store.wal_index import is_at_most_one_commit
from tests.firm import Firm, open_firm

WRITES_EACH = 30


@pytest.fixture
def sqlite(sqlite_url: str) -> Database:
    return open_database(sqlite_url)


@pytest.fixture
def firms(sqlite: Database) -> list[Firm]:
    return [open_firm(sqlite, Clock(), slug) for slug in ("applecorp", "pearcorp")]


def books(tx: Transaction, account: Account) -> Books:
    return Books(tx, account, None, Clock().now())


def add(database: Database, firm: Firm, name: str = "Novák") -> Contact:
    return database.write(lambda tx: add_contact(books(tx, firm.account), Given({"name": name})), firm.account.id)


def names(database: Database, firm: Firm) -> set[str]:
    def read(tx: Transaction) -> set[str]:
        stamps = queries.stamps(tx, Contact, firm.account.id, queries.EVERYTHING, 1000, 0)
        found = queries.by_ids(tx, Contact, firm.account.id, [record_id for record_id, _ in stamps])
        return {contact.name for contact in found}

    return database.read(read)


def test_every_kind_of_write_is_another_state_of_the_account_and_of_no_other(
    sqlite: Database, firms: list[Firm]
) -> None:
    mine, other = (firm.account for firm in firms)
    contact = add(sqlite, firms[0])
    kept = sqlite.state(other.id)

    def change(tx: Transaction) -> Contact:
        return change_contact(books(tx, mine), contact.id, Given({"name": "Dvořák"}))

    def remove(tx: Transaction) -> None:
        delete_contact(books(tx, mine), contact.id)

    for write in (change, remove, lambda tx: add_contact(books(tx, mine), Given({"name": "Novák"}))):
        before = sqlite.state(mine.id)
        assert sqlite.state(mine.id) is before is not None
        sqlite.write(write, mine.id)
        assert sqlite.state(mine.id) is not before

    assert sqlite.state(other.id) is kept is not None
    sqlite.close()


def test_what_is_refused_leaves_the_state_of_everybody(sqlite: Database, firms: list[Firm]) -> None:
    before = [sqlite.state(firm.account.id) for firm in firms]

    def fail(tx: Transaction) -> None:
        add_contact(books(tx, firms[0].account), Given({"name": "Novák"}))
        raise LookupError

    with pytest.raises(LookupError):
        sqlite.write(fail, firms[0].account.id)

    assert [sqlite.state(firm.account.id) for firm in firms] == before
    sqlite.close()


def test_when_a_credential_was_used_last_is_no_other_state(sqlite: Database, firms: list[Firm]) -> None:
    before, generation = [sqlite.state(firm.account.id) for firm in firms], sqlite.generation
    grant = sqlite.read(lambda tx: tx.get(Grant, user_id=firms[0].user.id))
    assert grant is not None
    uses = {Credential("grant", grant.id): Clock().now()}
    sqlite.write(lambda tx: write_last_uses(Office(tx, Clock().now()), uses))

    assert [sqlite.state(firm.account.id) for firm in firms] == before
    assert sqlite.generation == generation
    sqlite.close()


def test_a_commit_of_another_process_is_another_state_and_another_generation(
    sqlite: Database, firms: list[Firm]
) -> None:
    before, generation = [sqlite.state(firm.account.id) for firm in firms], sqlite.generation
    command = [sys.executable, "-c", WRITES, f"sqlite:///{sqlite.url.database}", firms[0].account.slug]
    subprocess.run(command, check=True)  # noqa: S603 (our own program)

    assert sqlite.generation != generation
    assert all(sqlite.state(f.account.id) is not old for f, old in zip(firms, before, strict=True))
    sqlite.close()


def test_a_commit_of_another_process_between_two_own_ones_is_noticed(sqlite: Database, firms: list[Firm]) -> None:
    kept = sqlite.state(firms[1].account.id)
    add(sqlite, firms[0], "one")
    assert sqlite.state(firms[1].account.id) is kept
    command = [sys.executable, "-c", WRITES, f"sqlite:///{sqlite.url.database}", firms[1].account.slug]
    subprocess.run(command, check=True)  # noqa: S603 (our own program)
    add(sqlite, firms[0], "two")

    assert sqlite.state(firms[1].account.id) is not kept
    assert names(sqlite, firms[1]) == {"from another process"}
    sqlite.close()


def test_whoever_was_answered_after_a_write_reads_it_whatever_others_write(sqlite: Database, firms: list[Firm]) -> None:
    late: list[str] = []

    def write_and_read(firm: Firm, writer: int) -> None:
        for number in range(WRITES_EACH):
            name = f"{writer}-{number}"
            add(sqlite, firm, name)
            if name not in names(sqlite, firm):
                late.append(name)

    def read_on_and_on() -> None:
        while any(thread.is_alive() for thread in writers):
            for firm in firms:
                names(sqlite, firm)

    writers = [threading.Thread(target=write_and_read, args=(firms[n % 2], n)) for n in range(4)]
    readers = [threading.Thread(target=read_on_and_on) for _ in range(2)]
    for thread in (*writers, *readers):
        thread.start()
    for thread in (*writers, *readers):
        thread.join()
    sqlite.close()

    assert late == []


def test_two_commits_or_a_header_made_again_are_not_taken_for_one() -> None:
    def header(changes: int, rest: bytes = bytes(36)) -> bytes:
        return bytes(8) + changes.to_bytes(4, sys.byteorder) + rest

    assert is_at_most_one_commit(header(7), header(7))
    assert is_at_most_one_commit(header(7), header(8, b"\1" * 36))
    assert is_at_most_one_commit(header(2**32 - 1), header(0))
    assert not is_at_most_one_commit(header(7), header(9))
    assert not is_at_most_one_commit(header(7), header(7, b"\1" * 36))
    assert not is_at_most_one_commit(header(7), header(1))


WRITES = """
import sys
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.people.accounts import Account
from faktura.core.people.applications import Grant
from faktura.store.database import open_database
import faktura.core.tables
database = open_database(sys.argv[1])
account = database.read(lambda tx: tx.get(Account, slug=sys.argv[2]))
given = Given({"name": "from another process"})
database.write(lambda tx: add_contact(Books(tx, account, None, Clock().now()), given))
database.close()
"""
