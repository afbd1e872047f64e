"""`python -m bench.turns`: how many invoices 64 writers in two processes issue a second on PostgreSQL.

They write first in the books of one account, all in one series, then each in those of an account of its own.
"""

import multiprocessing
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import NamedTuple

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account, open_account
from faktura.store import schema
from faktura.store.database import Database, open_database
from faktura.store.transaction import Transaction
from tests.postgres import running_postgres

PROCESSES = 2
THREADS = 32
SECONDS = 5.0


class Series(NamedTuple):
    account: Account
    contact_id: int


class Share(NamedTuple):
    """What one process did: invoices, how often the work was begun for them, and how long each took."""

    issued: int
    begun: int
    waits: list[float]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, running_postgres(Path(folder), durable=True) as url:
        database = open_database(url)
        schema.prepare(database)
        every_series = [open_series(database, number) for number in range(PROCESSES * THREADS)]
        database.close()
        print(told("one series", measured(url, every_series[:1])))
        print(told("64 series", measured(url, every_series)))


def measured(url: str, every_series: list[Series]) -> list[Share]:
    context = multiprocessing.get_context("spawn")
    begin = context.Barrier(PROCESSES)
    with context.Pool(PROCESSES, share_barrier, (begin,)) as pool:
        return pool.starmap(issue_for_a_while, [(url, every_series, number) for number in range(PROCESSES)], 1)


def told(name: str, shares: list[Share]) -> str:
    issued, begun = sum(share.issued for share in shares), sum(share.begun for share in shares)
    waits = sorted(wait * 1000 for share in shares for wait in share.waits)
    return (
        f"{name}: {issued / SECONDS:.0f} invoices a second, {begun / issued:.2f} tries each;"
        f" median {waits[len(waits) // 2]:.0f} ms, p99 {waits[len(waits) * 99 // 100]:.0f}, longest {waits[-1]:.0f}"
    )


def open_series(database: Database, number: int) -> Series:
    def work(tx: Transaction) -> Series:
        account = open_account(Office(tx, Clock().now()), f"firm-{number}", "Firma s.r.o.")
        return Series(account, add_contact(Books(tx, account, None, Clock().now()), Given({"name": "Novák"})).id)

    return database.write(work)


def share_barrier(begin: Barrier) -> None:
    global together  # noqa: PLW0603 (how a pool hands a barrier to its processes)
    together = begin


together: Barrier


def issue_for_a_while(url: str, every_series: list[Series], process: int) -> Share:
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
            database.write(issue, series.account.id)
            yield time.monotonic() - began

    together.wait()
    until = time.monotonic() + SECONDS
    with ThreadPoolExecutor(THREADS) as pool:
        waits = [wait for several in pool.map(lambda n: list(issue_on_and_on(n)), range(THREADS)) for wait in several]
    database.close()
    return Share(len(waits), sum(begun), waits)


if __name__ == "__main__":
    main()
