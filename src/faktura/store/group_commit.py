"""SQLite: one writer, many requests in one durable commit."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from faktura.store.batch import Batch
from faktura.store.chance import SYSTEM, Chance
from faktura.store.errors import Unavailable, Unready
from faktura.store.faults import PATIENCE, of_sqlite, reported
from faktura.store.lines import Closed, Lines
from faktura.store.silence import Silence
from faktura.store.transaction import Transaction
from faktura.store.turns import here

T = TypeVar("T")

LARGEST_BATCH = 64
LONG_BATCH = 0.02
"""Seconds after which those whose work is done wait for no other's, where they are enough."""

ENOUGH = 16
"""So many to a commit that its costs are small beside theirs: more of them save little more."""

LONGEST_BATCH = 0.06
"""Seconds after which fewer wait for no other's, either: on a machine with other work only four invoices fit 0.02."""


class Visit:
    """What is to be done on the writer's thread; `settle` is called there when the commit is over.

    Whoever takes it first, the writer to do it or somebody who waited long enough, has it.
    """

    __slots__ = ("_taken", "do", "error", "result", "settle")

    def __init__(self, do: Callable[[Batch], Any], settle: "Callable[[Visit], None]") -> None:
        self.do = do
        self.settle = settle
        self._taken = threading.Lock()
        self.result: Any = None
        self.error: BaseException | None = None

    def be_done(self, batch: Batch) -> None:
        """Raise only what undid the whole batch."""
        try:
            self.result = self.do(batch)
        except BaseException as error:  # noqa: BLE001 (whoever waits for it gets it)
            self.error = error
        if batch.undone is not None:
            raise batch.undone

    def take(self) -> bool:
        return self._taken.acquire(blocking=False)

    def is_taken(self) -> bool:
        return self._taken.locked()


class GroupCommit:
    """Runs pieces of work on one thread and connection: each in a savepoint of its own, all that wait in one commit.

    A caller gets its result only after the commit is on disk. Work that raises is undone alone and raises at its
    caller; a commit that fails raises at all of its callers, and the next one has a new connection. Whoever's work was
    not begun in time, because others or another program write, is refused by their own clock.

    A connection of `connect` waits only a moment for the lock of the file.
    """

    def __init__(
        self,
        connect: Callable[[], sqlite3.Connection],
        commit: Callable[[Batch], None] = Batch.commit,
        chance: Chance = SYSTEM,
    ) -> None:
        self._connect = connect
        self._commit_batch = commit
        self._chance = chance
        self._cursor: sqlite3.Cursor | None = None
        self._batch: Batch | None = None
        self._is_locked_out = False
        self._silence = Silence()
        self._waiting: Lines[Visit] = Lines()
        self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)
        self._thread.start()

    def run(self, work: Callable[[Transaction], T], turn: Hashable = None) -> T:
        """Works of one turn are run in their order; those of several take turns."""
        done = threading.Lock()
        done.acquire()
        visit = self.submit(lambda batch: batch.write(work), turn, lambda _: done.release())
        if not done.acquire(timeout=PATIENCE) and not self.withdraw(visit):
            done.acquire()
        if visit.error is not None:
            raise visit.error
        result: T = visit.result
        return result

    def submit(self, do: Callable[[Batch], Any], turn: Hashable, settle: Callable[[Visit], None]) -> Visit:
        """Have something done on the writer's thread, which must not wait there; whatever it writes is in one commit.

        Whoever submits it looks at the clock: it is to be withdrawn after PATIENCE.
        """
        self._silence.require_end()
        visit = Visit(do, settle)
        try:
            self._waiting.put(turn, visit)
        except Closed:
            raise Unready("The database is closed") from None
        return visit

    def withdraw(self, visit: Visit) -> bool:
        """Give it up, if it was not begun: then its error says why it waited in vain."""
        if not visit.take():
            return False
        visit.error = self._unheard()
        return True

    def here(self) -> Batch | None:
        """The batch under way, where the calling thread is the writer's."""
        return self._batch if threading.current_thread() is self._thread else None

    def _unheard(self) -> Unavailable:
        if not self._is_locked_out:
            return reported("too many wait to write")
        self._silence.begin()
        return reported("another program holds the lock of the database file", silent=True)

    def close(self) -> None:
        """Finish what waits, then stop."""
        self._waiting.close()
        self._thread.join()

    def _serve(self) -> None:
        here.must_not_wait = True
        while (visit := self._waiting.take()) is not None:
            members: list[Visit] = []
            try:
                self._commit(visit, members)
            except BaseException as error:  # noqa: BLE001 (handed to everybody in the batch)
                fault = (isinstance(error, sqlite3.Error) and of_sqlite(error)) or error
                if visit.take():
                    members.append(visit)
                for member in members:
                    member.error = fault
                self._drop_connection()
            self._batch = None
            for member in members:
                member.settle(member)
        self._drop_connection()

    def _commit(self, first: Visit, members: list[Visit]) -> None:
        """Do and commit the first visit and those that arrive meanwhile, as long as it does not take long."""
        cursor = self._begin(first)
        if cursor is None:
            return
        began = time.monotonic()
        batch = self._batch = Batch(cursor, self._chance)
        visit: Visit | None = first
        while visit is not None:
            if visit.take():
                members.append(visit)
                visit.be_done(batch)
            full = _is_full(len(members), time.monotonic() - began)
            visit = None if full else self._waiting.take_waiting()
        self._commit_batch(batch)

    def _begin(self, first: Visit) -> sqlite3.Cursor | None:
        """Begin a transaction, or give up together with whoever waits for it."""
        while not first.is_taken():
            try:
                if self._cursor is None:
                    self._cursor = self._connect().cursor()
                self._cursor.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY:
                    raise
                self._is_locked_out = True
            else:
                self._is_locked_out = False
                return self._cursor
        return None

    def _drop_connection(self) -> None:
        """Nobody knows what state a failed commit left; a new connection sees what is on disk."""
        cursor, self._cursor = self._cursor, None
        if cursor is None:
            return
        with contextlib.suppress(sqlite3.Error):
            if cursor.connection.in_transaction:
                cursor.execute("ROLLBACK")
        with contextlib.suppress(sqlite3.Error):
            # A statement that somebody still holds would keep the connection and its locks.
            cursor.close()
            cursor.connection.close()


def _is_full(members: int, seconds: float) -> bool:
    return members == LARGEST_BATCH or seconds > (LONGEST_BATCH if members < ENOUGH else LONG_BATCH)
