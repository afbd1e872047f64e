"""What SQLite is not asked again is true all the same, and keeps nobody else's file in danger."""

import subprocess
import sys
import threading
import tracemalloc
from pathlib import Path

import pytest

from faktura.core.clock import Clock
from faktura.core.contacts import Contact
from faktura.store import queries
from faktura.store.database import Database, open_database
from faktura.store.freshness import Freshness
from faktura.store.recall import MOST_BYTES, Recall
from faktura.store.wal_index import WalIndex
from tests.firm import open_firm

LOCKED_WHILE_IN_USE = 128
"""The byte of the WAL index that every process with the database open has a lock on (SQLite's os_unix.c)."""

TAKES_THE_LOCK = f"""
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, {LOCKED_WHILE_IN_USE})
"""


@pytest.fixture
def sqlite(sqlite_url: str) -> Database:
    return open_database(sqlite_url)


def test_other_processes_still_see_that_the_file_is_in_use(sqlite: Database) -> None:
    def read() -> None:
        sqlite.read(lambda tx: queries.stamps(tx, Contact, 1, queries.EVERYTHING, 40, 0))

    sqlite.write(lambda tx: tx.next_id(Contact))
    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    command = [sys.executable, "-c", TAKES_THE_LOCK, f"{sqlite.url.database}-shm"]
    taken = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 (our own program)
    sqlite.close()

    assert "BlockingIOError" in taken.stderr


def test_what_another_process_wrote_is_seen_at_once(sqlite: Database) -> None:
    firm = open_firm(sqlite, Clock())
    count = "from faktura.store.database import open_database\nimport sys\n" + WRITES

    def seen() -> list[queries.Stamp]:
        return sqlite.read(lambda tx: queries.stamps(tx, Contact, firm.account.id, queries.EVERYTHING, 40, 0))

    assert seen() == seen() == []
    command = [sys.executable, "-c", count, f"sqlite:///{sqlite.url.database}", firm.account.slug]
    subprocess.run(command, check=True)  # noqa: S603 (our own program)

    assert len(seen()) == 1
    sqlite.close()


def test_long_pages_are_recalled_within_a_bound_of_memory(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    page = [(number, number + 1_000) for number in range(1_000, 1_040)]
    freshness = Freshness(WalIndex(Path(str(sqlite.url.database))))
    monkeypatch.setattr(freshness, "mark", lambda _account: "nobody commits")
    recall = Recall(freshness)
    tracemalloc.start()
    for number in range(20_000):
        recall.ask(1, number, lambda n=number: [(one + n, two + n) for one, two in page])  # type: ignore[misc]
    kept, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    sqlite.close()

    assert 1024 * 1024 < kept < MOST_BYTES


WRITES = """
from faktura.core.people.accounts import Account
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
database = open_database(sys.argv[1])
account = database.read(lambda tx: tx.get(Account, slug=sys.argv[2]))
database.write(lambda tx: add_contact(Books(tx, account, None, Clock().now()), Given({"name": "Novák"})))
database.close()
"""
