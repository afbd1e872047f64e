"""Lanes by sort of work, turns by account: what hangs in one lane, or for one account, keeps nobody else waiting."""

import contextlib
import datetime as dt
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import Job
from faktura.core.clock import Clock
from faktura.jobs import LANES, Errand, Handler, Later, handlers, inside, outside
from faktura.store.database import Database
from faktura.store.every import every
from faktura.worker import Worker
from tests.firm import Firm, open_firm

PATIENCE = 60


def wait_until(is_so: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.01)


class Done:
    """Jobs that write down that they were done, or hang until the test lets them go on."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.hanging: list[str] = []
        self.may_go_on = threading.Event()

    def do(self, books: Books, what: str = "") -> None:
        self.done.append(f"{books.account.slug} {what}".strip())

    def hang(self, errand: Errand, what: str = "") -> Callable[[Books], None]:
        self.hanging.append(errand.read(lambda books: str(books.account.slug)))
        assert self.may_go_on.wait(PATIENCE)
        return lambda books: self.do(books, what)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def firms(database: Database, clock: Clock) -> list[Firm]:
    return [open_firm(database, clock, slug) for slug in ("one", "two", "three", "four", "five")]


@pytest.fixture
def done() -> Iterator[Done]:
    made = Done()
    yield made
    made.may_go_on.set()


def put(database: Database, clock: Clock, firm: Firm, name: str, *arguments: object) -> None:
    database.write(lambda tx: Books(tx, firm.account, None, clock.now()).later(name, *arguments))


def jobs_in(database: Database) -> list[Job]:
    return database.read(lambda tx: [Job(*row) for rows in every(tx, Job) for row in rows])


@contextlib.contextmanager
def working(worker: Worker, done: Done) -> Iterator[None]:
    stopped = threading.Event()
    thread = threading.Thread(target=worker.work_until, args=(stopped.is_set,))
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        done.may_go_on.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def jobs_of(done: Done) -> dict[str, Handler]:
    return {
        "send": outside(done.hang, lane="mail"),
        "task": inside(done.do, lane="tasks"),
        "tidy": inside(done.do),
    }


def test_what_hangs_in_one_lane_keeps_nothing_in_others_waiting(
    database: Database, clock: Clock, firms: list[Firm], done: Done
) -> None:
    for firm in firms:
        put(database, clock, firm, "send")
    with working(Worker(database, clock, jobs_of(done)), done):
        wait_until(lambda: len(done.hanging) == LANES["mail"])
        for name in ("task", "tidy"):
            put(database, clock, firms[0], name, name)
        wait_until(lambda: len(done.done) == 2)

        assert sorted(done.done) == ["one task", "one tidy"]


def test_no_account_fills_a_lane(database: Database, clock: Clock, firms: list[Firm], done: Done) -> None:
    for _ in range(10):
        put(database, clock, firms[0], "send")
    with working(Worker(database, clock, jobs_of(done)), done):
        wait_until(lambda: done.hanging == ["one"])
        put(database, clock, firms[1], "send")
        wait_until(lambda: len(done.hanging) == 2)

        assert done.hanging == ["one", "two"]


def test_a_thousand_jobs_of_one_account_come_after_the_first_of_another(
    database: Database, clock: Clock, firms: list[Firm], done: Done
) -> None:
    def many(books: Books) -> None:
        for number in range(1000):
            books.later("task", number)

    database.write(lambda tx: many(Books(tx, firms[0].account, None, clock.now())))
    put(database, clock, firms[1], "task")
    worker = Worker(database, clock, jobs_of(done))
    for _ in range(4):
        assert worker.do_next("tasks")

    assert done.done == ["one 0", "two", "one 1", "one 2"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_thread_that_dies_of_a_job_is_replaced(
    database: Database, clock: Clock, firms: list[Firm], done: Done
) -> None:
    def die(_: Errand) -> Callable[[Books], None]:
        raise SystemExit

    put(database, clock, firms[0], "die")
    worker = Worker(database, clock, {"die": outside(die), "tidy": inside(done.do)})
    with working(worker, done):
        wait_until(lambda: all(job.attempts for job in jobs_in(database)))
        put(database, clock, firms[0], "tidy")
        wait_until(lambda: done.done == ["one"])


def test_who_asks_learns_when_each_lane_looked_for_jobs_last(
    database: Database, clock: Clock, firms: list[Firm], done: Done
) -> None:
    for firm in firms:
        put(database, clock, firm, "send")
    worker = Worker(database, clock, jobs_of(done))
    with working(worker, done):
        wait_until(lambda: len(done.hanging) == LANES["mail"])
        hung = worker.last_looks()["mail"]
        wait_until(lambda: worker.last_looks()["mail"] > hung + 3)

        assert worker.last_looks().keys() == LANES.keys()
        assert worker.last_looks()["house"] < worker.last_looks()["mail"]


def test_a_job_may_put_itself_off_which_is_no_failure(database: Database, clock: Clock, firms: list[Firm]) -> None:
    def not_yet(_: Errand) -> Callable[[Books], None]:
        raise Later(dt.timedelta(hours=1), "not before one o'clock")

    put(database, clock, firms[0], "wait")
    noon = clock.now()
    clock.stand_at(noon)
    assert Worker(database, clock, {"wait": outside(not_yet)}).do_next()

    [job] = jobs_in(database)
    assert (job.attempts, job.last_error) == (0, "not before one o'clock")
    assert job.waits_until == noon + dt.timedelta(hours=1)


def test_every_job_has_a_lane_of_those_that_there_are() -> None:
    lanes = {name: handler.lane for name, handler in handlers().items()}
    assert lanes["send_message"] == "mail"
    assert lanes["do_task"] == "tasks"
    assert lanes["fetch_exchange_rates"] == "outside"
    assert set(lanes.values()) == LANES.keys()
