"""Whatever KSeF holds for a firm is in its books once, and none is missing, whenever whoever fetches it is killed."""

import collections
import datetime as dt
import random
from collections.abc import Iterator

import pytest

from faktura.core.books.audit import AUDIT
from faktura.core.books.books import Books
from faktura.core.ksef.receive import WAITING, fetch_now
from faktura.core.received.record import Expense
from faktura.sandbox.outside.ksef.standing import Standing
from faktura.store.check import check
from faktura.store.database import Database
from tests.ksef_received import Receiver, received_by
from tests.proofs.dying_receiver import POINTS, Receivers
from tests.proofs.history import length

INVOICES = length(150, 12_000)
IN_A_PACKAGE = length(30, 2_500)
KILLS = length(4, 60)
LAG = 90
"""Seconds that KSeF is behind what it has stored."""

STRANGER = "5265877635"


@pytest.fixture
def firm(database: Database) -> Iterator[Receiver]:
    with received_by(database) as receiver:
        receiver.fetch()
        receiver.double.standing = Standing(export_most=IN_A_PACKAGE, part_most=50_000, hwm_lag_s=LAG)
        yield receiver


@pytest.fixture
def stranger(firm: Receiver) -> Iterator[Receiver]:
    """Another firm that reaches the same double."""
    receiver = Receiver(firm.firm.database, firm.firm.clock, firm.double, "stranger", STRANGER)
    yield receiver
    receiver.ksef.close()


@pytest.mark.timeout(length(300, 2400))
def test_whoever_is_killed_while_fetching_every_invoice_is_there_once(
    firm: Receiver, stranger: Receiver, chance: random.Random
) -> None:
    url = firm.firm.database.url.render_as_string(hide_password=False)
    killed: collections.Counter[str] = collections.Counter()
    ours, theirs = firm.hand_in(INVOICES * 2 // 3), stranger.hand_in(15, first=INVOICES * 2)
    with Receivers() as workers:
        while killed.total() < KILLS:
            # In the end a few at a time: however seldom a point is reached, there is something to fetch.
            come = chance.choice((1, 5, 12, INVOICES // KILLS // 4)) if len(ours) < INVOICES else 1
            ours += firm.hand_in(come, first=len(ours) + 1)
            firm.double.standing.lose_answers = chance.choice((0, 0, 1))
            to_next(firm, stranger)
            point = min(chance.sample(POINTS, 3), key=lambda one: killed[one])
            killed[point] += workers.work(url, firm.firm.clock.now(), point, chance.randint(1, 3))
        ours += firm.hand_in(max(INVOICES - len(ours), 1), first=len(ours) + 1)
        firm.double.standing.lose_answers = 0
        firm.firm.clock.stand_at(firm.firm.clock.now() + dt.timedelta(seconds=LAG + 1))
        # A job that waits already has some of its sides behind it.
        for receiver in (firm, stranger) * 2:
            receiver.firm.do(fetch_now)
            while firm.jobs() or stranger.jobs():
                pass_on(firm, stranger)
                workers.work(url, firm.firm.clock.now())

    require_each_once(firm, ours)
    require_each_once(stranger, theirs)
    assert not firm.double.refusals
    assert not firm.double.early_calls
    assert len(+killed) >= min(len(POINTS), KILLS // 4), killed
    assert check(firm.firm.database, lambda _: None, AUDIT) == []


def to_next(*receivers: Receiver) -> None:
    """Let the time come at which something is due, as the end of a killed worker's lease; who is done looks again."""
    clock = receivers[0].firm.clock
    for receiver in receivers:
        if not receiver.jobs():
            clock.stand_at(clock.now() + dt.timedelta(seconds=LAG))
            receiver.firm.do(fetch_now)
    pass_on(*receivers)


def pass_on(*receivers: Receiver) -> None:
    clock = receivers[0].firm.clock
    times = [job.waits_until for one in receivers for job in one.jobs() if job.waits_until is not None]
    if times:
        clock.stand_at(max(min(times), clock.now() + dt.timedelta(seconds=1)))


def require_each_once(receiver: Receiver, numbers: list[str]) -> None:
    scans = receiver.firm.do(Books.all, Expense, WAITING)
    assert sorted(receiver.numbers()) == sorted(numbers)
    assert sorted(scan.ksef_number or "" for scan in scans) == sorted(numbers)
    assert all(scan.told is not None for scan in scans)
