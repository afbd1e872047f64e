"""Opening a database; running a plain function in a transaction."""

import contextlib
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol, TypeVar

import psycopg
from sqlalchemy.engine import URL, make_url

from faktura.store.errors import Stale, Unready
from faktura.store.group_commit import GroupCommit
from faktura.store.landmarks import Landmarks
from faktura.store.recall import Recall
from faktura.store.search import lowered
from faktura.store.transaction import Transaction
from faktura.store.turns import Turns, WouldWait, here

T = TypeVar("T")

BUSY_SECONDS = 30
MOST_TRIES = 10

HOUSE = 0
"""The turn of writes that belong to no account."""

TURNS = 0x66616B75
"""The advisory locks of PostgreSQL that are turns to write; the second half of each is an account's id."""


class Database(Protocol):
    """One database and the ways to work on it from any thread.

    `generation` grows before a write returns that changed or removed a watched record.
    """

    url: URL
    engine: str
    generation: int

    def read(self, work: Callable[[Transaction], T]) -> T:
        """Run the work where it may only read; each statement sees what is committed when it begins."""

    def write(self, work: Callable[[Transaction], T], turn: int | None = None) -> T:
        """Run the work; return after its commit is on disk. It may be run several times, and is committed once.

        `turn` is the account whose records are written, None where they belong to the whole house. One work of a turn
        runs at a time and sees what those before it committed, so what it finds holds until its own commit.
        """

    def state(self) -> bytes | None:
        """What every commit changes, where that can be known without asking; else None."""

    def close(self) -> None: ...


def open_database(url: str) -> Database:
    """A database at sqlite:///file or postgresql://….

    Raises:
        Unready: the address is of neither kind.

    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return SqliteDatabase(parsed)
    if parsed.get_backend_name() == "postgresql":
        return PostgresDatabase(parsed)
    message = "The database address must begin with sqlite:/// and a file name, or with postgresql://"
    raise Unready(message)


class SqliteDatabase:
    """A file: reads on the calling thread's own connection, writes by group commit.

    Reads run without BEGIN and COMMIT, at each of which another thread might get its turn.
    """

    engine = "sqlite"
    generation = 0

    def __init__(self, url: URL) -> None:
        self.url = url
        self._path = Path(str(url.database))
        self._own = threading.local()
        self._opened: list[sqlite3.Connection] = []
        self._writer: GroupCommit | None = None
        self._opening = threading.Lock()
        self._landmarks = Landmarks()
        self._recall = Recall(self._path)
        self._turns = Turns()

    def read(self, work: Callable[[Transaction], T]) -> T:
        reading = Transaction("sqlite", self._reader(), self._landmarks, recall=self._recall, turns=self._turns)
        try:
            return work(reading)
        finally:
            self._turns.give_back()

    def write(self, work: Callable[[Transaction], T], turn: int | None = None) -> T:
        if here.must_not_wait:
            raise WouldWait
        writer = self._writer or self._start_writer()
        result, touched_watched = writer.run(lambda tx: (work(tx), tx.touched_watched), turn)
        self.generation += touched_watched
        return result

    def state(self) -> bytes | None:
        return self._recall.state()

    def close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        while self._opened:
            self._opened.pop().close()
        self._own = threading.local()
        self._recall.close()

    def connect(self) -> sqlite3.Connection:
        """A connection that leaves transactions to its user; the file is for its owner's eyes only."""
        if self._path.parent.is_dir() and not self._path.exists():
            self._path.touch(mode=0o600)
        self._close_to_others()
        connection = sqlite3.connect(
            self._path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=1024
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

    def _reader(self) -> sqlite3.Cursor:
        try:
            return self._own.cursor  # type: ignore[no-any-return]
        except AttributeError:
            connection = self.connect()
            connection.execute("PRAGMA query_only = ON")
            self._opened.append(connection)
            cursor = self._own.cursor = connection.cursor()
            return cursor

    def _start_writer(self) -> GroupCommit:
        with self._opening:
            if self._writer is None:
                self._writer = GroupCommit(self.connect)
            return self._writer


_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
    "PRAGMA temp_store = MEMORY",
    "PRAGMA cache_size = -2048",
    "PRAGMA secure_delete = FAST",
    "PRAGMA wal_autocheckpoint = 4000",
)


def _lower(text: str | None) -> str | None:
    """SQLite's own knows the letters of ASCII only."""
    return None if text is None else lowered(text)


class PostgresDatabase:
    """A server: the calling thread has its own connection and its own transaction.

    Writes are READ COMMITTED, or a work would see the database as it was before it waited for its turn. Reads run
    without BEGIN. Either way each statement has its own snapshot.
    """

    engine = "postgresql"
    generation = 0

    def __init__(self, url: URL) -> None:
        self.url = url
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._own = threading.local()
        self._opened: list[psycopg.Connection] = []

    def read(self, work: Callable[[Transaction], T]) -> T:
        return work(Transaction("postgresql", self._connection().cursor()))

    def write(self, work: Callable[[Transaction], T], turn: int | None = None) -> T:
        for _ in range(MOST_TRIES - 1):
            with contextlib.suppress(*_WORTH_ANOTHER_TRY):
                return self._try(work, HOUSE if turn is None else turn)
        return self._try(work, HOUSE if turn is None else turn)

    def _try(self, work: Callable[[Transaction], T], turn: int) -> T:
        connection = self._connection()
        with connection.transaction():
            cursor = connection.cursor()
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", (TURNS, turn))
            transaction = Transaction("postgresql", cursor)
            result = work(transaction)
        self.generation += transaction.touched_watched
        return result

    def state(self) -> None:
        return None

    def close(self) -> None:
        while self._opened:
            self._opened.pop().close()
        self._own = threading.local()

    def connect(self) -> psycopg.Connection:
        """A connection that leaves transactions to its user."""
        connection = psycopg.connect(self._address, autocommit=True, options="-c timezone=UTC", prepare_threshold=0)
        connection.isolation_level = psycopg.IsolationLevel.READ_COMMITTED
        return connection

    def _connection(self) -> psycopg.Connection:
        connection: psycopg.Connection | None = getattr(self._own, "connection", None)
        if connection is None or connection.closed:
            connection = self._own.connection = self.connect()
            self._opened.append(connection)
        return connection


_WORTH_ANOTHER_TRY = (
    Stale,
    psycopg.errors.UniqueViolation,
    psycopg.errors.DeadlockDetected,
)
"""What a write may meet that shares a record with a write in another turn."""
