"""How many requests an address, or an account from wherever it is used, may make in a minute or so."""

import datetime as dt
import math
import threading
from typing import NamedTuple

WINDOW = 60
"""Seconds, where nothing else is said."""

ACCOUNT = "account"
"""The name that the requests of an account at all doors are counted under."""

PUBLIC = "public"
PUBLIC_LIMITS = {"all": 120}
"""Requests a minute and address for what needs no sign-in: whoever guesses at addresses does not get far."""

MOST_ADDRESSES = 100_000


class Allowance(NamedTuple):
    """What is left of a window: `resets_in` is in whole seconds, at least one."""

    allowed: bool
    quota: int
    remaining: int
    resets_in: int


class RateLimit:
    """Counts requests by name and address in windows that begin with the first request of each."""

    def __init__(self) -> None:
        self._windows: dict[tuple[str, str], tuple[dt.datetime, int]] = {}
        self._lock = threading.Lock()

    def take(self, name: str, address: str, quota: int, now: dt.datetime, window: int = WINDOW) -> Allowance:
        """Count a request against the quota of its window; one that is refused is not counted."""
        age, used = self._count((name, address), quota, now, window=window)
        return Allowance(used < quota, quota, max(quota - used - 1, 0), max(math.ceil(window - age), 1))

    def give_back(self, name: str, address: str, quota: int, now: dt.datetime) -> None:
        """Have a request that was let through a moment ago not be counted."""
        self._count((name, address), quota + 1, now, -1)

    def _count(
        self, key: tuple[str, str], quota: int, now: dt.datetime, step: int = 1, *, window: int = WINDOW
    ) -> tuple[float, int]:
        """The seconds since the window began, and what was used of it before the step."""
        with self._lock:
            began, used = self._windows.get(key, (now, 0))
            age = (now - began).total_seconds()
            if not 0 <= age < window:
                began, used, age = now, 0, 0.0
            if key not in self._windows and len(self._windows) >= MOST_ADDRESSES:
                self._forget_oldest()
            self._windows[key] = (began, used + step * (used < quota))
        return age, used

    def forget(self) -> None:
        """Begin all windows anew."""
        self.bring_back({})

    def keep(self) -> dict[tuple[str, str], tuple[dt.datetime, int]]:
        with self._lock:
            return self._windows.copy()

    def bring_back(self, kept: dict[tuple[str, str], tuple[dt.datetime, int]]) -> None:
        with self._lock:
            self._windows = kept.copy()

    def _forget_oldest(self) -> None:
        for key in list(self._windows)[: MOST_ADDRESSES // 10]:
            del self._windows[key]
