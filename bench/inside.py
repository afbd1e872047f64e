"""Faktura in this process, reading a database that a server writes: what SQL takes, and the processor for one read."""

import contextlib
import statistics
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

from werkzeug.test import Client

from bench.operations import deep_page, subjects
from bench.rows import Mark, Row
from bench.run import Step
from bench.server import MOUNT, Caller
from bench.servers import Servers
from bench.sizes import ids_of, slug_of
from bench.targets import Target
from faktura.app import application
from faktura.core.clock import Clock
from faktura.store.database import open_database
from faktura.store.statements import Cursor, Statement
from faktura.store.statements import Row as Found
from faktura.wire.service import Service

TIMES = 31
MOST_SQL = 2
"""Milliseconds."""

MOST_TIMES_DEEPER = 5

Ask = Callable[[str], None]


def filter_steps(servers: Servers) -> Iterator[Step]:
    """Filters that find nothing or little among the invoices of the largest account.

    The load issues to its first contact, so that the second has one invoice.
    """
    asked = {
        "status, none": "status=paid",
        "contact, one": f"subject_id={ids_of(servers.scale.contacts, 0, 2)[1]}",
        "kind, none": "document_type=proforma",
    }
    for engine in ("SQLite", "PostgreSQL"):
        for found, query in asked.items():
            name = f"filter of invoices by {found}: SQL on {engine}"
            path = f"{MOUNT}/accounts/{slug_of(0)}/invoices.json?{query}"
            yield Step(
                f"filter-{engine}-{query.partition('=')[0]}", name, partial(filtered, servers, engine, name, path)
            )


def filtered(servers: Servers, engine: str, name: str, path: str) -> list[Row]:
    """What all statements about invoices take that one request runs, each by itself."""
    target = servers.ours if engine == "SQLite" else servers.on_postgres
    with asking(target) as ask, timed() as took:
        ask(path)
    ms = [ms for sql, ms in took if "invoices" in sql]
    if not ms:
        raise RuntimeError(f"no statement about invoices was run for {path}")
    return [Mark(name, sum(ms), MOST_SQL, unit=" ms")]


def deep_steps(servers: Servers) -> Iterator[Step]:
    name = f"page {deep_page(servers.scale.contacts):,} against page 1: CPU"
    yield Step("deep", name, partial(deep, servers, name))


def deep(servers: Servers, name: str) -> list[Row]:
    """Each after a write in the account, or nothing would be asked of the database."""
    pages = (1, deep_page(servers.scale.contacts))
    paths = [f"{MOUNT}{subjects(0)}.json?page={page}" for page in pages]
    spent: dict[str, list[float]] = {path: [] for path in paths}
    body = servers.ours.body(next(op for op in servers.scale.operations if op.sends == "contact"))
    with asking(servers.ours) as ask, contextlib.closing(Caller(servers.ours.server, servers.ours.headers)) as caller:
        for number in range(TIMES):
            for path in paths:
                caller.ask("POST", f"{MOUNT}{subjects(0)}.json", body.replace("NUMBER", f"{path[-4:]}-{number}"))
                began = time.thread_time()
                ask(path)
                spent[path].append(time.thread_time() - began)
    first, last = (statistics.median(spent[path]) for path in paths)
    return [Mark(name, last / first, MOST_TIMES_DEEPER, unit=" ×")]


@contextlib.contextmanager
def asking(target: Target) -> Iterator[Ask]:
    """A function that has a path answered by faktura in this process, on the database of a server."""
    database = open_database(target.url)
    client = Client(application(Service(database, Clock(), "http://127.0.0.1")))
    headers = {**target.headers, "User-Agent": "bench (bench@bench.example)"}

    def ask(path: str) -> None:
        answer = client.get(path, headers=headers)
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"{path} was answered with {answer.status}")

    with contextlib.closing(database):
        yield ask


@contextlib.contextmanager
def timed() -> Iterator[list[tuple[str, float]]]:
    """Each statement that reads, and the least of the milliseconds that it takes, over and over where it is run."""
    took: list[tuple[str, float]] = []
    once = Statement.run

    def run(self: Statement, cursor: Cursor, values: Mapping[str, Any]) -> list[Found]:
        seconds = []
        for _ in range(TIMES):
            began = time.perf_counter()
            rows = once(self, cursor, values)
            seconds.append(time.perf_counter() - began)
        took.append((self.sql, min(seconds) * 1000))
        return rows

    Statement.run = run  # type: ignore[method-assign]  # the one place where all of them pass
    try:
        yield took
    finally:
        Statement.run = once  # type: ignore[method-assign]
