"""A database in a file of SQLite."""

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from sqlalchemy.engine import URL

from faktura.store.batch import Batch
from faktura.store.chance import SYSTEM, Chance
from faktura.store.faults import PATIENCE, of_sqlite
from faktura.store.freshness import Freshness
from faktura.store.group_commit import GroupCommit
from faktura.store.landmarks import Landmarks
from faktura.store.pool import Pool
from faktura.store.recall import Recall
from faktura.store.search import lowered
from faktura.store.silence import Silence
from faktura.store.transaction import Transaction
from faktura.store.turns import Turns, WouldWait, here
from faktura.store.wal_index import WalIndex

T = TypeVar("T")

LONGEST_WAIT = 30.0
"""Seconds that long work, such as a migration, waits for a lock of the file."""

A_LOOK = 0.2
"""Seconds that the writer waits for it, before it looks whether anybody still waits for the writer."""


class SqliteDatabase:
    """Reads each on a connection that is lent to them, writes by group commit.

    Reads run without BEGIN and COMMIT, at each of which another thread might get its turn.
    """

    engine = "sqlite"
    meets_others = True

    def __init__(self, url: URL, chance: Chance = SYSTEM) -> None:
        self.url = url
        self.chance = chance
        self._path = Path(str(url.database))
        self._readers = Pool(self._connect_reader)
        self._kept_open: sqlite3.Connection | None = None
        self._writer: GroupCommit | None = None
        self._opening = threading.Lock()
        self._landmarks = Landmarks()
        self._index = WalIndex(self._path)
        self._freshness = Freshness(self._index)
        self._recall = Recall(self._freshness)
        self._changed_watched = 0
        self._turns = Turns()
        self._silence = Silence()

    def read(self, work: Callable[[Transaction], T]) -> T:
        if (batch := self._batch_here()) is not None:
            return batch.read(work)
        reading = Transaction("sqlite", None, self._landmarks, recall=self._recall, lend=self._lend, chance=self.chance)
        try:
            return work(reading)
        except sqlite3.Error as error:
            fault = of_sqlite(error)
            if fault is None:
                raise
            if fault.silent:
                self._silence.begin()
            raise fault from error
        finally:
            if reading.lend is None:
                self._readers.give_back(reading.cursor.connection)  # type: ignore[attr-defined] # it is of sqlite3
            self._turns.give_back()

    def write(self, work: Callable[[Transaction], T], turn: int | None = None) -> T:
        if (batch := self._batch_here()) is None and here.must_not_wait:
            raise WouldWait
        return self.writer.run(work, turn) if batch is None else batch.write(work)

    @property
    def writer(self) -> GroupCommit:
        """The one that writes, started when it is first asked for."""
        if self._writer is None:
            with self._opening:
                if self._writer is None:
                    self._writer = GroupCommit(self._connect_writer, self._commit, self.chance)
        return self._writer

    @property
    def generation(self) -> int:
        self._freshness.look()
        return self._changed_watched + self._freshness.foreign

    def state(self, account_id: int | None = None) -> object | None:
        return self._index.header() if account_id is None else self._freshness.mark(account_id)

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        self._readers.close()
        if self._kept_open is not None:
            self._kept_open.close()
        self._index.close()

    def forget(self) -> None:
        """Whatever was remembered of the database is true no more: all of it was replaced."""
        self._landmarks = Landmarks()
        self._freshness.forget()
        self._changed_watched += 1

    def connect(self, longest_wait: float = LONGEST_WAIT) -> sqlite3.Connection:
        """A connection for long work, which leaves transactions to its user."""
        return self._connect(longest_wait)

    def _connect(self, longest_wait: float) -> sqlite3.Connection:
        """The file is for its owner's eyes only."""
        if self._path.parent.is_dir() and not self._path.exists():
            self._path.touch(mode=0o600)
        self._close_to_others()
        connection = sqlite3.connect(
            self._path, timeout=longest_wait, isolation_level=None, check_same_thread=False, cached_statements=1024
        )
        for pragma in _PRAGMAS:
            connection.execute(pragma)
        connection.create_function("lower", 1, _lower, deterministic=True)
        return connection

    def _close_to_others(self) -> None:
        """A file that came from elsewhere, by cp for instance, may be open to them; SQLite makes its others like it."""
        for file in (self._path, Path(f"{self._path}-wal"), Path(f"{self._path}-shm")):
            # What is not there needs nothing, and what belongs to somebody else is theirs to close.
            with contextlib.suppress(OSError):
                if file.stat().st_mode & 0o077:
                    file.chmod(0o600)

    def _lend(self) -> sqlite3.Cursor:
        self._turns.take()
        self._silence.require_end()
        return self._readers.take().cursor()

    def _connect_reader(self) -> sqlite3.Connection:
        with self._opening:
            if self._kept_open is None:
                # With its last connection SQLite would remove the file that `recall` looks into.
                self._kept_open = self._connect(PATIENCE)
                self._kept_open.execute("SELECT name FROM sqlite_master LIMIT 1").fetchall()
        connection = self._connect(PATIENCE)
        connection.execute("PRAGMA query_only = ON")
        return connection

    def _connect_writer(self) -> sqlite3.Connection:
        connection = self._connect(A_LOOK)
        connection.execute(_CACHE_OF_WRITER)
        return connection

    def _batch_here(self) -> Batch | None:
        return None if self._writer is None else self._writer.here()

    def _commit(self, batch: Batch) -> None:
        self._freshness.commit(batch.commit, batch.written)
        self._changed_watched += batch.changed_watched


_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -2048",
    "PRAGMA secure_delete = FAST",
    "PRAGMA wal_autocheckpoint = 4000",
)

_CACHE_OF_WRITER = "PRAGMA cache_size = -4096"
"""So that what a full commit changes stays there until it is written, once."""


def _lower(text: str | None) -> str | None:
    """SQLite's own knows the letters of ASCII only."""
    return None if text is None else lowered(text)
