"""The limit of the database: the same rows read or written by sqlite3 alone, without HTTP and without our code."""

import itertools
import sqlite3
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from faktura.store.search import ACCOUNT_SHIFT

Row = tuple[Any, ...]

READING_THREADS = (1, 2)
MODELS = 1000
MOST_ROWS = 200_000


def reads_per_second(file: Path, sql: str, values: Sequence[Row], seconds: float) -> float:
    """How often the statement is answered with one of the values in turn: by one thread, or by two if that is more."""
    share = seconds / len(READING_THREADS)
    return max(_reads_per_second(file, sql, values, share, threads) for threads in READING_THREADS)


def _reads_per_second(file: Path, sql: str, values: Sequence[Row], seconds: float, threads: int) -> float:
    counts = [0] * threads
    began = time.perf_counter()

    def read(place: int) -> None:
        cursor = _connect(file).cursor()
        for value in itertools.islice(itertools.cycle(values), place, None):
            cursor.execute(sql, value).fetchall()
            counts[place] += 1
            if time.perf_counter() - began >= seconds:
                break
        cursor.connection.close()

    running = [threading.Thread(target=read, args=(place,)) for place in range(threads)]
    for thread in running:
        thread.start()
    for thread in running:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


def creates_per_second(file: Path, batch: int, seconds: float) -> float:
    """Contacts added for good, searchable and with their history rows, so many to a commit."""
    return _written_per_second(file, "contacts", batch, seconds)


def issues_per_second(file: Path, batch: int, seconds: float) -> float:
    """The same for invoices, each of which counts its series one further."""
    return _written_per_second(file, "invoices", batch, seconds, _COUNT_ON)


def _written_per_second(file: Path, table: str, batch: int, seconds: float, besides: str = "") -> float:
    """Rows of a table a second; `besides` is a statement that takes account and number format of each."""
    connection = _connect(file)
    cursor = connection.cursor()
    copies, happenings = _Documents(cursor, table), _Copies(cursor, "history")
    add_text = f"INSERT INTO {table}_search (rowid, body) VALUES (?, ?)"
    added = 0
    began = time.perf_counter()
    while time.perf_counter() - began < seconds and added < MOST_ROWS:
        cursor.execute("BEGIN IMMEDIATE")
        rows = copies.rows(batch)
        if besides:
            cursor.executemany(besides, copies.some_of(rows, "account_id", "number_format_id"))
        cursor.executemany(copies.insert, rows)
        cursor.executemany(happenings.insert, happenings.rows(batch))
        cursor.executemany(add_text, copies.documents(rows))
        cursor.execute(_TAKE_IDS, (copies.last, table))
        cursor.execute(_TAKE_IDS, (happenings.last, "history"))
        cursor.execute("COMMIT")
        added += batch
    elapsed = time.perf_counter() - began
    connection.close()
    return added / elapsed


_COUNT_ON = (
    "UPDATE number_series SET last = last + 1, version = version + 1 WHERE account_id = ? AND number_format_id = ?"
)
_TAKE_IDS = "UPDATE ids SET last = ? WHERE name = ?"
_UNIQUE = {"id", "uuid", "custom_id", "number", "counter"}


class _Copies:
    """New rows like those that a table holds, with other values in what must be unique."""

    def __init__(self, cursor: sqlite3.Cursor, table: str) -> None:
        (self.last,) = cursor.execute("SELECT last FROM ids WHERE name = ?", (table,)).fetchone()
        self.models = cursor.execute(f"SELECT * FROM {table} LIMIT {MODELS}").fetchall()
        self.names = [column[0] for column in cursor.description]
        places = ", ".join("?" * len(self.names))
        self.insert = f"INSERT INTO {table} ({', '.join(self.names)}) VALUES ({places})"
        self._unique = [place for place, name in enumerate(self.names) if name in _UNIQUE]
        self._turns = itertools.cycle(self.models)

    def rows(self, count: int) -> list[list[Any]]:
        made = []
        for model in itertools.islice(self._turns, count):
            self.last += 1
            row = list(model)
            for place in self._unique:
                if row[place] is not None:
                    row[place] = self.last if isinstance(row[place], int) else f"LIMIT-{self.last}"
            made.append(row)
        return made

    def some_of(self, rows: Sequence[Sequence[Any]], *names: str) -> list[Row]:
        places = [self.names.index(name) for name in names]
        return [tuple(row[place] for place in places) for row in rows]


class _Documents(_Copies):
    """The same with the texts that are searched."""

    def __init__(self, cursor: sqlite3.Cursor, table: str) -> None:
        super().__init__(cursor, table)
        body = f"SELECT body FROM {table}_search WHERE rowid = ?"
        numbers = self._numbers(self.models)
        self._texts = itertools.cycle([cursor.execute(body, (number,)).fetchone()[0] for number in numbers])

    def documents(self, rows: list[list[Any]]) -> list[Row]:
        """What the text index holds for the rows, in its own order."""
        return sorted(zip(self._numbers(rows), self._texts, strict=False))

    def _numbers(self, rows: Sequence[Sequence[Any]]) -> list[int]:
        keys = self.some_of(rows, "account_id", "id")
        return [account_id << ACCOUNT_SHIFT | record_id for account_id, record_id in keys]


def _connect(file: Path) -> sqlite3.Connection:
    """As durable as faktura's own connections, with the settings that serve this work best."""
    connection = sqlite3.connect(file, isolation_level=None, cached_statements=1024)
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    return connection


_PRAGMAS = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA cache_size = -65536",
    "PRAGMA wal_autocheckpoint = 10000",
)
