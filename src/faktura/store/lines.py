"""Who waits, for the writer of SQLite or for a thread, stands in a line for each turn; the lines are served in turn."""

import threading
from collections import deque
from collections.abc import Hashable
from typing import Generic, TypeVar

T = TypeVar("T")


class Closed(Exception):  # noqa: N818 (says what the lines are)
    """Nobody may join any more."""


class Lines(Generic[T]):
    """A queue for each turn, such as an account; None is a turn like any other."""

    def __init__(self) -> None:
        self._lines: dict[Hashable, deque[T]] = {}
        self._changed = threading.Condition(threading.Lock())
        self._closed = False

    def __len__(self) -> int:
        with self._changed:
            return sum(map(len, self._lines.values()))

    def put(self, turn: Hashable, item: T) -> None:
        """Join the line of a turn, at its end.

        Raises:
            Closed: nobody may.

        """
        with self._changed:
            if self._closed:
                raise Closed
            line = self._lines.get(turn)
            if line is None:
                self._lines[turn] = deque((item,))
            else:
                line.append(item)
            self._changed.notify()

    def take(self) -> T | None:
        """The first of the line whose turn it is, once there is one; None where all are closed and empty."""
        with self._changed:
            while not self._lines and not self._closed:
                self._changed.wait()
            return self._first()

    def take_waiting(self) -> T | None:
        """The same, but None where nobody waits."""
        with self._changed:
            return self._first()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()

    def _first(self) -> T | None:
        """Whoever stands behind in the same line goes to the end of all lines."""
        if not self._lines:
            return None
        turn = next(iter(self._lines))
        line = self._lines.pop(turn)
        item = line.popleft()
        if line:
            self._lines[turn] = line
        return item
