"""What expired is forgotten in every account, some at a time; the job goes on until nothing is left."""

import datetime as dt

import pytest

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.books.tasks import KEPT_FOR as TASKS_KEPT_FOR
from faktura.core.books.tasks import Task, accept_task, complete_task
from faktura.core.bulk_prints import KEPT_FOR, BulkPrint, Printable, order_print
from faktura.core.clock import Clock
from faktura.jobs import handlers
from faktura.store import expiry
from faktura.store.database import Database
from faktura.store.every import count
from faktura.store.transaction import Transaction
from faktura.worker import Worker
from tests.firm import Firm, open_firm

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(NOON)
    return clock


@pytest.fixture
def firm(database: Database, clock: Clock) -> Firm:
    return open_firm(database, clock)


def order(database: Database, firm: Firm, at: dt.datetime, how_many: int) -> None:
    def work(tx: Transaction) -> None:
        for _ in range(how_many):
            order_print(Books(tx, firm.account, None, at), Printable([], []))

    database.write(work)


def test_what_expired_goes_and_what_stands_stays(database: Database, firm: Firm) -> None:
    order(database, firm, NOON, 2)
    order(database, firm, NOON + dt.timedelta(hours=1), 1)

    left = database.write(lambda tx: Office(tx, NOON + KEPT_FOR).forget_expired(BulkPrint))

    assert not left
    assert database.read(lambda tx: count(tx, BulkPrint)) == 1


def test_a_job_that_forgets_some_at_a_time_goes_on_until_nothing_is_left(
    database: Database, firm: Firm, clock: Clock
) -> None:
    order(database, firm, NOON, expiry.MOST + 1)
    clock.stand_at(NOON + KEPT_FOR)
    job = "forget_bulk_prints"
    worker = Worker(database, clock, {job: handlers()[job]})
    worker.put_recurring()

    assert worker.do_next()
    assert database.read(lambda tx: count(tx, BulkPrint)) == 1
    assert worker.do_next()
    assert database.read(lambda tx: count(tx, BulkPrint)) == 0
    assert not worker.do_next()


def test_a_task_is_forgotten_a_month_after_it_ended_and_never_before(database: Database, firm: Firm) -> None:
    def work(tx: Transaction) -> None:
        books = Books(tx, firm.account, None, NOON)
        ended, _waiting = (accept_task(books, "door", "create", "invoice", {}) for _ in range(2))
        complete_task(books, ended, "an id")

    def left_at(now: dt.datetime) -> int:
        database.write(lambda tx: Office(tx, now).forget_expired(Task))
        return database.read(lambda tx: count(tx, Task))

    database.write(work)
    assert left_at(NOON + TASKS_KEPT_FOR - dt.timedelta(seconds=1)) == 2
    assert left_at(NOON + TASKS_KEPT_FOR) == 1
    assert left_at(NOON + 100 * TASKS_KEPT_FOR) == 1
