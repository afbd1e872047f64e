"""What is promised besides speed: growth, memory, start, many writers at once, and the other engine."""

import contextlib
import sqlite3
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from bench.contest import Scale, Target, our_target
from bench.data import let_in, postgres_template
from bench.load import Shot
from bench.operations import OPERATIONS, Operation, deep_page, subjects
from bench.report import MEGABYTE, Mark, Measured, limit_mark, together
from bench.server import faktura
from faktura.store.search import LARGEST_ID
from tests.postgres import fresh_database, running_postgres

CONNECTIONS = 16
WRITERS = 64
SETTLING_SECONDS = 0.3


def speed_marks(rows: Sequence[Measured], operations: Sequence[Operation]) -> list[Mark]:
    found = [limit_mark(rows, o.name, o.mark) for o in operations if o.mark is not None]
    found += [_least_mark(o, rows) for o in operations if o.least is not None]
    measured = {row.operation: row.ours for row in rows if row.connections == CONNECTIONS}
    return [*found, *(_p99_mark(o, measured[o.name], o.name) for o in operations if o.p99 and o.name in measured)]


def _least_mark(operation: Operation, rows: Sequence[Measured]) -> Mark:
    best = max(row.ours.load.per_second for row in rows if row.operation == operation.name)
    return Mark(f"{operation.name}: at its best", best, operation.least or 0, at_least=True, unit="/s")


def _p99_mark(operation: Operation, shot: Shot, name: str) -> Mark:
    return Mark(f"{name}: p99", shot.load.p99 * 1000, operation.p99 or 0, unit=" ms")


def growth_marks(scale: Scale, ours: Target, folder: Path) -> list[Mark]:
    """CPU per request against the same server with few contacts, and deep in the list against its first page."""
    found = []
    with our_target("small", scale.small, folder, ours.place) as small:
        for operation in OPERATIONS[:3]:
            few, many = [], []
            for _ in range(scale.rounds):
                few.append(small.shoot(operation, CONNECTIONS, scale.seconds))
                many.append(ours.shoot(operation, CONNECTIONS, scale.seconds))
            times = together(many).cpu_micros / together(few).cpu_micros
            found.append(Mark(f"{operation.name}: {scale.contacts:,} against {scale.small:,}", times, 1.2, unit=" ×"))
    page = deep_page(scale.contacts)
    first, deep = [], []
    for _ in range(scale.rounds):
        first.append(ours.shoot_at(f"{subjects(0)}.json", CONNECTIONS, scale.seconds))
        deep.append(ours.shoot_at(f"{subjects(0)}.json?page={page}", CONNECTIONS, scale.seconds))
    times = together(deep).cpu_micros / together(first).cpu_micros
    return [*found, Mark(f"page {page:,} against page 1", times, 5, unit=" ×")]


def writers_marks(scale: Scale, ours: Target, file: Path, create: Operation) -> list[Mark]:
    """64 clients write: each is taken in, with its ids, a history row, a place in the text index, and its number."""
    written = _WRITTEN[create.sends]
    with contextlib.closing(sqlite3.connect(file)) as reader:
        before = _settled_ids(reader)
        shot = ours.shoot(create, WRITERS, scale.seconds)
        after = _settled_ids(reader)
        there = [reader.execute(sql, (before[table],)).fetchone()[0] for table, sql in written.counts]
        wrong = _numbers_left_out(reader)
    added = (after[written.table] - before[written.table]) // written.ids
    # What wrk had sent when its time was over is done, but not counted.
    surplus = added - shot.load.requests
    wrong += sum(abs(added - count) for count in there) + abs(after["history"] - before["history"] - added)
    wrong += max(-surplus, 0) + max(surplus - WRITERS, 0)
    name = f"{WRITERS} writers of {written.table}"
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
            (self.table, f"SELECT count(*) FROM {self.table}_search_docsize WHERE id & {LARGEST_ID} > ?"),
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


def memory_marks(ours: Target) -> list[Mark]:
    resident, peak = ours.server.resident_bytes() / MEGABYTE, ours.server.peak_bytes() / MEGABYTE
    contacts = f"with {ours.contacts:,} contacts"
    return [
        Mark(f"memory {contacts}, after the run", resident, 200, unit=" MB"),
        Mark(f"memory {contacts}, peak", peak, 200, unit=" MB"),
    ]


def start_mark(scale: Scale, file: Path, place: Path) -> Mark:
    """From exec to the first good answer, the median of some starts."""
    seconds = []
    for _ in range(scale.starts):
        with faktura(f"sqlite:///{file}", place / "start.log") as server:
            seconds.append(server.start_seconds)
    return Mark("start", statistics.median(seconds), 1.5, unit=" s")


def postgres_marks(scale: Scale, ours: Target, folder: Path) -> list[Mark]:
    """Requests a second of two processes on PostgreSQL against one process on SQLite, and what is promised of both."""
    found = []
    with (
        running_postgres(folder / "postgres", durable=True) as server_url,
        fresh_database(server_url, postgres_template(server_url, scale.contacts)) as url,
    ):
        keys = let_in(url)
        with faktura(url, ours.place / "postgres.log", processes=2) as server:
            theirs = Target("postgres", server, keys, scale.contacts, ours.place)
            for operation in scale.operations:
                on_postgres, on_sqlite = [], []
                for _ in range(scale.rounds):
                    on_postgres.append(theirs.shoot(operation, CONNECTIONS, scale.seconds))
                    on_sqlite.append(ours.shoot(operation, CONNECTIONS, scale.seconds))
                name = f"PostgreSQL, two processes: {operation.name}"
                if operation.p99:
                    found.append(_p99_mark(operation, together(on_postgres), name))
                if operation.mark is None:
                    continue
                ratio = together(on_postgres).load.per_second / together(on_sqlite).load.per_second
                found.append(Mark(name, ratio, 0.5, at_least=True, unit=" ×"))
    return found
