"""Connections follow the work: they are as many as pieces of work at once, however many threads come and end."""

import os
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from faktura.core.clock import Clock
from faktura.core.people.accounts import Account
from faktura.store.database import Database
from faktura.store.transaction import Transaction
from tests.firm import open_firm
from tests.postgres import administrator
from tests.proofs.history import length

BURSTS = length(short=10, long=40)
THREADS = 16


def held(database: Database) -> int:
    """How many connections there are, to the file or to the server."""
    if database.engine == "postgresql":
        with administrator(database.url.render_as_string(hide_password=False)) as connection:
            return connection.execute(_OTHERS).fetchall()[0][0]  # type: ignore[no-any-return]
    # Of the file itself SQLite keeps a descriptor for the next connection, of its log it keeps none.
    file = Path(f"{database.url.database}-wal").resolve()
    opened = [Path(os.path.realpath(link)) for link in Path("/proc/self/fd").iterdir()]
    return sum(path == file for path in opened)


_OTHERS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"


def test_bursts_of_threads_that_end_leave_no_connection_each(database: Database) -> None:
    firm = open_firm(database, Clock())
    counted = []
    for _ in range(BURSTS):
        together = threading.Barrier(THREADS)

        def ask(tx: Transaction, together: threading.Barrier = together) -> Account | None:
            found = tx.get(Account, id=firm.account.id)
            together.wait(10)
            return found

        with ThreadPoolExecutor(THREADS) as threads:
            assert None not in [task.result() for task in [threads.submit(database.read, ask) for _ in range(THREADS)]]
        with ThreadPoolExecutor(THREADS) as threads:
            list(threads.map(lambda _: database.write(lambda tx: tx.get(Account, id=1)), range(THREADS)))
        counted.append(held(database))
    # On SQLite the writer has one, and one is kept open for the index of the log.
    assert max(counted) <= THREADS + 2
    assert counted[-1] <= counted[0]


def test_connections_that_are_not_needed_again_are_closed(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("faktura.store.pool.IDLE_SECONDS", 0.0)
    together = threading.Barrier(THREADS)

    def ask(tx: Transaction) -> None:
        tx.get(Account, id=1)
        together.wait(10)

    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(lambda _: database.read(ask), range(THREADS)))
    for _ in range(2 * THREADS):
        database.read(lambda tx: tx.get(Account, id=1))
    assert held(database) <= 2


def test_what_is_lent_when_the_database_is_closed_is_closed_when_it_comes_back(database: Database) -> None:
    # The tests themselves may hold one.
    before, lent, closed = held(database), threading.Event(), threading.Event()

    def ask(tx: Transaction) -> Account | None:
        tx.get(Account, id=1)
        lent.set()
        closed.wait(10)
        return tx.get(Account, id=1)

    with ThreadPoolExecutor(1) as threads:
        task = threads.submit(database.read, ask)
        assert lent.wait(10)
        database.close()
        closed.set()
        assert task.result() is None
    # A process of PostgreSQL needs a moment to end.
    deadline = time.monotonic() + 10
    while held(database) > before:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_work_within_a_work_has_a_connection_of_its_own(database: Database) -> None:
    firm = open_firm(database, Clock())

    def outer(tx: Transaction) -> Account | None:
        tx.get(Account, id=firm.account.id)
        return database.read(lambda inner: inner.get(Account, id=firm.account.id))

    assert database.read(outer) == firm.account
