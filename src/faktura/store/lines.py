"""Who waits, for the writer of SQLite or for a thread, stands in a line for each turn; the lines are served in turn."""

import threading
from collections import deque
from collections.abc import Hashable
from queue import Empty, SimpleQueue
from typing import Generic, Literal, TypeVar

T = TypeVar("T")

Ticket = Literal["next", "end"]


class Closed(Exception):  # noqa: N818 (says what the lines are)
    """Nobody may join any more."""


class Lines(Generic[T]):
    """A queue for each turn, such as an account; None is a turn like any other.

    Who takes waits for a ticket, which costs less than to wait for a condition: there is one for each who stands in a
    line, and behind those one that says that nobody comes any more.
    """

    def __init__(self) -> None:
        self._lines: dict[Hashable, deque[T]] = {}
        self._tickets: SimpleQueue[Ticket] = SimpleQueue()
        self._changing = threading.Lock()
        self._closed = False

    def __len__(self) -> int:
        with self._changing:
            return sum(map(len, self._lines.values()))

    def put(self, turn: Hashable, item: T) -> None:
        """Join the line of a turn, at its end.

        Raises:
            Closed: nobody may.

        """
        with self._changing:
            if self._closed:
                raise Closed
            line = self._lines.get(turn)
            if line is None:
                self._lines[turn] = deque((item,))
            else:
                line.append(item)
            self._tickets.put("next")

    def take(self) -> T | None:
        """The first of the line whose turn it is, once there is one; None where all are closed and empty."""
        return self._first(self._tickets.get())

    def take_waiting(self) -> T | None:
        """The same, but None where nobody waits."""
        try:
            return self._first(self._tickets.get_nowait())
        except Empty:
            return None

    def close(self) -> None:
        with self._changing:
            self._closed = True
            self._tickets.put("end")

    def _first(self, ticket: Ticket) -> T | None:
        """Whoever stands behind in the same line is the last of all lines then."""
        if ticket == "end":
            self._tickets.put("end")  # for whoever takes after this one
            return None
        with self._changing:
            turn = next(iter(self._lines))
            line = self._lines.pop(turn)
            item = line.popleft()
            if line:
                self._lines[turn] = line
            return item
