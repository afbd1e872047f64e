"""In the night recurring generators issue what has its day, in every account; the history and letters say so."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.generators.change import add_generator, find_generator
from faktura.core.generators.record import Generator
from faktura.core.generators.recur import JOB
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Message
from faktura.jobs import Reach, handlers
from faktura.jobs.issue_due import next_night_after
from faktura.outputs.mail.server import read_mail_server
from faktura.store.database import Database
from faktura.worker import Worker
from tests import needs
from tests.firm import Firm, open_firm

T = TypeVar("T")

NOON = dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC)
JOBS = {name: handlers()[name] for name in ("issue_due", "issue_account", "send_message")}
REACH = Reach(
    mail_server=read_mail_server("smtp://127.0.0.1:1?from=posta@house.example"), public_url="https://faktura.example"
)


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(NOON)
    return clock


@pytest.fixture
def firms(database: Database, clock: Clock) -> list[Firm]:
    return [open_firm(database, clock, "applecorp"), open_firm(database, clock, "jabluszko", country="PL")]


@pytest.fixture
def at_work(database: Database, clock: Clock) -> Worker:
    worker = Worker(database, clock, JOBS, REACH)
    worker.put_recurring()
    return worker


def work(worker: Worker) -> None:
    """All but the letters themselves, which nobody takes here."""
    while worker.do_next("house") or worker.do_next("tasks"):
        pass


def in_books(database: Database, clock: Clock, firm: Firm, verb: Callable[[Books], T]) -> T:
    return database.write(lambda tx: verb(Books(tx, firm.account, None, clock.now())))


def add(database: Database, clock: Clock, firm: Firm, email: str | None = None, **values: Any) -> Generator:
    def verb(books: Books) -> Generator:
        contact = add_contact(books, Given({"name": "Karel", "email": email}))
        given = {"name": "Nájem", "contact_id": contact.id, "recurring": True, "months": 1}
        lines = [Given({"name": "Nájem", "unit_price": Decimal(100)})]
        start = NOON.date() + dt.timedelta(days=1)
        return add_generator(books, Given(given | {"start_on": start, "lines": lines} | values))

    return in_books(database, clock, firm, verb)


def issued(database: Database, clock: Clock, firm: Firm) -> list[dt.date]:
    return [one.issued_on for one in in_books(database, clock, firm, lambda books: books.all(Invoice))]


def test_shortly_after_midnight_of_its_day_a_document_is_issued_in_every_account(
    database: Database, clock: Clock, firms: list[Firm], at_work: Worker
) -> None:
    for firm in firms:
        add(database, clock, firm)
    work(at_work)
    clock.stand_at(dt.datetime(2026, 11, 21, 23, 9, tzinfo=dt.UTC))
    work(at_work)
    assert [issued(database, clock, firm) for firm in firms] == [[], []]
    clock.stand_at(dt.datetime(2026, 11, 21, 23, 10, tzinfo=dt.UTC))
    work(at_work)
    assert [issued(database, clock, firm) for firm in firms] == [[dt.date(2026, 11, 22)]] * 2


def test_what_begins_today_does_not_wait_for_the_night(
    database: Database, clock: Clock, firms: list[Firm], at_work: Worker
) -> None:
    add(database, clock, firms[0], start_on=NOON.date())
    work(at_work)

    assert issued(database, clock, firms[0]) == [NOON.date()]
    happened = in_books(database, clock, firms[0], lambda books: books.all(Happening))
    [own] = [one for one in happened if one.name == "generator_issued"]
    assert (own.user_id, own.program) == (None, JOB)


def test_it_is_sent_by_e_mail_where_that_was_said_and_somebody_can_be_written_to(
    database: Database, clock: Clock, firms: list[Firm], at_work: Worker
) -> None:
    today = NOON.date()
    sent = add(database, clock, firms[0], "karel@firma.example", start_on=today, send_email=True)
    add(database, clock, firms[0], None, start_on=today, send_email=True)
    add(database, clock, firms[0], "karel@firma.example", start_on=today)
    work(at_work)

    documents = in_books(database, clock, firms[0], lambda books: books.all(Invoice))
    assert {one.generator_id: one.status for one in documents}[sent.id] == "sent"
    assert sorted(one.status for one in documents) == ["open", "open", "sent"]
    [letter] = in_books(database, clock, firms[0], lambda books: books.all(Message))
    assert letter.recipient == "karel@firma.example"
    assert "https://faktura.example/applecorp/p/" in letter.body


def test_one_that_cannot_be_issued_says_so_once_keeps_no_other_and_is_tried_again(
    database: Database, clock: Clock, firms: list[Firm], at_work: Worker
) -> None:
    firm, today = firms[0], NOON.date()
    foreign = add(database, clock, firm, start_on=today, currency="CHF")
    add(database, clock, firm, start_on=today)
    for day in range(3):
        clock.stand_at(NOON + dt.timedelta(days=day))
        work(at_work)

    assert issued(database, clock, firm) == [today]
    names = [one.name for one in in_books(database, clock, firm, lambda books: books.all(Happening))]
    assert names.count("generator_failed") == 1
    kept = in_books(database, clock, firm, lambda books: find_generator(books, foreign.id))
    assert (kept.next_on, kept.failed_at) == (today, NOON + dt.timedelta(days=2))


@needs.ONE_ENGINE
def test_the_night_is_that_of_central_europe() -> None:
    assert next_night_after(NOON) == dt.datetime(2026, 11, 21, 23, 10, tzinfo=dt.UTC)
