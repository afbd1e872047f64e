"""SQLite: one transaction of the writer, which many pieces of work share."""

import sqlite3
from collections.abc import Callable
from typing import TypeVar

from faktura.store import search
from faktura.store.chance import Chance
from faktura.store.faults import of_sqlite
from faktura.store.ids import Ids
from faktura.store.owed import Owed
from faktura.store.transaction import Transaction

T = TypeVar("T")


class Batch:
    """What was written since BEGIN; ids, the text index and kept sums are written last, together.

    `written` are the accounts that the works wrote in; `changed_watched` counts the works that touched what opens
    doors. Where SQLite undid everything by itself, as on a full disk or one that fails, `undone` says why.
    """

    def __init__(self, cursor: sqlite3.Cursor, chance: Chance) -> None:
        self._cursor = cursor
        self._chance = chance
        self._ids = Ids(cursor)
        self._unindexed: list[search.Entry] = []
        self._owed = Owed()
        self.changed_watched = 0
        self.written: set[int] = set()
        self.undone: BaseException | None = None

    def read(self, work: Callable[[Transaction], T]) -> T:
        """Sees what the works before it wrote."""
        return work(Transaction("sqlite", self._cursor, chance=self._chance))

    def write(self, work: Callable[[Transaction], T]) -> T:
        """Run the work in a savepoint of its own; where it raises, it alone is undone."""
        ids, last = self._ids, self._ids.last.copy()
        transaction = Transaction("sqlite", self._cursor, ids=ids, chance=self._chance.within(ids))
        self._cursor.execute("SAVEPOINT work")
        try:
            result = work(transaction)
            self._cursor.execute("RELEASE work")
        except BaseException as error:
            self._ids.last = last
            fault = of_sqlite(error) if isinstance(error, sqlite3.Error) else None
            self._undo(fault or error)
            if fault is None:
                raise
            raise fault from error
        self._unindexed += transaction.unindexed
        self._owed.join(transaction.owed)
        self.changed_watched += transaction.touched_watched
        self.written |= transaction.written
        return result

    def _undo(self, error: BaseException) -> None:
        try:
            self._cursor.execute("ROLLBACK TO work")
            self._cursor.execute("RELEASE work")
        except sqlite3.Error:
            self.undone = error

    def commit(self) -> None:
        self._ids.write()
        search.write_entries(self._cursor, self._unindexed)
        self._owed.write(self._cursor, "sqlite")
        self._cursor.execute("COMMIT")
