"""What was asked of an account is not asked again while nobody has written in its books."""

import threading
from collections.abc import Callable, Hashable
from typing import Any, Protocol, TypeVar

T = TypeVar("T")

MOST_BYTES = 6 * 1024 * 1024
ANSWER = 700
STAMP = 120
"""About what an answer costs with its question, and each id and version of a page."""


class Marks(Protocol):
    def mark(self, account_id: int) -> object | None:
        """What stays the same object as long as nobody has written in the account; None while that is not sure."""


class Known:
    """What was answered of an account as long as it had one mark."""

    __slots__ = ("answers", "bytes", "mark")

    def __init__(self, mark: object) -> None:
        self.mark = mark
        self.answers: dict[Hashable, Any] = {}
        self.bytes = 0


class Recall:
    """Answers to reads, true for one mark of their account.

    The mark is read before the question is asked, so a commit in between makes the answer forgotten, never wrong.
    Where there are too many, all are forgotten.
    """

    def __init__(self, marks: Marks) -> None:
        self._marks = marks
        self._known: dict[int, Known] = {}
        self._bytes = 0
        self._lock = threading.Lock()

    def ask(self, account_id: int, key: Hashable, find: Callable[[], T]) -> T:
        mark = self._marks.mark(account_id)
        if mark is None:
            return find()
        known = self._known.get(account_id)
        if known is None or known.mark is not mark:
            known = self._begin(account_id, mark)
        found: T | None = known.answers.get(key)
        if found is None:
            found = find()
            self._keep(account_id, known, key, found)
        return found

    def known(self, account_id: int, key: Hashable) -> Any | None:
        """What was answered, as long as it is true."""
        mark, known = self._marks.mark(account_id), self._known.get(account_id)
        return known.answers.get(key) if mark is not None and known is not None and known.mark is mark else None

    def _begin(self, account_id: int, mark: object) -> Known:
        with self._lock:
            before = self._known.get(account_id)
            self._bytes -= before.bytes if before is not None else 0
            known = self._known[account_id] = Known(mark)
            return known

    def _keep(self, account_id: int, known: Known, key: Hashable, found: Any) -> None:
        size = ANSWER + (STAMP * len(found) if isinstance(found, list) else 0)
        with self._lock:
            if self._bytes > MOST_BYTES:
                self._known, self._bytes = {}, 0
            if self._known.get(account_id) is known:
                known.answers[key] = found
                known.bytes += size
                self._bytes += size
