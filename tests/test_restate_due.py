"""Documents become overdue in the night after their day, in every account."""

import datetime as dt
from functools import partial

import pytest

from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import waiting
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.documents.events import restate_due
from faktura.core.errors import Given
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.jobs import handlers
from faktura.jobs.restate_due import next_night
from faktura.store.database import Database
from faktura.store.transaction import Transaction
from faktura.worker import Worker
from tests.firm import Firm, open_firm

NOON = dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC)
DOCUMENTS = 3
JOBS = {name: handler for name, handler in handlers().items() if name.startswith("restate")}


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(NOON)
    return clock


@pytest.fixture
def firms(database: Database, clock: Clock) -> list[Firm]:
    """Each with documents that are due today."""
    opened = [open_firm(database, clock, slug) for slug in ("applecorp", "pearcorp")]
    for firm in opened:
        database.write(partial(issue_due_today, firm=firm))
    return opened


def issue_due_today(tx: Transaction, firm: Firm) -> None:
    books = Books(tx, firm.account, None, NOON)
    contact = add_contact(books, Given({"name": "Karel"}))
    for _ in range(DOCUMENTS):
        issue_invoice(books, Given({"contact_id": contact.id, "due_days": 0}))


def statuses(database: Database, firm: Firm) -> list[str]:
    return database.read(lambda tx: [i.status for i in Books(tx, firm.account, None, NOON).all(Invoice)])


def work(worker: Worker) -> None:
    while worker.do_next():
        pass


def test_the_night_after_their_day_documents_are_overdue_in_every_account(
    database: Database, firms: list[Firm], clock: Clock
) -> None:
    worker = Worker(database, clock, JOBS)
    worker.put_recurring()
    work(worker)
    assert all(statuses(database, firm) == ["open"] * DOCUMENTS for firm in firms)

    clock.stand_at(dt.datetime(2026, 11, 21, 23, 4, tzinfo=dt.UTC))
    work(worker)
    assert all(statuses(database, firm) == ["open"] * DOCUMENTS for firm in firms)
    clock.stand_at(dt.datetime(2026, 11, 21, 23, 5, tzinfo=dt.UTC))
    work(worker)
    assert all(statuses(database, firm) == ["overdue"] * DOCUMENTS for firm in firms)
    assert database.read(waiting) == 1


def test_what_missed_its_night_is_done_when_the_worker_starts(
    database: Database, firms: list[Firm], clock: Clock
) -> None:
    clock.stand_at(NOON + dt.timedelta(days=3))
    worker = Worker(database, clock, JOBS)

    worker.put_recurring()
    work(worker)

    assert all(statuses(database, firm) == ["overdue"] * DOCUMENTS for firm in firms)


def test_many_documents_are_restated_some_at_a_time(database: Database, firms: list[Firm]) -> None:
    tomorrow = NOON + dt.timedelta(days=1)

    def restate() -> bool:
        return database.write(lambda tx: restate_due(Books(tx, firms[0].account, None, tomorrow), most=2))

    assert restate() is True
    assert sorted(statuses(database, firms[0])) == ["open", "overdue", "overdue"]
    assert restate() is False
    assert statuses(database, firms[0]) == ["overdue"] * DOCUMENTS


@pytest.mark.parametrize(
    ("now", "night"),
    [
        ("2026-11-21T12:00:00+00:00", "2026-11-21T23:05:00+00:00"),
        ("2026-11-21T23:05:00+00:00", "2026-11-22T23:05:00+00:00"),
        ("2026-03-28T12:00:00+00:00", "2026-03-28T23:05:00+00:00"),
        ("2026-03-29T12:00:00+00:00", "2026-03-29T22:05:00+00:00"),
        ("2026-10-25T12:00:00+00:00", "2026-10-25T23:05:00+00:00"),
    ],
)
def test_the_night_is_that_of_central_europe_in_summer_and_winter(now: str, night: str) -> None:
    assert next_night(dt.datetime.fromisoformat(now)) == dt.datetime.fromisoformat(night)
