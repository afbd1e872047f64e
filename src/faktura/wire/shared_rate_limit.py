"""The same limits where several processes serve: what each of them counts is seen by all."""

import datetime as dt
import threading

from faktura.store.board import Board
from faktura.wire.rate_limit import WINDOW, RateLimit

WAYS = 4
"""Windows that find room in one place of a process; of more, the one that began first is forgotten."""

SECONDS = 2**24 - 1
"""When a window began is kept in seconds, of which these are 194 days."""

NAME = 2**40 - 1


class SharedRateLimit(RateLimit):
    """A place has a row for each window, which says whose it is and when it began, and one for what was used of it.

    A process writes what it counted itself, and adds up what all have. Two that count the same address in the same
    moment may both let through what was the last request of its quota.
    """

    def __init__(self, board: Board) -> None:
        super().__init__()
        self._board = board
        self._column = board.column
        self._places = board.number_of_rows // (2 * WAYS)
        self._counting = threading.Lock()

    def _count(
        self, key: tuple[str, str], quota: int, now: dt.datetime, step: int = 1, *, window: int = WINDOW
    ) -> tuple[float, int]:
        # The processes are forked from one, so that a text has the same hash in all of them.
        name, place = divmod(hash(key), self._places)
        name, first, second = name & NAME, place * 2 * WAYS, int(now.timestamp())
        columns, own = self._board.columns, None
        age = used = 0
        with self._counting:
            numbers = self._board.rows(first, 2 * WAYS)
            for at in range(WAYS * columns):
                kept = numbers[at]
                if kept >> 24 == name and (old := (second - kept) & SECONDS) < window:
                    age = max(age, old)
                    used += numbers[at + WAYS * columns]
                    if at % columns == self._column:
                        own = at // columns
            if used < quota:
                self._add(first, own, numbers, name << 24 | (second - age) & SECONDS, step)
        return age, used

    def _add(self, first: int, way: int | None, numbers: list[int], window: int, step: int) -> None:
        """One more or less in the window that this process has there, or the first in another's place."""
        of_windows = numbers[self._column : WAYS * self._board.columns : self._board.columns]
        if way is not None:
            self._board.write(first + WAYS + way, self._board.own(first + WAYS + way) + step)
            return
        ages = [(window - kept) & SECONDS for kept in of_windows]
        way = ages.index(max(ages))
        self._board.write(first + WAYS + way, 1)
        self._board.write(first + way, window)
