"""PostgreSQL: since when nobody has committed anything, asked now and then for all accounts together."""

import threading
import time
from collections.abc import Callable

LONGEST = 1.0
"""Seconds that what was read holds: other machines and other programs write without a word."""

EVERY = 0.3
"""Seconds between two questions, while anybody wants to know."""


class Quiet:
    """Whoever sees the same as a moment ago knows that nobody has committed meanwhile, in whichever account.

    `look` says what can be seen now, None where that says nothing. A thread of its own asks, so that no reader waits.
    """

    def __init__(self, look: Callable[[], str | None]) -> None:
        self._look = look
        self._span = (0.0, 0.0)
        self._wanted = 0.0
        self._thread: threading.Thread | None = None
        self._starting = threading.Lock()
        self._closed = threading.Event()

    def want(self, now: float) -> None:
        """Have it asked for a while."""
        self._wanted = now
        if self._thread is None and not self._closed.is_set():
            with self._starting:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._ask_on, name="quiet", daemon=True)
                    self._thread.start()

    def holds(self, taken: float, now: float) -> bool:
        """Whether all that was read since then was still true at some time of the last second."""
        since, until = self._span
        return since <= taken and now < until

    def close(self) -> None:
        self._closed.set()
        if (thread := self._thread) is not None:
            thread.join()

    def _ask_on(self) -> None:
        seen: str | None = None
        while time.monotonic() < self._wanted + LONGEST and not self._closed.wait(EVERY):
            seen = self._ask(seen)
        self._thread = None

    def _ask(self, before: str | None) -> str | None:
        """What was seen before was true until now where it is seen again; else only what is read from here on is."""
        began = time.monotonic()
        seen = self._look()
        since = self._span[0] if seen == before and seen is not None else time.monotonic()
        self._span = since, began + LONGEST
        return seen
