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
    connection = _connect(file)
    cursor = connection.cursor()
    contacts, happenings = _Copies(cursor, "contacts"), _Copies(cursor, "history")
    added = 0
    began = time.perf_counter()
    while time.perf_counter() - began < seconds and added < MOST_ROWS:
        cursor.execute("BEGIN IMMEDIATE")
        rows = contacts.rows(batch)
        cursor.executemany(contacts.insert, rows)
        cursor.executemany(happenings.insert, happenings.rows(batch))
        cursor.executemany(_ADD_TEXT, _documents(contacts, rows))
        cursor.execute(_TAKE_IDS, (contacts.last, "contacts"))
        cursor.execute(_TAKE_IDS, (happenings.last, "history"))
        cursor.execute("COMMIT")
        added += batch
    elapsed = time.perf_counter() - began
    connection.close()
    return added / elapsed


_ADD_TEXT = "INSERT INTO contacts_search (rowid, body) VALUES (?, ?)"
_TAKE_IDS = "UPDATE ids SET last = ? WHERE name = ?"


class _Copies:
    """New rows like those that a table holds, with other values in what must be unique."""

    def __init__(self, cursor: sqlite3.Cursor, table: str) -> None:
        (self.last,) = cursor.execute("SELECT last FROM ids WHERE name = ?", (table,)).fetchone()
        self.models = cursor.execute(f"SELECT * FROM {table} LIMIT {MODELS}").fetchall()
        self.names = [column[0] for column in cursor.description]
        places = ", ".join("?" * len(self.names))
        self.insert = f"INSERT INTO {table} ({', '.join(self.names)}) VALUES ({places})"
        self._unique = [place for place, name in enumerate(self.names) if name in {"id", "uuid", "custom_id"}]
        self._turns = itertools.cycle(self.models)

    def rows(self, count: int) -> list[list[Any]]:
        made = []
        for model in itertools.islice(self._turns, count):
            self.last += 1
            row = list(model)
            for place in self._unique:
                row[place] = self.last if self.names[place] == "id" else f"LIMIT-{self.last}"
            made.append(row)
        return made


def _documents(contacts: _Copies, rows: list[list[Any]]) -> list[tuple[int, str]]:
    """What the text index holds for the rows, in its own order."""
    names = contacts.names
    account, record_id, text = (names.index(name) for name in ("account_id", "id", "search_text"))
    return sorted((row[account] << ACCOUNT_SHIFT | row[record_id], row[text]) for row in rows)


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
