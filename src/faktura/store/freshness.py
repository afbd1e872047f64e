"""SQLite: whether what was read of an account is still true, without asking."""

import threading
from collections.abc import Callable
from collections.abc import Set as AbstractSet

from faktura.store.wal_index import WalIndex, is_at_most_one_commit

EVERYBODY = 0
"""Stands for all accounts among those that were written in."""

MOST_ACCOUNTS = 10_000


class Freshness:
    """A mark for each account, another one after each commit that wrote in its books.

    This process knows what it writes itself. Who else commits changes the header of the WAL index to what it does not
    expect, and all marks are others then.

    `foreign` counts the commits of others that were met; several may be counted as one.
    """

    def __init__(self, index: WalIndex) -> None:
        self._index = index
        self._expected: bytes | None = None
        self._marks: dict[int, object] = {}
        self._committing = False
        self._lock = threading.Lock()
        self.foreign = 0

    def mark(self, account_id: int) -> object | None:
        """What stays the same object as long as nobody has written in the account; None while that is not sure.

        The header is looked at before the mark: a commit in between makes what is read forgotten, never wrong.
        """
        if not self.look():
            return None
        marks = self._marks
        mark = marks.get(account_id)
        if mark is None:
            if len(marks) >= MOST_ACCOUNTS:
                marks = self._marks = {}
            mark = marks.setdefault(account_id, object())
        return mark

    def look(self) -> bool:
        """Notice what others have committed; false before anybody has read, and while an own commit comes to an end."""
        header = self._index.header()
        return (header == self._expected and header is not None) or self._notice()

    def commit(self, commit: Callable[[], None], written: AbstractSet[int]) -> None:
        """Commit what was written in these accounts, while nobody else can commit."""
        with self._lock:
            before = self._meet()
            self._committing = True
        try:
            commit()
        finally:
            with self._lock:
                self._end(before, written)
                self._committing = False

    def forget(self) -> None:
        """Have all marks be others."""
        with self._lock:
            self._marks = {}

    def _notice(self) -> bool:
        with self._lock:
            return not self._committing and self._meet() is not None

    def _meet(self) -> bytes | None:
        """The header as it is; no mark of before stays where nobody here has made it so."""
        header = self._index.header()
        if header != self._expected:
            self._marks = {}
            self.foreign += 1
            self._expected = header  # last: whoever finds it as expected takes the marks for true
        return header

    def _end(self, before: bytes | None, written: AbstractSet[int]) -> None:
        after = self._index.header()
        if before is None or after is None or not is_at_most_one_commit(before, after) or EVERYBODY in written:
            self._marks = {}
        else:
            for account_id in written:
                self._marks.pop(account_id, None)
        self._expected = after
