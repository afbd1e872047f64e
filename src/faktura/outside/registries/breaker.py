"""A registry that fails often is left alone for a while, longer each time; then one question shows if it is back."""

import datetime as dt
import threading
from collections import deque

IN_A_ROW = 5
OF_LAST = 20

FIRST_REST = dt.timedelta(seconds=60)
LONGEST_REST = dt.timedelta(minutes=30)


class Breaker:
    """Opens after five failures in a row, or when half of the last twenty failed."""

    def __init__(self) -> None:
        self._last: deque[bool] = deque(maxlen=OF_LAST)
        self._rest = FIRST_REST
        self._rests_until: dt.datetime | None = None
        self._changing = threading.Lock()

    def lets_through(self, now: dt.datetime) -> bool:
        """Whether to ask; of those that come after a rest the first does, and the others wait for what it meets."""
        with self._changing:
            if self._rests_until is None:
                return True
            if now < self._rests_until:
                return False
            self._rests_until = now + self._rest
            return True

    def succeeded(self) -> bool:
        """Whether it was left alone before."""
        with self._changing:
            healed = self._rests_until is not None
            if healed:
                self._last.clear()
            self._last.append(True)
            self._rests_until, self._rest = None, FIRST_REST
            return healed

    def failed(self, now: dt.datetime) -> dt.datetime | None:
        """Until when nobody is to ask, where it is left alone from now on."""
        with self._changing:
            self._last.append(False)
            if self._rests_until is not None:
                self._rest = min(self._rest * 2, LONGEST_REST)
            elif not self._fails_often():
                return None
            self._rests_until = now + self._rest
            return self._rests_until

    def _fails_often(self) -> bool:
        last = list(self._last)
        in_a_row = len(last) >= IN_A_ROW and not any(last[-IN_A_ROW:])
        return in_a_row or (len(last) == OF_LAST and last.count(False) * 2 >= OF_LAST)
