"""PostgreSQL: how many invoices 64 writers in two processes issue a second, and how often their work is run for it.

They write first in the books of one account, all in one series, then each in those of an account of its own.
"""

import contextlib
import multiprocessing
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from functools import partial
from multiprocessing.synchronize import Barrier
from typing import NamedTuple

import faktura.core.tables  # noqa: F401 (declares every table)
from bench.rows import Mark, Row
from bench.run import Step
from bench.servers import Servers
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account, open_account
from faktura.store.database import Database, open_database
from faktura.store.errors import Unavailable
from faktura.store.transaction import Transaction

PROCESSES = 2
THREADS = 32
LEAST_A_SECOND = 100
MOST_TRIES = 1.5
"""More would be a storm of retries."""


class Series(NamedTuple):
    account: Account
    contact_id: int


class Share(NamedTuple):
    """What one process did: invoices, how often the work was begun for them, and how long each took."""

    issued: int
    begun: int
    waits: list[float]


def steps(servers: Servers) -> Iterator[Step]:
    yield Step("series", f"{PROCESSES * THREADS} writers on PostgreSQL", partial(hot_and_own, servers))


def hot_and_own(servers: Servers) -> list[Row]:
    url, seconds = servers.postgres_copy, 2 * servers.scale.seconds
    with contextlib.closing(open_database(url)) as database:
        every_series = [open_series(database, number) for number in range(PROCESSES * THREADS)]
    hot, own = (measured(url, some, seconds) for some in (every_series[:1], every_series))
    name = f"PostgreSQL, {PROCESSES * THREADS} writers"
    return [
        Mark(f"{name} in one series", _rate(hot, seconds), LEAST_A_SECOND, at_least=True, unit="/s"),
        Mark(f"{name} in one series: tries for each invoice", _tries(hot), MOST_TRIES),
        Mark(f"{name} in one series: longest wait", max(wait for share in hot for wait in share.waits), unit=" s"),
        Mark(f"{name} in a series each", _rate(own, seconds), unit="/s"),
    ]


def measured(url: str, every_series: Sequence[Series], seconds: int) -> list[Share]:
    context = multiprocessing.get_context("spawn")
    begin = context.Barrier(PROCESSES)
    with context.Pool(PROCESSES, share_barrier, (begin,)) as pool:
        shares = [(url, every_series, number, seconds) for number in range(PROCESSES)]
        return pool.starmap(issue_for_a_while, shares, 1)


def _rate(shares: list[Share], seconds: int) -> float:
    return sum(share.issued for share in shares) / seconds


def _tries(shares: list[Share]) -> float:
    return sum(share.begun for share in shares) / sum(share.issued for share in shares)


def open_series(database: Database, number: int) -> Series:
    def work(tx: Transaction) -> Series:
        account = open_account(Office(tx, Clock().now()), f"firm-{number}", "Firma s.r.o.")
        return Series(account, add_contact(Books(tx, account, None, Clock().now()), Given({"name": "Novák"})).id)

    return database.write(work)


def share_barrier(begin: Barrier) -> None:
    global together  # noqa: PLW0603 (how a pool hands a barrier to its processes)
    together = begin


together: Barrier


def issue_for_a_while(url: str, every_series: Sequence[Series], process: int, seconds: int) -> Share:
    database = open_database(url)
    begun = [0] * THREADS

    def issue_on_and_on(thread: int) -> Iterator[float]:
        series = every_series[(process * THREADS + thread) % len(every_series)]

        def issue(tx: Transaction) -> Invoice:
            begun[thread] += 1
            lines = [Given({"name": "Práce", "quantity": Decimal(1), "unit_price": Decimal(100)})]
            given = Given({"contact_id": series.contact_id, "lines": lines})
            return issue_invoice(Books(tx, series.account, None, Clock().now()), given)

        while (began := time.monotonic()) < until:
            with contextlib.suppress(Unavailable):  # who waited too long is refused, and tries again
                database.write(issue, series.account.id)
                yield time.monotonic() - began

    together.wait()
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(THREADS) as pool:
        waits = [wait for several in pool.map(lambda n: list(issue_on_and_on(n)), range(THREADS)) for wait in several]
    database.close()
    return Share(len(waits), sum(begun), waits)
