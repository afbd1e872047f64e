"""What is recalled is never older than the last commit, of whatever process."""

import subprocess
import sys

from faktura.core.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact, change_contact
from faktura.core.errors import Given
from faktura.store.database import Database, open_database
from faktura.store.queries import Selection
from faktura.store.transaction import Transaction
from tests.firm import Firm, open_firm


def books_of(tx: Transaction, firm: Firm) -> Books:
    return Books(tx, firm.account, firm.user.id, Clock().now())


def add(database: Database, firm: Firm) -> int:
    return database.write(lambda tx: add_contact(books_of(tx, firm), Given({"name": "Karel"})).id)


def add_and_change(database: Database, firm: Firm) -> int:
    contact_id = add(database, firm)
    database.write(lambda tx: change_contact(books_of(tx, firm), contact_id, Given({"phone": "1"})))
    return contact_id


def version(database: Database, firm: Firm, contact_id: int) -> int:
    return database.read(lambda tx: books_of(tx, firm).version(Contact, contact_id))


def test_a_page_a_count_and_a_version_follow_every_commit(database: Database) -> None:
    firm = open_firm(database, Clock())

    for number in range(1, 6):
        contact_id = add_and_change(database, firm)
        for _ in range(2):
            assert database.read(lambda tx: books_of(tx, firm).count(Contact)) == number
            page = database.read(lambda tx: books_of(tx, firm).stamps(Contact, Selection(), 40, 0))
            assert len(page) == number
            assert page[-1] == (contact_id, version(database, firm, contact_id)) == (contact_id, 2)


def test_what_another_process_commits_is_seen_at_once(database: Database) -> None:
    firm = open_firm(database, Clock())
    contact_id = add(database, firm)
    url = database.url.render_as_string(hide_password=False)
    program = (
        "import sys; from faktura.store.database import open_database; import faktura.core.tables\n"
        "from faktura.store.statements import Query; import sqlalchemy as sa\n"
        "from faktura.core.contacts import Contact\n"
        "database = open_database(sys.argv[1])\n"
        "database.write(lambda tx: tx.write(Query(sa.update(Contact.table).values(version=77))))\n"
        "database.close()"
    )

    assert version(database, firm, contact_id) == 1
    subprocess.run([sys.executable, "-c", program, url], check=True)  # noqa: S603 (our own program)
    assert version(database, firm, contact_id) == 77


def test_what_another_opening_of_the_file_commits_is_seen_at_once(database: Database) -> None:
    firm = open_firm(database, Clock())
    elsewhere = open_database(database.url.render_as_string(hide_password=False))

    for number in range(1, 4):
        add(elsewhere, firm)
        assert database.read(lambda tx: books_of(tx, firm).count(Contact)) == number
    elsewhere.close()
