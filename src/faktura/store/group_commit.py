"""SQLite: one writer, many requests in one durable commit."""

import contextlib
import sqlite3
import threading
import time
from collections.abc import Callable
from typing import Any, TypeVar

from faktura.store import search
from faktura.store.errors import Unready
from faktura.store.ids import Ids
from faktura.store.lines import Closed, Lines
from faktura.store.transaction import Transaction

T = TypeVar("T")

LARGEST_BATCH = 64
LONGEST_BATCH = 0.02
"""Seconds after which those whose work is done wait for no other's."""


class _Request:
    """A piece of work that waits for its commit; `done` is locked until then."""

    __slots__ = ("done", "error", "result", "work")

    def __init__(self, work: Callable[[Transaction], Any]) -> None:
        self.work = work
        self.done = threading.Lock()
        self.done.acquire()
        self.result: Any = None
        self.error: BaseException | None = None


class GroupCommit:
    """Runs pieces of work on one thread and connection: each in a savepoint of its own, all that wait in one commit.

    A caller gets its result only after the commit is on disk. Work that raises is undone alone and raises at its
    caller; a commit that fails raises at all of its callers.
    """

    def __init__(self, connect: Callable[[], sqlite3.Connection]) -> None:
        self._cursor = connect().cursor()
        self._waiting: Lines[_Request] = Lines()
        self._thread = threading.Thread(target=self._serve, name="writer", daemon=True)
        self._thread.start()

    def run(self, work: Callable[[Transaction], T], turn: int | None = None) -> T:
        """Works of one turn are run in their order; those of several take turns."""
        request = _Request(work)
        try:
            self._waiting.put(turn, request)
        except Closed:
            raise Unready("The database is closed") from None
        request.done.acquire()
        if request.error is not None:
            raise request.error
        result: T = request.result
        return result

    def close(self) -> None:
        """Finish what waits, then stop."""
        self._waiting.close()
        self._thread.join()

    def _serve(self) -> None:
        while (request := self._waiting.take()) is not None:
            batch: list[_Request] = []
            try:
                self._commit(self._cursor, request, batch)
            except Exception as error:  # noqa: BLE001 (handed to every caller of the batch)
                for member in batch:
                    member.error = error
                with contextlib.suppress(sqlite3.Error):
                    _undo(self._cursor)
            for member in batch:
                member.done.release()
        self._cursor.connection.close()

    def _commit(self, cursor: sqlite3.Cursor, first: _Request, batch: list[_Request]) -> None:
        """Run and commit the first request and those that arrive meanwhile, as long as it does not take long."""
        until = time.monotonic() + LONGEST_BATCH
        request: _Request | None = first
        unindexed: list[search.Entry] = []
        cursor.execute("BEGIN IMMEDIATE")
        ids = Ids(cursor)
        while request is not None:
            batch.append(request)
            unindexed += _attempt(cursor, ids, request)
            full = len(batch) == LARGEST_BATCH or time.monotonic() > until
            request = None if full else self._waiting.take_waiting()
        ids.write()
        search.write_entries(cursor, unindexed)
        cursor.execute("COMMIT")


def _attempt(cursor: sqlite3.Cursor, ids: Ids, request: _Request) -> list[search.Entry]:
    """Run the work in a savepoint; what the text index is to be told of it."""
    transaction = Transaction("sqlite", cursor, ids=ids)
    last = ids.last.copy()
    cursor.execute("SAVEPOINT request")
    try:
        request.result = request.work(transaction)
    except BaseException as error:  # noqa: BLE001 (raised again at the caller)
        request.error = error
        ids.last = last
        transaction.unindexed.clear()
        cursor.execute("ROLLBACK TO request")
    cursor.execute("RELEASE request")
    return transaction.unindexed


def _undo(cursor: sqlite3.Cursor) -> None:
    if cursor.connection.in_transaction:
        cursor.execute("ROLLBACK")
