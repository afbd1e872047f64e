"""The last requests of each account at the machine doors, in the memory of the process that answered them."""

import datetime as dt
import threading
from collections import deque
from typing import NamedTuple

from faktura.logs import loggable_path

MOST_OF_ACCOUNT = 200
MOST_ACCOUNTS = 200
"""Where more accounts come, those are forgotten that asked nothing for longest."""

LONGEST_PATH = 200


class Asked(NamedTuple):
    """What was asked, by what program, and the status of the answer; the same request has the same one again.

    `door` is what the path begins with. The query is not kept, for there may be a key in it.
    """

    method: str
    door: str
    path: str
    status: int
    program: str


class Entry(NamedTuple):
    """A request: when it came by the program's clock, and how long it took."""

    at: dt.datetime
    milliseconds: float
    asked: Asked

    @property
    def path(self) -> str:
        """Without what opens a file to whoever knows it."""
        return loggable_path(self.asked.door + self.asked.path)


class RequestLog:
    """Holds what came with good credentials, and nothing else: nobody else can take up its memory."""

    def __init__(self, processes: int = 1) -> None:
        self.processes = processes
        self._of: dict[int, deque[tuple[dt.datetime, float, Asked]]] = {}
        self._lock = threading.Lock()

    def add(self, account_id: int, at: dt.datetime, milliseconds: float, asked: Asked) -> None:
        """Every request comes by here: what is kept of it is made an `Entry` when somebody looks."""
        entry = at, milliseconds, asked
        with self._lock:
            kept = self._of.get(account_id)
            if kept is None:
                self._make_room()
                kept = self._of[account_id] = deque(maxlen=MOST_OF_ACCOUNT)
            kept.append(entry)

    def of(self, account_id: int) -> list[Entry]:
        """Those of an account, the newest first."""
        with self._lock:
            found = list(self._of.get(account_id, ()))
        return [Entry(*one) for one in reversed(found)]

    def keep(self) -> dict[int, deque[tuple[dt.datetime, float, Asked]]]:
        with self._lock:
            return {account_id: kept.copy() for account_id, kept in self._of.items()}

    def bring_back(self, log: dict[int, deque[tuple[dt.datetime, float, Asked]]]) -> None:
        with self._lock:
            self._of = {account_id: kept.copy() for account_id, kept in log.items()}

    def _make_room(self) -> None:
        """Half at a time, so that a new account rarely pays for it."""
        if len(self._of) < MOST_ACCOUNTS:
            return
        for account_id in sorted(self._of, key=lambda one: self._of[one][-1][0])[: MOST_ACCOUNTS // 2]:
            del self._of[account_id]
