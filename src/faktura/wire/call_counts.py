"""Requests of accounts on their way to the database: counted in memory, and written once a minute."""

import threading
from collections import Counter

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.accounts import Account
from faktura.core.people.calls import add_calls
from faktura.store.database import Database
from faktura.store.transaction import Transaction
from faktura.wire.now_and_then import write_now_and_then

WRITING = 60.0
"""Seconds between two writes, each of which ends the answers that are repeated as long as nobody writes."""


class CallCounts:
    """How often programs asked in which account since that was written last."""

    def __init__(self) -> None:
        self._waiting: Counter[int] = Counter()
        self._lock = threading.Lock()
        self._writing = threading.Lock()

    def add(self, account_id: int) -> None:
        with self._lock:
            self._waiting[account_id] += 1

    def write(self, database: Database, clock: Clock) -> None:
        """Write what waits, account by account; what could not be written waits on.

        Raises:
            Unavailable: the database is away.

        """
        with self._writing:
            with self._lock:
                waiting, self._waiting = self._waiting, Counter()
            try:
                while waiting:
                    account_id, calls = next(iter(waiting.items()))
                    self._write(database, clock, account_id, calls)
                    del waiting[account_id]
            finally:
                with self._lock:
                    self._waiting += waiting

    def forget(self) -> None:
        """Drop what waits; what is being written just now is waited for."""
        with self._writing, self._lock:
            self._waiting.clear()

    def write_in_thread(self, database: Database, clock: Clock) -> None:
        """Go on writing as long as the process lives."""
        write_now_and_then("counts of requests", WRITING, lambda: self.write(database, clock))

    def _write(self, database: Database, clock: Clock, account_id: int, calls: int) -> None:
        def work(tx: Transaction) -> None:
            account = Office(tx, clock.now()).find(Account, id=account_id)
            add_calls(Books(tx, account, None, clock.now()), calls)

        database.write(work, account_id)
