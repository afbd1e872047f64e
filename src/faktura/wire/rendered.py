"""Answers to reads are kept as rendered JSON, keyed by the version of their record."""

import threading
from collections import deque
from collections.abc import Hashable

from faktura.store.queries import Stamp

Shelf = dict[Stamp, bytes]

OVERHEAD = 250
"""About what a kept answer costs besides its bytes."""


class Rendered:
    """A bounded store of answers; the oldest go first.

    A shelf holds the answers of one resource as seen from one address in one account, by id and version. Nothing that
    moves with time alone may be inside an answer.
    """

    def __init__(self, most_bytes: int = 32 * 1024 * 1024) -> None:
        self._most = most_bytes
        self._used = 0
        self._shelves: dict[Hashable, Shelf] = {}
        self._order: deque[tuple[Hashable, Stamp, int]] = deque()
        self._lock = threading.Lock()

    def shelf(self, key: Hashable) -> Shelf:
        """To look into only; `keep` puts things there."""
        return self._shelves.get(key) or {}

    def keep(self, key: Hashable, stamp: Stamp, answer: bytes) -> None:
        size = len(answer) + OVERHEAD
        with self._lock:
            shelf = self._shelves.setdefault(key, {})
            if stamp in shelf:
                return
            shelf[stamp] = answer
            self._order.append((key, stamp, size))
            self._used += size
            while self._used > self._most:
                self._drop_oldest()

    def _drop_oldest(self) -> None:
        key, stamp, size = self._order.popleft()
        shelf = self._shelves[key]
        del shelf[stamp]
        if not shelf:
            del self._shelves[key]
        self._used -= size
