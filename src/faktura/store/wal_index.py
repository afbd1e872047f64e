"""SQLite: the header of the WAL index, shared memory that every commit of every process changes."""

import mmap
import struct
import threading
from pathlib import Path
from typing import BinaryIO

HEADER = 48
"""Bytes at the start of the index (SQLite's WAL-mode file format)."""

_CHANGES = struct.Struct("=8xI")
"""Behind two numbers of 32 bits that stay, the one that grows by one with each commit."""


class WalIndex:
    """The header of one database's index."""

    def __init__(self, database: Path) -> None:
        self._file = database.with_name(f"{database.name}-shm")
        self._index: mmap.mmap | None = None
        self._opening = threading.Lock()
        self._open_file: BinaryIO | None = None

    def header(self) -> bytes | None:
        """What every commit changes; None before anybody has read."""
        index = self._index or self._open()
        return None if index is None else index[:HEADER]

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


def is_at_most_one_commit(before: bytes, after: bytes) -> bool:
    """Whether there was one commit at most between two looks at the header."""
    (old,), (new,) = _CHANGES.unpack_from(before), _CHANGES.unpack_from(after)
    return before == after or bool((new - old) % 2**32 == 1)
