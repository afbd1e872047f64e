"""Connections that are lent for one piece of work at a time, so that there are never more than pieces of work."""

import contextlib
import time
from collections import deque
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

IDLE_SECONDS = 60.0
"""A connection that nobody needed for so long is closed."""


class Closable(Protocol):
    def close(self) -> None: ...


C = TypeVar("C", bound=Closable)


class Pool(Generic[C]):
    """The one given back last is lent first, so that those of a busy hour are not all kept for a quiet one."""

    def __init__(self, connect: Callable[[], C]) -> None:
        self._connect = connect
        self._idle: deque[tuple[float, C]] = deque()
        self._closed = False

    def take(self) -> C:
        """One that is idle, or a new one."""
        try:
            return self._idle.pop()[1]
        except IndexError:
            return self._connect()

    def give_back(self, connection: C) -> None:
        now = time.monotonic()
        self._idle.append((now, connection))
        if self._closed:
            self.empty()
        elif self._idle[0][0] < now - IDLE_SECONDS:
            self._close_first()

    def empty(self) -> None:
        """Close those that are idle."""
        with contextlib.suppress(IndexError):
            while True:
                self._idle.pop()[1].close()

    def close(self) -> None:
        """Close them all; those that are lent, when they come back."""
        self._closed = True
        self.empty()

    def _close_first(self) -> None:
        with contextlib.suppress(IndexError):
            self._idle.popleft()[1].close()
