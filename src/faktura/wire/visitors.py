"""Who came lately with which credentials, so that not every request has to look it up."""

import threading
import time
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from faktura.store.database import Database

V = TypeVar("V")

FRESH_SECONDS = 1.0
"""How long a change by another process may go unnoticed; changes by this process are noticed at once."""

MOST = 10_000


class Visitors(Generic[V]):
    """What was looked up holds for a moment, and only while nothing of what opens doors is changed or removed."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[V, int, float]] = {}
        self._lock = threading.Lock()

    def recall(self, database: Database, key: Hashable) -> V | None:
        known = self._known.get(key)
        if known is None or known[1] != database.generation or time.monotonic() - known[2] > FRESH_SECONDS:
            return None
        return known[0]

    def look_up(self, database: Database, key: Hashable, find: Callable[[], V | None]) -> V | None:
        """Remember whom `find` finds; nobody is never remembered."""
        generation, began = database.generation, time.monotonic()
        found = find()
        if found is not None:
            with self._lock:
                if len(self._known) >= MOST:
                    self._known.clear()
                self._known[key] = (found, generation, began)
        return found
