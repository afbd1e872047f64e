"""Numbers in memory that the processes of one server have in common."""

import fcntl
import mmap
import os
import time
from typing import NamedTuple

NUMBER = 8
"""Bytes."""

CHANGES = 4096
"""Rows for what changes: accounts share them by their ids."""

REQUESTS = 65_536
"""Rows for requests that are counted: 32,768 addresses and accounts in a minute."""

PATIENCE = 5.0
"""Seconds to wait for the end of the process whose place is taken."""


class Board:
    """Rows of numbers: each process writes in a column of its own and reads all of them.

    It is made before the processes are forked. A number has one writer, so nobody needs a lock. A process holds its
    column by a lock that ends with it, however it ends; whoever is started in its place finds the numbers as they were.
    """

    def __init__(self, columns: int, rows: int) -> None:
        self.columns = columns
        self.number_of_rows = rows
        self._file = os.memfd_create("faktura")
        os.ftruncate(self._file, columns * rows * NUMBER)
        self._memory = mmap.mmap(self._file, columns * rows * NUMBER)
        self._numbers = memoryview(self._memory).cast("Q")
        self._column: int | None = None

    @property
    def column(self) -> int:
        """The one that this process writes in."""
        if self._column is None:
            self._column = self._take()
        return self._column

    def row(self, number: int) -> bytes:
        """A row as it stands in memory."""
        size = self.columns * NUMBER
        return self._memory[number * size : (number + 1) * size]

    def rows(self, first: int, count: int) -> list[int]:
        """The numbers of some rows, one row after the other."""
        return self._numbers[first * self.columns : (first + count) * self.columns].tolist()

    def own(self, row: int) -> int:
        """What this process wrote there."""
        return self._numbers[row * self.columns + self.column]

    def write(self, row: int, number: int) -> None:
        self._numbers[row * self.columns + self.column] = number

    def _take(self) -> int:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            for column in range(self.columns):
                try:
                    fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, column)
                except OSError:
                    continue
                return column
            time.sleep(0.01)
        raise RuntimeError("more processes serve than there are columns for")


class Common(NamedTuple):
    """What the processes of one server tell each other: what they changed, and the requests that they counted."""

    changes: Board
    requests: Board


def common_to(processes: int) -> Common:
    """Made before the processes are forked; of its memory only that is used which is written."""
    return Common(Board(processes, CHANGES), Board(processes, REQUESTS))
