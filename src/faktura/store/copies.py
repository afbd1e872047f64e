"""SQLite: the whole database in memory, as it was at one instant, and the way back to it."""

import contextlib
import sqlite3
from typing import NamedTuple

from faktura.store.faults import PATIENCE, of_sqlite, reported
from faktura.store.sqlite import SqliteDatabase


class Copy(NamedTuple):
    """A connection to a database that nobody else sees; one thread at a time may use it."""

    connection: sqlite3.Connection
    bytes: int


def copied(database: SqliteDatabase) -> Copy:
    """A copy page by page: rows, text index, last ids and all."""
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    with contextlib.closing(database.connect()) as live:
        live.backup(copy)
    (pages,), (each,) = copy.execute("PRAGMA page_count").fetchone(), copy.execute("PRAGMA page_size").fetchone()
    return Copy(copy, pages * each)


def bring_back(database: SqliteDatabase, copy: Copy) -> None:
    """Make the database what the copy is, in one transaction: whoever reads meanwhile sees all of before or of after.

    Raises:
        Unavailable: others do not let go of the file, or it cannot be written; it is as it was.

    """
    with contextlib.closing(database.connect(PATIENCE)) as live:
        try:
            copy.connection.backup(live, progress=_refuse_to_wait)
        except sqlite3.Error as error:
            raise (of_sqlite(error) or error) from error
    database.forget()


def _refuse_to_wait(status: int, _remaining: int, _total: int) -> None:
    """Who has waited for as long as the connection does would wait for ever."""
    if status in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        raise reported("another program holds the lock of the database file")
