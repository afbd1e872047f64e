"""In the morning customers are reminded, in every account, once: across kills, two workers and a moved clock."""

import datetime as dt
import os
import signal
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from faktura.core.accounts.reminders import add_step, change_step
from faktura.core.books import jobs_to_do
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.countries.known import ELSEWHERE, KNOWN
from faktura.core.errors import Given
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Message
from faktura.jobs import Reach, handlers
from faktura.jobs.remind_account import JOB
from faktura.jobs.remind_due import MORNING, next_morning
from faktura.outputs.mail.server import read_mail_server
from faktura.store.database import Database
from faktura.store.every import every
from faktura.worker import Worker
from tests import needs
from tests.firm import Firm, open_firm
from tests.running import environment

NOON = dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
PATIENCE = 120
DOCUMENTS = 12
NAMES = ("remind_due", "remind_account", "restate_due", "restate_account", "send_message")
JOBS = {name: handlers()[name] for name in NAMES}
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
    """Each with documents that are due today, and three steps."""
    return [
        a_firm(database, clock, slug, *home) for slug, *home in (("applecorp", "CZ", "cs"), ("jabluszko", "PL", "pl"))
    ]


def a_firm(database: Database, clock: Clock, slug: str, country: str, language: str) -> Firm:
    firm = open_firm(database, clock, slug, country=country, invoice_language=language)

    def work(books: Books) -> Any:
        for step_id in (1, 2):
            change_step(books, step_id, Given({"on": True}))
        add_step(books, Given({"days": 10, "on": True}))
        for number in range(DOCUMENTS):
            contact = add_contact(books, Given({"name": "Karel", "email": f"karel{number}@firma.example"}))
            line = Given({"name": "Práce", "unit_price": Decimal(100)})
            issue_invoice(books, Given({"contact_id": contact.id, "due_days": 0, "lines": [line]}))
        return books.account

    account = database.write(lambda tx: work(Books(tx, firm.account, None, clock.now())))
    return firm._replace(account=account)


def worker(database: Database, clock: Clock, reach: Reach = REACH) -> Worker:
    return Worker(database, clock, JOBS, reach)


def work(worker: Worker) -> None:
    """All but the letters themselves, which nobody takes here."""
    while worker.do_next("house") or worker.do_next("tasks"):
        pass


def letters(database: Database) -> list[Message]:
    return database.read(lambda tx: [Message(*row) for rows in every(tx, Message) for row in rows])


def subjects(database: Database, firm: Firm) -> Mapping[str, int]:
    """How many letters begin so."""
    own = [message for message in letters(database) if message.account_id == firm.account.id]
    return Counter(message.subject.split(":")[0] for message in own)


def test_letters_are_written_at_eight_in_the_morning_in_every_account(
    database: Database, firms: list[Firm], clock: Clock
) -> None:
    at_work = worker(database, clock)
    at_work.put_recurring()
    for _ in range(12):
        clock.stand_at(clock.now() + DAY)
        work(at_work)

    assert dict(subjects(database, firms[0])) == {"Upomínka": 2 * DOCUMENTS}
    assert dict(subjects(database, firms[1])) == {"Przypomnienie": 2 * DOCUMENTS}
    first = min(message.created_at for message in letters(database))
    assert first == NOON + 3 * DAY
    link = f"https://faktura.example/{firms[0].account.slug}/p/"
    assert all(link in message.body for message in letters(database) if message.account_id == firms[0].account.id)


def test_before_eight_nobody_is_written_to(database: Database, firms: list[Firm], clock: Clock) -> None:
    at_work = worker(database, clock)
    at_work.put_recurring()
    work(at_work)
    clock.stand_at(dt.datetime(2026, 11, 24, 6, 59, tzinfo=dt.UTC))
    for _ in range(3):
        work(at_work)
    written = len(letters(database))
    clock.stand_at(dt.datetime(2026, 11, 24, 7, 0, tzinfo=dt.UTC))
    work(at_work)
    assert (written, len(letters(database))) == (0, len(firms) * DOCUMENTS)


def test_the_history_says_which_program_reminded(database: Database, firms: list[Firm], clock: Clock) -> None:
    clock.stand_at(NOON + 3 * DAY)
    at_work = worker(database, clock)
    at_work.put_recurring()
    work(at_work)

    account = firms[0].account
    happened = database.read(lambda tx: Books(tx, account, None, NOON).all(Happening))
    reminded = [one for one in happened if one.name == "invoice_reminded"]
    assert [(one.user_id, one.program) for one in reminded] == [(None, JOB)] * DOCUMENTS


@pytest.mark.usefixtures("firms")
def test_a_jump_of_sixty_days_writes_one_letter_about_each_document(database: Database, clock: Clock) -> None:
    at_work = worker(database, clock)
    at_work.put_recurring()
    work(at_work)
    for days in (60, 61, 2, 30, 62, 90):
        clock.stand_at(NOON + days * DAY)
        at_work.put_recurring()
        work(at_work)

    about = Counter((message.account_id, message.document_id) for message in letters(database))
    assert len(about) == 2 * DOCUMENTS
    assert set(about.values()) == {1}


@pytest.mark.usefixtures("firms")
def test_where_no_mail_is_sent_no_letter_is_written(database: Database, clock: Clock) -> None:
    clock.stand_at(NOON + 3 * DAY)
    at_work = worker(database, clock, Reach())
    at_work.put_recurring()
    work(at_work)
    assert letters(database) == []


def test_who_cannot_be_written_to_keeps_no_other_from_being(
    database: Database, firms: list[Firm], clock: Clock
) -> None:
    account = firms[0].account

    def issue(books: Books) -> Invoice:
        contact = add_contact(books, Given({"name": "Němý"}))
        line = Given({"name": "Práce", "unit_price": Decimal(100)})
        return issue_invoice(books, Given({"contact_id": contact.id, "due_days": 0, "lines": [line]}))

    silent = [database.write(lambda tx: issue(Books(tx, account, None, NOON))) for _ in range(60)]
    clock.stand_at(NOON + 3 * DAY)
    at_work = worker(database, clock)
    at_work.put_recurring()
    work(at_work)

    assert len(letters(database)) == 2 * DOCUMENTS
    assert not {one.id for one in silent} & {
        message.document_id for message in letters(database) if message.account_id == account.id
    }


@pytest.mark.usefixtures("firms")
def test_two_workers_remind_once(database: Database, clock: Clock) -> None:
    clock.stand_at(NOON + 3 * DAY)
    both = [worker(database, clock), worker(database, clock)]
    both[0].put_recurring()
    for account_id in (1, 2):
        put_twice(database, account_id)
    together([lambda one=one: work(one) for one in both])  # type: ignore[misc]

    about = Counter((message.account_id, message.document_id) for message in letters(database))
    assert len(about) == 2 * DOCUMENTS
    assert set(about.values()) == {1}


def put_twice(database: Database, account_id: int) -> None:
    """The same job two times, so that both workers have it under way."""
    for _ in range(2):
        database.write(lambda tx: jobs_to_do.put(tx, account_id, JOB, (), NOON, NOON))


def together(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=one) for one in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.usefixtures("firms")
def test_a_worker_that_is_killed_in_the_middle_leaves_nobody_out_and_reminds_nobody_twice(
    database: Database, clock: Clock
) -> None:
    clock.stand_at(NOON + 3 * DAY)
    at_work = worker(database, clock)
    at_work.put_recurring()
    for written in (1, 5, 11):
        be_killed_after(database, written, clock.now())
        clock.stand_at(clock.now() + jobs_to_do.LEASE)
    before = len(letters(database))
    work(at_work)

    about = Counter((message.account_id, message.document_id) for message in letters(database))
    assert 0 < before < 2 * DOCUMENTS
    assert len(about) == 2 * DOCUMENTS
    assert set(about.values()) == {1}


def be_killed_after(database: Database, written: int, now: dt.datetime) -> None:
    """A worker in a process of its own is killed once so many letters are written in it."""
    url = database.url.render_as_string(hide_password=False)
    command = [sys.executable, "-m", "tests.test_remind_due", url, str(written), now.isoformat()]
    died = subprocess.run(command, env=environment(), timeout=PATIENCE, check=False)  # noqa: S603 (this module)
    assert died.returncode == -signal.SIGKILL


def die_while_reminding(url: str, written: int, now: dt.datetime) -> None:
    import faktura.core.tables  # noqa: F401, PLC0415 (declares every table)
    from faktura.jobs import remind_account  # noqa: PLC0415
    from faktura.store.database import open_database  # noqa: PLC0415

    left = iter(range(written))
    send = vars(remind_account)["send_reminder"]

    def send_or_die(*arguments: Any) -> Message:
        message: Message = send(*arguments)
        if next(left, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)
        return message

    vars(remind_account)["send_reminder"] = send_or_die
    clock = Clock()
    clock.stand_at(now)
    work(worker(open_database(url), clock))


@needs.ONE_ENGINE
@pytest.mark.parametrize(
    ("now", "morning"),
    [
        ("2026-11-21T06:59:00+00:00", "2026-11-21T07:00:00+00:00"),
        ("2026-11-21T07:00:00+00:00", "2026-11-22T07:00:00+00:00"),
        ("2026-03-28T12:00:00+00:00", "2026-03-29T06:00:00+00:00"),
        ("2026-10-24T12:00:00+00:00", "2026-10-25T07:00:00+00:00"),
    ],
)
def test_the_morning_is_that_of_central_europe_in_summer_and_winter(now: str, morning: str) -> None:
    assert next_morning(dt.datetime.fromisoformat(now)) == dt.datetime.fromisoformat(morning)


@needs.ONE_ENGINE
def test_it_is_the_same_hour_in_every_country_that_books_are_kept_in() -> None:
    """Where it is not, each account needs a morning of its own."""
    days = [NOON + month * 30 * DAY for month in range(12)]
    zones = {country.zone for country in (*KNOWN.values(), ELSEWHERE)}
    assert isinstance(MORNING.tzinfo, ZoneInfo)
    assert all(day.astimezone(zone).hour == day.astimezone(MORNING.tzinfo).hour for day in days for zone in zones)


if __name__ == "__main__":
    die_while_reminding(sys.argv[1], int(sys.argv[2]), dt.datetime.fromisoformat(sys.argv[3]))
