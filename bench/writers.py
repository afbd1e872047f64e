"""Many writers at once: each is taken in, and leaves all behind that it should."""

import contextlib
import sqlite3
import time
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from bench.operations import Operation
from bench.rows import Mark, Row
from bench.run import Step
from bench.servers import Servers
from faktura.store.search import LARGEST_ID

WRITERS = 64
SETTLING_SECONDS = 0.3


def steps(servers: Servers) -> Iterator[Step]:
    for operation in servers.scale.operations:
        if operation.sends != "nothing":
            name = f"{WRITERS} writers of {_WRITTEN[operation.sends].table}"
            yield Step(f"writers-{operation.key}", name, partial(written, servers, operation, name))


def written(servers: Servers, operation: Operation, name: str) -> list[Row]:
    """64 clients write: each is taken in, with its ids, a history row, a place in the text index, and its number."""
    left = _WRITTEN[operation.sends]
    ours = servers.ours
    with contextlib.closing(sqlite3.connect(servers.place / "ours.sqlite")) as reader:
        before = _settled_ids(reader)
        shot = ours.shoot(operation, WRITERS, servers.scale.seconds)
        after = _settled_ids(reader)
        there = [reader.execute(sql, (before[table],)).fetchone()[0] for table, sql in left.counts]
        wrong = _numbers_left_out(reader)
    added = (after[left.table] - before[left.table]) // left.ids
    # What wrk had sent when its time was over is done, but not counted.
    surplus = added - shot.load.requests
    wrong += sum(abs(added - count) for count in there) + abs(after["history"] - before["history"] - added)
    wrong += max(-surplus, 0) + max(surplus - WRITERS, 0)
    return [
        Mark(f"{name}: refused", shot.load.refused, 0),
        Mark(f"{name}: gaps and duplicates among {added:,}", wrong, 0),
        Mark(f"{name}: longest wait", shot.load.longest, 1, unit=" s"),
    ]


class _Written(NamedTuple):
    """What one request leaves behind: so many ids, a record, a happening, an entry of the text index."""

    table: str
    happening: str
    ids: int

    @property
    def counts(self) -> tuple[tuple[str, str], ...]:
        """After which id of which table what is counted, all of them new."""
        happened = f"SELECT count(DISTINCT record_id) FROM history WHERE id > ? AND name = '{self.happening}'"
        return (
            (self.table, f"SELECT count(DISTINCT id) FROM {self.table} WHERE id > ?"),
            ("history", happened),
            (self.table, f"SELECT count(*) FROM {self.table}_search WHERE rowid & {LARGEST_ID} > ?"),
        )


_WRITTEN = {"contact": _Written("contacts", "contact_added", 1), "invoice": _Written("invoices", "invoice_issued", 11)}
"""An invoice of ten lines takes an id for each."""


def _numbers_left_out(reader: sqlite3.Connection) -> int:
    """Numbers that are left out in the series of invoices; one given twice is no less wrong than one left out."""
    return sum(abs(last - count) for last, count in reader.execute(_NUMBERS).fetchall())


_NUMBERS = """
SELECT last, count(DISTINCT counter) FROM number_series AS series
LEFT JOIN invoices USING (account_id, number_format_id, period) GROUP BY series.id
"""


def _settled_ids(reader: sqlite3.Connection) -> dict[str, int]:
    """The last id of each table, once nobody writes any more."""
    last: dict[str, int] = {}
    while (found := dict(reader.execute("SELECT name, last FROM ids").fetchall())) != last:
        last = found
        time.sleep(SETTLING_SECONDS)
    return last
