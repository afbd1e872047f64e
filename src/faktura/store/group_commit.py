"""SQLite: one writer, many requests in one durable commit."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from faktura.store import search
from faktura.store.errors import Unavailable, Unready
from faktura.store.faults import PATIENCE, of_sqlite, reported
from faktura.store.ids import Ids
from faktura.store.lines import Closed, Lines
from faktura.store.silence import Silence
from faktura.store.transaction import Transaction

T = TypeVar("T")

LARGEST_BATCH = 64
LONGEST_BATCH = 0.02
"""Seconds after which those whose work is done wait for no other's."""


class _Request:
    """A piece of work that waits for its commit; `done` is locked until then.

    Whoever takes it first, the writer to run it or its caller who waited long enough, has it.
    """

    __slots__ = ("_taken", "done", "error", "result", "work")

    def __init__(self, work: Callable[[Transaction], Any]) -> None:
        self.work = work
        self.done = threading.Lock()
        self.done.acquire()
        self._taken = threading.Lock()
        self.result: Any = None
        self.error: BaseException | None = None

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

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._connect = connect
        self._cursor: sqlite3.Cursor | None = None
        self._is_locked_out = False
        self._silence = Silence()
        self._waiting: Lines[_Request] = Lines()
        self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)
        self._thread.start()

    def run(self, work: Callable[[Transaction], T], turn: int | None = None) -> T:
        """Works of one turn are run in their order; those of several take turns."""
        self._silence.require_end()
        request = _Request(work)
        try:
            self._waiting.put(turn, request)
        except Closed:
            raise Unready("The database is closed") from None
        if not request.done.acquire(timeout=PATIENCE):
            if request.take():
                raise self._unheard()
            request.done.acquire()
        if isinstance(request.error, sqlite3.Error) and (fault := of_sqlite(request.error)) is not None:
            raise fault from request.error
        if request.error is not None:
            raise request.error
        result: T = request.result
        return result

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
        while (request := self._waiting.take()) is not None:
            batch: list[_Request] = []
            try:
                self._commit(request, batch)
            except Exception as error:  # noqa: BLE001 (handed to every caller of the batch)
                if request.take():
                    batch.append(request)
                for member in batch:
                    member.error = error
                self._drop_connection()
            for member in batch:
                member.done.release()
        self._drop_connection()

    def _commit(self, first: _Request, batch: list[_Request]) -> None:
        """Run and commit the first request and those that arrive meanwhile, as long as it does not take long."""
        cursor = self._begin(first)
        if cursor is None:
            return
        until = time.monotonic() + LONGEST_BATCH
        request: _Request | None = first
        unindexed: list[search.Entry] = []
        ids = Ids(cursor)
        while request is not None:
            if request.take():
                batch.append(request)
                unindexed += _attempt(cursor, ids, request)
            full = len(batch) == LARGEST_BATCH or time.monotonic() > until
            request = None if full else self._waiting.take_waiting()
        ids.write()
        search.write_entries(cursor, unindexed)
        cursor.execute("COMMIT")

    def _begin(self, first: _Request) -> sqlite3.Cursor | None:
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


def _attempt(cursor: sqlite3.Cursor, ids: Ids, request: _Request) -> list[search.Entry]:
    """Run the work in a savepoint; what the text index is to be told of it."""
    transaction = Transaction("sqlite", cursor, ids=ids)
    last = ids.last.copy()
    cursor.execute("SAVEPOINT request")
    try:
        request.result = request.work(transaction)
    except BaseException as error:
        if not cursor.connection.in_transaction:
            # SQLite undid the whole batch, as it does where a disk is full or fails.
            raise
        request.error = error
        ids.last = last
        transaction.unindexed.clear()
        cursor.execute("ROLLBACK TO request")
    cursor.execute("RELEASE request")
    return transaction.unindexed
