"""SQLite: what was asked is not asked again while nobody has committed anything."""

import mmap
import threading
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, BinaryIO, TypeVar

T = TypeVar("T")

HEADER = 48
"""Bytes at the start of the WAL index, which every commit of every process changes (SQLite's WAL-mode file format)."""

MOST_BYTES = 6 * 1024 * 1024
ANSWER = 700
STAMP = 120
"""About what an answer costs with its question, and each id and version of a page."""


class Known:
    """What was answered in one state of the database."""

    __slots__ = ("answers", "bytes", "state")

    def __init__(self, state: bytes) -> None:
        self.state = state
        self.answers: dict[Hashable, Any] = {}
        self.bytes = 0


class Recall:
    """Answers to reads, true for one state of the database.

    The state is read before the question is asked, so a commit in between makes the answer forgotten, never wrong.
    Where there are too many, all are forgotten.
    """

    def __init__(self, database: Path) -> None:
        self._file = database.with_name(f"{database.name}-shm")
        self._index: mmap.mmap | None = None
        self._opening = threading.Lock()
        self._open_file: BinaryIO | None = None
        self._known = Known(b"")

    def state(self) -> bytes | None:
        """What every commit changes; None before anybody has read."""
        index = self._index or self._open()
        return None if index is None else index[:HEADER]

    def ask(self, key: Hashable, find: Callable[[], T]) -> T:
        state = self.state()
        if state is None:
            return find()
        known = self._known
        if known.state != state or known.bytes > MOST_BYTES:
            known = self._known = Known(state)
        found: T | None = known.answers.get(key)
        if found is None:
            found = find()
            known.answers[key] = found
            known.bytes += ANSWER + (STAMP * len(found) if isinstance(found, list) else 0)
        return found

    def close(self) -> None:
        """To be called when every connection is closed."""
        if self._index is not None and self._open_file is not None:
            self._index.close()
            self._open_file.close()
            self._index = self._open_file = None

    def _open(self) -> mmap.mmap | None:
        """The index, which is there as soon as a connection has read."""
        if not self._file.exists() or self._file.stat().st_size < HEADER:
            return None
        # Closing a file ends all locks that this process has on it, SQLite's own among them (fcntl(2)): it stays open.
        with self._opening:
            if self._index is None:
                self._open_file = self._file.open("rb")
                self._index = mmap.mmap(self._open_file.fileno(), HEADER, prot=mmap.PROT_READ)
        return self._index
