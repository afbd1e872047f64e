"""PostgreSQL: what the processes of this server change, told to all of them before whoever asked for it is answered."""

import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from collections.abc import Set as AbstractSet

from faktura.store.board import Board
from faktura.store.freshness import EVERYBODY, MOST_ACCOUNTS
from faktura.store.quiet import LONGEST, Quiet

DOORS = 1
"""The row of what opens doors."""

FIRST = 2


class Mark:
    """What was read of an account since, and is true as long as the numbers are the same."""

    __slots__ = ("numbers", "taken")

    def __init__(self, numbers: bytes, taken: float) -> None:
        self.numbers = numbers
        self.taken = taken


class Changes:
    """A number for each account in each process, even but while a commit is under way.

    It is odd before COMMIT is sent, so that nobody keeps what was read meanwhile, and another even one afterwards. A
    process that is killed in between leaves it odd, until the one that is started in its place makes it even. Accounts
    that share a row are taken to have changed together.
    """

    def __init__(self, board: Board, quiet: Quiet) -> None:
        self._board = board
        self._quiet = quiet
        self._accounts = board.number_of_rows - FIRST
        self._odd = int.from_bytes(b"\1\0\0\0\0\0\0\0" * 2 * board.columns, sys.byteorder)
        self._marks: dict[int, Mark] = {}
        self._under_way: Counter[int] = Counter()
        self._lock = threading.Lock()
        for row in range(board.number_of_rows):
            if board.own(row) % 2:
                board.write(row, board.own(row) + 1)

    @property
    def generation(self) -> int:
        """What grows with every change of what opens doors."""
        return sum(self._board.rows(DOORS, 1))

    def mark(self, account_id: int) -> Mark | None:
        """What stays the same object as long as no process of this server writes in the account.

        After a second it is another one, unless nobody at all has committed since. None while one does. It is to be
        asked for before the question whose answer is kept.
        """
        row = self._board.row
        numbers, now = row(EVERYBODY) + row(self._row_of(account_id)), time.monotonic()
        self._quiet.want(now)
        mark = self._marks.get(account_id)
        if mark is not None and mark.numbers == numbers and self._is_true(mark, now):
            return mark
        if int.from_bytes(numbers, sys.byteorder) & self._odd:
            return None
        if len(self._marks) >= MOST_ACCOUNTS:
            self._marks = {}
        mark = self._marks[account_id] = Mark(numbers, now)
        return mark

    def _is_true(self, mark: Mark, now: float) -> bool:
        return now < mark.taken + LONGEST or self._quiet.holds(mark.taken, now)

    def commit(self, commit: Callable[[], None], written: AbstractSet[int], *, opens_doors: bool = False) -> None:
        """Commit what was written in these accounts."""
        rows = {EVERYBODY if account_id == EVERYBODY else self._row_of(account_id) for account_id in written}
        rows |= {DOORS} if opens_doors else set()
        with self._lock:
            for row in rows:
                self._under_way[row] += 1
                self._count(row)
        try:
            commit()
        finally:
            with self._lock:
                for row in rows:
                    self._under_way[row] -= 1
                    self._count(row)

    def _count(self, row: int) -> None:
        """The next number that is odd where a commit is under way, and even where none is."""
        number = self._board.own(row) + 1
        self._board.write(row, number + ((number + (self._under_way[row] > 0)) % 2))

    def _row_of(self, account_id: int) -> int:
        return FIRST + account_id % self._accounts
