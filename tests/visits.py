"""How many rows each statement of a request visits, beside how many it gives: a cost that no machine changes."""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeVar

from faktura.store.database import Database
from faktura.store.transaction import Transaction

T = TypeVar("T")

STEPS_TO_A_ROW = 10
"""SQLite says how many steps of its machine a statement took. To visit a row is five to twelve of them: to go on to
it, to read what is compared, to compare. To give one is some forty, since its id and version become JSON."""

EVERY = 10
"""Steps after which SQLite is asked to say so."""


class Visit(NamedTuple):
    """One statement: how many rows it visited, and how many it gave or counted."""

    sql: str
    visited: int
    given: int

    @property
    def is_narrow(self) -> bool:
        """Whether it was found by an index, and little beside it was read."""
        return self.visited <= 10 * self.given + 1_000


class Visited:
    """A database that notes what reads of it visit."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.visits: list[Visit] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._database, name)

    def read(self, work: Callable[[Transaction], T]) -> T:
        def noted(tx: Transaction) -> T:
            lend = tx.lend
            assert lend is not None
            noting = _Sqlite if tx.engine == "sqlite" else _Postgres
            tx.lend = lambda: noting(lend(), self.visits)
            return work(tx)

        return self._database.read(noted)

    def noted(self) -> list[Visit]:
        """What was noted since this was asked last."""
        noted, self.visits = self.visits, []
        return noted


class _Noting:
    """A cursor that notes what each of its statements visits."""

    def __init__(self, cursor: Any, visits: list[Visit]) -> None:
        self._cursor = cursor
        self._visits = visits

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)

    def execute(self, sql: Any, parameters: Sequence[Any] = (), **options: Any) -> None:
        visited = self._run(sql, parameters, **options)
        self._visits.append(Visit(str(sql), visited, given(self._rows, self._cursor.description)))

    _rows: list[Any]

    def fetchall(self) -> list[Any]:
        return self._rows

    def _run(self, sql: Any, parameters: Sequence[Any], **options: Any) -> int:
        raise NotImplementedError


class _Sqlite(_Noting):
    def _run(self, sql: Any, parameters: Sequence[Any], **options: Any) -> int:
        steps = 0

        def count() -> None:
            nonlocal steps
            steps += EVERY

        self._cursor.connection.set_progress_handler(count, EVERY)
        self._rows = self._cursor.execute(sql, parameters, **options).fetchall()
        self._cursor.connection.set_progress_handler(None, EVERY)
        return steps // STEPS_TO_A_ROW


class _Postgres(_Noting):
    def _run(self, sql: Any, parameters: Sequence[Any], **options: Any) -> int:
        """Entries of an index that a condition inside it refuses are counted nowhere; they show as pages of it."""
        self._rows = self._cursor.execute(sql, parameters, **options).fetchall()
        description = self._cursor.description
        explained = self._cursor.connection.cursor()
        explained.execute(f"EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, FORMAT JSON) {sql}", parameters)
        [plan] = explained.fetchone()[0]
        assert description is not None
        return max(sum(map(_visited, _nodes(plan["Plan"]))), _pages(plan["Plan"]))


def given(rows: list[Any], description: Any) -> int:
    """How many records the rows are of: pages of SQLite are one text, and what is counted was visited."""
    names = [column[0] for column in description or ()]
    for place, name in enumerate(names):
        if name.startswith("count_"):
            return sum(int(row[place]) for row in rows)
        if name.startswith("json_group_array"):
            return sum(len(json.loads(row[place])) for row in rows)
    return len(rows)


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for inner in plan.get("Plans", ()):
        yield from _nodes(inner)


def _visited(node: dict[str, Any]) -> int:
    if "Scan" not in node["Node Type"]:
        return 0
    removed = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return int((node["Actual Rows"] + removed) * node["Actual Loops"])


def _pages(plan: dict[str, Any]) -> int:
    return int(plan.get("Shared Hit Blocks", 0) + plan.get("Shared Read Blocks", 0))
