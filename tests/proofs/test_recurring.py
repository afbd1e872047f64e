"""Over a simulated year recurring generators issue exactly what is expected, through kills and a clock that jumps."""

import calendar
import contextlib
import datetime as dt
import os
import random
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

import pytest
import sqlalchemy as sa

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.core.books import jobs_to_do
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.generators.change import add_generator
from faktura.core.generators.record import Generator
from faktura.core.invoices.record import Invoice
from faktura.jobs import handlers, issue_account
from faktura.store import schema
from faktura.store.database import Database, open_database
from faktura.store.statements import Query
from faktura.store.transaction import Transaction
from faktura.worker import Worker
from tests.firm import Firm, open_firm
from tests.proofs.history import length
from tests.proofs.served import assert_whole
from tests.running import environment

GENERATORS = length(14, 1000)
KILLS = length(3, 50)
JUMPS = length(8, 80)
YEAR = dt.timedelta(days=365)
BEGIN = dt.datetime(2027, 1, 1, 11, tzinfo=dt.UTC)
PATIENCE = length(120, 600)
JOBS = {name: handlers()[name] for name in ("issue_due", "issue_account")}


class Plan(NamedTuple):
    start_on: dt.date
    months: int
    on_last_day: bool
    end_on: dt.date | None


@pytest.mark.timeout(length(300, 3600))
def test_each_document_is_issued_once_under_its_day(durable_url: str, chance: random.Random) -> None:
    with contextlib.closing(open_database(durable_url)) as database:
        schema.prepare(database)
        clock = Clock()
        clock.stand_at(BEGIN)
        firms = [open_firm(database, clock, slug) for slug in ("applecorp", "pearcorp")]
        plans = {
            (firm.account.id, generator_id): plan
            for firm in firms
            for generator_id, plan in made(database, firm, [some_plan(chance) for _ in range(GENERATORS // 2)])
        }
        killed = pass_a_year(database, clock, chance)

        found = Counter(database.read(lambda tx: tx.rows(_ISSUED)))
        until = (BEGIN + YEAR).date()
        expected = Counter((*key, day) for key, plan in plans.items() for day in days_of(plan, until))
        assert killed > 0
        assert found == expected
    assert_whole(durable_url)


def some_plan(chance: random.Random) -> Plan:
    start = BEGIN.date() + dt.timedelta(days=chance.randrange(60))
    end = start + dt.timedelta(days=chance.randrange(300)) if chance.random() < 0.3 else None
    return Plan(start, chance.choice((1, 1, 1, 2, 3, 6)), chance.random() < 0.3, end)


def days_of(plan: Plan, until: dt.date) -> Iterator[dt.date]:
    """Counted from the start, not from one another as the generator does."""
    for times in range(13):
        years, month = divmod(plan.start_on.month - 1 + times * plan.months, 12)
        year = plan.start_on.year + years
        last = calendar.monthrange(year, month + 1)[1]
        day = dt.date(year, month + 1, last if plan.on_last_day else min(plan.start_on.day, last))
        if day <= min(until, plan.end_on or until):
            yield day


def made(database: Database, firm: Firm, plans: list[Plan]) -> list[tuple[int, Plan]]:
    def work(tx: Transaction) -> list[Generator]:
        books = Books(tx, firm.account, firm.user.id, BEGIN)
        contact = add_contact(books, Given({"name": "Odběratel a.s."}))
        lines = [Given({"name": "Nájem za #m#/#y#", "unit_price": Decimal(100)})]
        given = {"name": "Nájem", "contact_id": contact.id, "lines": lines, "recurring": True}
        return [add_generator(books, Given(given | plan._asdict())) for plan in plans]

    return [(one.id, plan) for one, plan in zip(database.write(work), plans, strict=True)]


def pass_a_year(database: Database, clock: Clock, chance: random.Random) -> int:
    """Let the clock jump, now and then back, with a worker at each stop that is killed at some; how often it was."""
    stops = sorted(chance.uniform(0, 1) for _ in range(JUMPS - 1))
    kills = set(chance.sample(range(JUMPS - 1), KILLS))
    killed = 0
    for number, stop in enumerate([*stops, 1.0]):
        clock.stand_at(BEGIN + YEAR * stop)
        if number in kills:
            killed += be_killed(database, clock, chance)
            clock.stand_at(clock.now() + jobs_to_do.LEASE)
        work(database, clock)
        clock.stand_at(clock.now() - dt.timedelta(days=chance.randrange(40)))
        work(database, clock)
    return killed


def work(database: Database, clock: Clock) -> None:
    """All that is to be done now; the nightly job is put once more, as its time was passed or is far away."""
    at_work = Worker(database, clock, JOBS)
    database.write(lambda tx: jobs_to_do.put(tx, jobs_to_do.HOUSE, "issue_due", (), clock.now(), clock.now()))
    while at_work.do_next("house") or at_work.do_next("tasks"):
        pass


def be_killed(database: Database, clock: Clock, chance: random.Random) -> bool:
    """A worker of its own process dies in the middle of a document, or between two."""
    url = database.url.render_as_string(hide_password=False)
    where = chance.choice(("within", "between"))
    arguments = [url, clock.now().isoformat(), str(chance.randrange(3)), where]
    command = [sys.executable, "-m", "tests.proofs.test_recurring", *arguments]
    died = subprocess.run(command, env=environment(), timeout=PATIENCE, check=False)
    assert died.returncode in {0, -signal.SIGKILL}
    return died.returncode == -signal.SIGKILL


def die(url: str, now: str, after: str, where: str) -> None:
    left = iter(range(int(after)))
    issue = vars(issue_account)["issue_due"]

    def issue_or_die(*arguments: Any) -> Any:
        if next(left, None) is not None:
            return issue(*arguments)
        if where == "within":
            issue(*arguments)
        return os.kill(os.getpid(), signal.SIGKILL)

    vars(issue_account)["issue_due"] = issue_or_die
    clock = Clock()
    clock.stand_at(dt.datetime.fromisoformat(now))
    work(open_database(url), clock)


_i = Invoice.table.c
_ISSUED = Query(sa.select(_i.account_id, _i.generator_id, _i.issued_on))


if __name__ == "__main__":
    partial(die, *sys.argv[1:])()
