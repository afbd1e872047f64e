"""Uses of credentials on their way to the database: a look at memory for each, a write for many of them."""

import datetime as dt
import threading

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.credentials import Credential
from faktura.core.people.last_used import write_last_uses
from faktura.store.database import Database
from faktura.store.errors import Unavailable
from faktura.wire.now_and_then import write_now_and_then

AGAIN = dt.timedelta(minutes=10)
"""Who is used all the time is written so often."""

MOST = 10_000
"""Credentials that a process keeps in mind; only good ones get here."""

WRITING = 10.0
"""Seconds between two writes."""


class LastUses:
    """Which credentials were used since they were written last."""

    def __init__(self) -> None:
        self._seen: dict[Credential, dt.datetime] = {}
        self._waiting: dict[Credential, dt.datetime] = {}
        self._lock = threading.Lock()
        self._writing = threading.Lock()

    def see(self, credential: Credential, now: dt.datetime) -> None:
        seen = self._seen.get(credential)
        if seen is not None and seen <= now < seen + AGAIN:
            return
        with self._lock:
            if len(self._seen) >= MOST:
                self._seen.clear()
            self._seen[credential] = self._waiting[credential] = now

    def write(self, database: Database, clock: Clock) -> None:
        """Write what waits; what could not be written is seen again, and waits again."""
        with self._writing:
            with self._lock:
                waiting, self._waiting = self._waiting, {}
            if not waiting:
                return
            try:
                database.write(lambda tx: write_last_uses(Office(tx, clock.now()), waiting))
            except Unavailable:
                with self._lock:
                    self._seen.clear()
                raise

    def keep(self) -> dict[Credential, dt.datetime]:
        """Who was seen; what waits is to be written before."""
        with self._lock:
            return self._seen.copy()

    def bring_back(self, seen: dict[Credential, dt.datetime]) -> None:
        """Drop what waits; what is being written just now is waited for."""
        with self._writing, self._lock:
            self._seen, self._waiting = seen.copy(), {}

    def write_in_thread(self, database: Database, clock: Clock) -> None:
        """Go on writing as long as the process lives."""
        write_now_and_then("last uses of credentials", WRITING, lambda: self.write(database, clock))
