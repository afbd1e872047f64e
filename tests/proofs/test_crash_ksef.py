"""Every document is in KSeF exactly once and known here by its number, whenever whoever sends it is killed."""

import collections
import datetime as dt
import random
from collections.abc import Iterator

import msgspec
import pytest

from faktura.core.books.audit import AUDIT
from faktura.core.books.jobs_to_do import Job
from faktura.core.clock import Clock
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.sendings import SEND, KsefSending
from faktura.core.tests.conftest import Firm
from faktura.outputs.e_invoices.ksef import send
from faktura.sandbox.outside.ksef.double import Double
from faktura.sandbox.outside.ksef.serving import listening
from faktura.store.check import check
from faktura.store.database import Database
from tests.ksef_firm import connected_to, polish_firm, sold
from tests.proofs.dying_sender import POINTS, Sender, in_packages, reached_from
from tests.proofs.history import length

MONDAY = dt.datetime(2026, 11, 23, 6, tzinfo=dt.UTC)
KILLS = length(10, 200)
MOST_LIVE = 6


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(MONDAY)
    return clock


@pytest.fixture
def double(clock: Clock) -> Iterator[Double]:
    with listening(clock) as found:
        yield found


@pytest.mark.timeout(length(300, 1200))
def test_whoever_is_killed_while_sending_every_document_is_there_once(
    database: Database, clock: Clock, double: Double, chance: random.Random
) -> None:
    firm = polish_firm(database, clock)
    connected_to(double, firm)
    url = database.url.render_as_string(hide_password=False)
    killed: collections.Counter[str] = collections.Counter()
    with Sender() as sender:
        while killed.total() < KILLS:
            for _ in range(chance.randrange(MOST_LIVE - min(len(live(firm)), MOST_LIVE - 1))):
                queue_one(firm)
            _trouble(double, chance)
            states = {sending.state for sending in live(firm)}
            point = chance.choice([one for one in POINTS if reached_from(one) in states] or POINTS)
            together = in_packages(point, chance)
            killed[point] += sender.work(url, clock.now(), point, chance.randint(1, 2), in_packages=together)
            to_next(firm)
        double.standing = msgspec.structs.replace(double.standing, drop_after_post=0, lose_answers=0, fail_next=())
        while live(firm):
            sender.work(url, clock.now(), None)
            to_next(firm)

    require_each_once(firm, double)
    assert not double.refusals
    assert not double.early_calls
    assert double.counts["batchSessionClose"]
    assert len(killed) >= min(len(POINTS), KILLS // 4), killed
    assert check(database, lambda _: None, AUDIT) == []


def _trouble(double: Double, chance: random.Random) -> None:
    """Answers are lost, most of all of what was sent; now and then KSeF itself fails over a document."""
    standing = double.standing
    double.standing = msgspec.structs.replace(
        standing,
        drop_after_post=chance.choice((0, 0, 1, 2)),
        lose_answers=chance.choice((0, 0, 0, 1)),
        fail_next=chance.choice(((), (), (), (500,), (550, 0, 405))),
        status_after_s=0,
    )


def queue_one(firm: Firm) -> None:
    invoice = firm.issue(sold(), issued_on=firm.clock.now().date())
    firm.do(lambda books: send(books, invoice.id))


def live(firm: Firm) -> list[KsefSending]:
    found = firm.do(lambda books: books.all(KsefSending))
    return [sending for sending in found if sending.live_invoice_id is not None]


def to_next(firm: Firm) -> None:
    """Let the time come at which something is due next; of a killed worker, the end of its lease."""
    jobs = [job for job in firm.do(lambda books: books.all(Job)) if job.name == SEND]
    times = [job.waits_until for job in jobs if job.waits_until is not None]
    if times:
        firm.clock.stand_at(max(min(times), firm.clock.now()))


def require_each_once(firm: Firm, double: Double) -> None:
    ours = {invoice.number: invoice.ksef_number for invoice in firm.do(lambda books: books.all(Invoice))}
    theirs = [(stored.facts.number, stored.ksef_number) for stored in double.invoices]
    assert sorted(theirs) == sorted(ours.items())
    sendings = firm.do(lambda books: books.all(KsefSending))
    assert {sending.state for sending in sendings} == {"accepted"}
    assert all(sending.upo for sending in sendings)
    by_number = {stored.ksef_number: stored.xml for stored in double.invoices}
    assert all(by_number[sending.ksef_number or ""] == sending.xml for sending in sendings)
