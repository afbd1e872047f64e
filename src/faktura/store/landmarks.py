"""SQLite: where far pages of a list begin, and how long it is, so that neither is counted off from its start each time.

There ids are given out in the order of commits, so an account's list in the order of ids grows at its end only, and
what stands at an offset stays there until a record of the list is removed. A trigger counts the removals.
"""

import bisect
import threading

import sqlalchemy as sa

from faktura.store.records import Tenant
from faktura.store.statements import Query
from faktura.store.transaction import Transaction

FAR = 400
"""The offset from which a landmark is worth its own look-up."""

MOST_LISTS = 1000
MOST_MARKS = 5000

LARGEST_ID = 2**31 - 1

Mark = tuple[int, int]
"""An offset and the id that stands there."""

List = tuple[str, int]
"""The table and the account."""

removals = sa.table(
    "removals", sa.column("account_id", sa.Integer), sa.column("name", sa.Text), sa.column("count", sa.Integer)
)


class Landmarks:
    """The marks of many lists, each true for one count of removals."""

    def __init__(self) -> None:
        self._lists: dict[List, tuple[int, list[Mark]]] = {}
        self._counts: dict[List, tuple[int, Mark]] = {}
        self._lock = threading.Lock()

    def before(self, of: List, removed: int, offset: int) -> Mark:
        """The nearest mark at the offset or before it; (0, 0) stands at the start of every list."""
        true_for, marks = self._lists.get(of, (removed, []))
        place = bisect.bisect_right(marks, (offset, LARGEST_ID))
        return marks[place - 1] if true_for == removed and place else (0, 0)

    def remember(self, of: List, removed: int, mark: Mark) -> None:
        """Keep a mark; the count of removals was the same before it was read and after."""
        with self._lock:
            if of not in self._lists and len(self._lists) >= MOST_LISTS:
                self._lists.pop(next(iter(self._lists)))
            true_for, marks = self._lists.get(of, (removed, []))
            if true_for != removed or len(marks) >= MOST_MARKS:
                marks = []
            place = bisect.bisect_left(marks, mark)
            if place == len(marks) or marks[place] != mark:
                self._lists[of] = (removed, [*marks[:place], mark, *marks[place:]])

    def counted(self, of: List, removed: int) -> Mark:
        """How many were counted, and the id of the last of them."""
        true_for, counted = self._counts.get(of, (removed, (0, 0)))
        return counted if true_for == removed else (0, 0)

    def remember_count(self, of: List, removed: int, counted: Mark) -> None:
        """Keep a count; the count of removals was the same before it was made and after."""
        with self._lock:
            if of not in self._counts and len(self._counts) >= MOST_LISTS:
                self._counts.pop(next(iter(self._counts)))
            self._counts[of] = (removed, counted)


def removals_of(tx: Transaction, cls: type[Tenant], account_id: int) -> int:
    found = tx.rows(_REMOVALS, account_id=account_id, name=cls.table_name)
    return int(found[0][0]) if found else 0


def trigger(table: str) -> str:
    """The definition of the trigger that counts a table's removals."""
    return _TRIGGER.replace("{table}", table)


_TRIGGER = """
CREATE TRIGGER {table}_removed AFTER DELETE ON {table} BEGIN
    INSERT INTO removals VALUES (old.account_id, '{table}', 1) ON CONFLICT DO UPDATE SET count = count + 1;
END
"""

_REMOVALS = Query(
    sa.select(removals.c["count"]).where(
        removals.c.account_id == sa.bindparam("account_id"), removals.c.name == sa.bindparam("name")
    )
)
