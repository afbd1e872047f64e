"""How much processor time an account may have for printing."""

import threading
import time
from collections.abc import Hashable

HOUR = 3600.0

MOST_ACCOUNTS = 100_000


class PrintSeconds:
    """Counts seconds by account in hours that begin with the first print of each.

    `hourly` is what an account may have that has no limit of its own.
    """

    def __init__(self, hourly: float | None) -> None:
        self._hourly = hourly
        self._hours: dict[Hashable, tuple[float, float]] = {}
        self._lock = threading.Lock()

    def add(self, account_id: Hashable, seconds: float) -> None:
        with self._lock:
            if len(self._hours) >= MOST_ACCOUNTS:
                self._hours.clear()
            began, used = self._present(account_id)
            self._hours[account_id] = (began, used + seconds)

    def is_over(self, account_id: Hashable, its_own: float | None = None) -> bool:
        hourly = its_own or self._hourly
        return hourly is not None and self._present(account_id)[1] >= hourly

    def _present(self, account_id: Hashable) -> tuple[float, float]:
        now = time.monotonic()
        began, used = self._hours.get(account_id, (now, 0.0))
        return (began, used) if now - began < HOUR else (now, 0.0)
