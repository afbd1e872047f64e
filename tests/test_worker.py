"""Jobs are done once, together with crossing them out; a failure is put off, and nothing of it stays."""

import contextlib
import datetime as dt
import threading
from collections.abc import Callable
from typing import cast

import psycopg
import pytest
from sqlalchemy import make_url

from faktura.core.books import jobs_to_do
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.jobs_to_do import HOUSE, Due, Job
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact
from faktura.core.errors import Given
from faktura.core.people.accounts import Account
from faktura.core.people.tokens import Token, issue_access_token, standing_token
from faktura.jobs import Errand, Handler, handlers, inside, outside
from faktura.store.database import Database, open_database
from faktura.store.every import every
from faktura.store.transaction import Transaction
from faktura.worker import Worker
from tests.firm import Firm, open_firm

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)


class Doubt(Exception):  # noqa: N818 (stands for any failure)
    """What a job of these tests fails with."""


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(NOON)
    return clock


@pytest.fixture
def firm(database: Database, clock: Clock) -> Firm:
    return open_firm(database, clock)


def add(books: Books, name: str) -> None:
    add_contact(books, Given({"name": name}))


def add_and_fail(books: Books, name: str) -> None:
    add(books, name)
    raise Doubt(name)


def put(database: Database, account: Account, clock: Clock, name: str, *arguments: object) -> None:
    database.write(lambda tx: Books(tx, account, None, clock.now()).later(name, *arguments))


def jobs_in(database: Database) -> list[Job]:
    return database.read(lambda tx: [Job(*row) for rows in every(tx, Job) for row in rows])


def seen_due(database: Database, clock: Clock, name: str) -> Due:
    [seen] = database.read(lambda tx: jobs_to_do.due(tx, clock.now(), name))
    return seen


def claim(database: Database, seen: Due, clock: Clock) -> Job | None:
    return database.write(lambda tx: jobs_to_do.claim(tx, seen, clock.now()))


def names_in(database: Database, firm: Firm) -> list[str]:
    contacts = database.read(lambda tx: Books(tx, firm.account, None, NOON).all(Contact))
    return [contact.name for contact in contacts]


def test_a_job_is_done_with_its_arguments_in_its_account_and_crossed_out(
    database: Database, firm: Firm, clock: Clock
) -> None:
    put(database, firm.account, clock, "add", "Žluťoučký kůň")
    worker = Worker(database, clock, {"add": inside(add)})

    assert worker.do_next()

    assert names_in(database, firm) == ["Žluťoučký kůň"]
    assert jobs_in(database) == []
    assert not worker.do_next()


def test_jobs_are_done_in_the_order_in_which_they_fell_due(database: Database, firm: Firm, clock: Clock) -> None:
    for name in ("Alfa", "Beta", "Gama"):
        put(database, firm.account, clock, "add", name)
        clock.stand_at(clock.now() + dt.timedelta(seconds=1))
    worker = Worker(database, clock, {"add": inside(add)})

    while worker.do_next():
        pass

    assert names_in(database, firm) == ["Alfa", "Beta", "Gama"]


def test_a_job_waits_for_its_time(database: Database, firm: Firm, clock: Clock) -> None:
    later = dt.timedelta(hours=1)
    database.write(lambda tx: Books(tx, firm.account, None, clock.now()).later("add", "Alfa", after=later))
    worker = Worker(database, clock, {"add": inside(add)})

    assert not worker.do_next()
    clock.stand_at(NOON + later)
    assert worker.do_next()


def test_of_a_job_that_fails_nothing_stays_but_the_reason(database: Database, firm: Firm, clock: Clock) -> None:
    put(database, firm.account, clock, "add", "Alfa")

    assert Worker(database, clock, {"add": inside(add_and_fail)}).do_next()

    assert names_in(database, firm) == []
    [job] = jobs_in(database)
    assert (job.attempts, job.last_error) == (1, "Doubt: Alfa")


def test_a_job_that_fails_is_done_again_each_time_after_twice_the_delay(
    database: Database, firm: Firm, clock: Clock
) -> None:
    put(database, firm.account, clock, "add", "Alfa")
    worker = Worker(database, clock, {"add": inside(add_and_fail)})
    delays = []
    for _ in range(4):
        assert worker.do_next()
        assert not worker.do_next()
        [job] = jobs_in(database)
        assert job.waits_until is not None
        delays.append((job.waits_until - clock.now()).total_seconds())
        clock.stand_at(job.waits_until)

    assert delays == [10, 20, 40, 80]


def fail_to_the_end(worker: Worker, database: Database, clock: Clock) -> int:
    """How often the one job that is there is tried."""
    tries = 0
    while worker.do_next():
        tries += 1
        for job in jobs_in(database):
            clock.stand_at(job.waits_until or clock.now())
    return tries


def test_a_job_is_given_up_after_its_last_delay_and_the_history_says_so(
    database: Database, firm: Firm, clock: Clock
) -> None:
    put(database, firm.account, clock, "add", "Alfa")
    delays = (dt.timedelta(seconds=1), dt.timedelta(minutes=5))

    assert fail_to_the_end(Worker(database, clock, {"add": inside(add_and_fail, delays=delays)}), database, clock) == 3

    [job] = jobs_in(database)
    assert (job.attempts, job.waits_until, job.last_error) == (3, None, "Doubt: Alfa")
    assert clock.now() == NOON + sum(delays, dt.timedelta())
    [happened] = database.read(lambda tx: Books(tx, firm.account, None, NOON).all(Happening))
    assert (happened.name, happened.program) == ("job_given_up", "add")
    assert happened.details == {"job": (None, "add"), "error": (None, "Doubt: Alfa")}
    assert database.read(jobs_to_do.waiting) == 0


def test_a_job_that_was_given_up_is_done_again_when_an_operator_says_so(
    database: Database, firm: Firm, clock: Clock
) -> None:
    put(database, firm.account, clock, "add", "Alfa")
    fail_to_the_end(Worker(database, clock, {"add": inside(add_and_fail, delays=())}), database, clock)
    [job] = database.read(jobs_to_do.failing)

    database.write(lambda tx: jobs_to_do.do_again(tx, job, clock.now()))
    assert Worker(database, clock, {"add": inside(add)}).do_next()

    assert names_in(database, firm) == ["Alfa"]
    assert jobs_in(database) == []


def test_a_job_each_of_whose_workers_died_is_given_up(database: Database, firm: Firm, clock: Clock) -> None:
    put(database, firm.account, clock, "add", "Alfa")
    worker = Worker(database, clock, {"add": inside(add, delays=(dt.timedelta(seconds=1),))})
    for _ in range(2):
        assert claim(database, seen_due(database, clock, "add"), clock) is not None
        clock.stand_at(clock.now() + jobs_to_do.LEASE)

    assert worker.do_next()

    [job] = jobs_in(database)
    assert (job.waits_until, job.last_error) == (None, "WorkerDied: ")
    assert names_in(database, firm) == []


def test_what_is_to_be_said_at_the_end_of_a_job_is_said_in_its_place(
    database: Database, firm: Firm, clock: Clock
) -> None:
    put(database, firm.account, clock, "ask", "Alfa")

    def ask(_errand: Errand, _name: str) -> Callable[[Books], None]:
        raise Doubt("nobody answers")

    def refused(books: Books, error: Exception, name: str) -> None:
        add(books, f"{name}: {error}")

    ended = outside(ask, refused=refused, delays=(dt.timedelta(seconds=1),))
    assert fail_to_the_end(Worker(database, clock, {"ask": ended}), database, clock) == 2
    assert names_in(database, firm) == ["Alfa: nobody answers"]
    assert jobs_in(database) == []


def test_a_job_that_comes_back_by_itself_waits_for_its_next_time_instead_of_being_given_up(
    database: Database, clock: Clock
) -> None:
    def fail(office: Office) -> None:
        raise Doubt(str(office.now))

    worker = Worker(database, clock, {"tidy": inside(fail, dt.timedelta(days=1), delays=())})
    worker.put_recurring()

    assert worker.do_next()

    [job] = jobs_in(database)
    assert (job.attempts, job.waits_until) == (0, NOON + dt.timedelta(days=1))
    assert job.last_error is not None


def test_every_sort_of_job_has_an_end_of_its_own() -> None:
    ends = {name: sum(handler.delays, dt.timedelta()) for name, handler in handlers().items()}

    assert ends["do_task"] < ends["fetch_exchange_rates"] < ends["restate_account"] < ends["send_message"]
    assert max(ends.values()) < dt.timedelta(days=7)


def test_a_job_that_nobody_knows_is_put_off_with_that_error(database: Database, firm: Firm, clock: Clock) -> None:
    put(database, firm.account, clock, "send_pigeon")

    assert Worker(database, clock, {}).do_next()

    [job] = jobs_in(database)
    assert job.last_error == "UnknownJob: send_pigeon"
    assert job.waits_until is not None
    assert job.waits_until > clock.now()


def test_a_job_whose_worker_died_is_done_when_the_lease_is_over(database: Database, firm: Firm, clock: Clock) -> None:
    put(database, firm.account, clock, "add", "Alfa")
    assert claim(database, seen_due(database, clock, "add"), clock) is not None
    worker = Worker(database, clock, {"add": inside(add)})

    assert not worker.do_next()
    clock.stand_at(NOON + jobs_to_do.LEASE)
    assert worker.do_next()
    assert names_in(database, firm) == ["Alfa"]


def test_of_two_who_saw_a_job_due_one_gets_it(database: Database, firm: Firm, clock: Clock) -> None:
    put(database, firm.account, clock, "add", "Alfa")
    seen = seen_due(database, clock, "add")

    first, second = claim(database, seen, clock), claim(database, seen, clock)

    assert first is not None
    assert (first.id, first.attempts, first.waits_until) == (seen.id, 1, clock.now() + jobs_to_do.LEASE)
    assert second is None


def test_a_worker_that_was_too_slow_looks_again(database: Database, firm: Firm, clock: Clock) -> None:
    """The other one takes the first job while this one is between its look and its claim."""
    put(database, firm.account, clock, "add", "Alfa")
    put(database, firm.account, clock, "add", "Beta")
    others = iter([seen_due(database, clock, "add")])

    class Overtaken:
        engine = database.engine

        def read(self, work: Callable[[Transaction], object]) -> object:
            return database.read(work)

        def write(self, work: Callable[[Transaction], object], turn: int | None = None) -> object:
            for seen in others:
                assert claim(database, seen, clock) is not None
            return database.write(work, turn)

    assert Worker(cast("Database", Overtaken()), clock, {"add": inside(add)}).do_next()
    assert names_in(database, firm) == ["Beta"]


def test_accounts_take_turns_however_many_jobs_one_of_them_has(database: Database, firm: Firm, clock: Clock) -> None:
    other = open_firm(database, clock, "other").account
    for n in range(5):
        put(database, firm.account, clock, "add", f"Firma {n}")
    for n in range(2):
        put(database, other, clock, "add", f"Other {n}")
    done: list[int] = []
    worker = Worker(database, clock, {"add": inside(lambda books, _name: done.append(books.account.id))})

    while worker.do_next():
        pass

    assert [account_id == other.id for account_id in done] == [False, True, False, True, False, False, False]


def test_of_each_account_the_job_that_waited_longest_is_due_in_turn_after_the_one_served_last(
    database: Database, firm: Firm, clock: Clock
) -> None:
    accounts = [open_firm(database, clock, slug).account for slug in ("alfa", "beta", "gama")]
    for account in (*accounts, *accounts, firm.account):
        put(database, account, clock, "add", "Firma")
        clock.stand_at(clock.now() + dt.timedelta(seconds=1))

    def due(after: int, most: int = 16) -> list[Due]:
        return database.read(lambda tx: jobs_to_do.due(tx, clock.now(), "add", after, most))

    ids = [firm.account.id, *(account.id for account in accounts)]
    assert [seen.account_id for seen in due(HOUSE)] == ids
    assert [seen.account_id for seen in due(ids[1])] == [*ids[2:], *ids[:2]]
    assert [seen.account_id for seen in due(ids[1], most=3)] == [*ids[2:], ids[0]]
    assert [seen.waits_until - NOON for seen in due(HOUSE)] == [dt.timedelta(seconds=n) for n in (6, 0, 1, 2)]
    assert database.read(jobs_to_do.names_waiting) == ["add"]


def test_a_worker_that_lost_its_lease_has_no_effect(database: Database, firm: Firm, clock: Clock) -> None:
    put(database, firm.account, clock, "add", "Alfa")

    def take_long(errand: Errand, name: str) -> Callable[[Books], None]:
        clock.stand_at(NOON + jobs_to_do.LEASE)
        assert Worker(errand.database, clock, {"add": inside(add)}).do_next()
        return lambda books: add(books, f"{name} once more")

    assert Worker(database, clock, {"add": outside(take_long)}).do_next()

    assert names_in(database, firm) == ["Alfa"]
    assert jobs_in(database) == []


def test_others_may_write_while_a_job_talks_to_the_outside_world(database: Database, firm: Firm, clock: Clock) -> None:
    put(database, firm.account, clock, "ask", "Alfa")

    def ask(errand: Errand, name: str) -> Callable[[Books], None]:
        slug = errand.read(lambda books: books.account.slug)
        writing = threading.Thread(target=put, args=(database, firm.account, clock, "add", "Beta"))
        writing.start()
        writing.join(10)
        assert not writing.is_alive()
        return lambda books: add(books, f"{name} of {slug}")

    worker = Worker(database, clock, {"ask": outside(ask), "add": inside(add)})
    assert worker.do_next()
    assert worker.do_next()

    assert names_in(database, firm) == ["Alfa of applecorp", "Beta"]


def test_a_failure_outside_is_put_off_too(database: Database, firm: Firm, clock: Clock) -> None:
    put(database, firm.account, clock, "ask")

    def ask(_errand: Errand) -> Callable[[Books], None]:
        raise Doubt("nobody answers")

    assert Worker(database, clock, {"ask": outside(ask)}).do_next()

    assert [job.last_error for job in jobs_in(database)] == ["Doubt: nobody answers"]


def test_two_workers_share_the_jobs_and_do_none_twice(database: Database, firm: Firm, clock: Clock) -> None:
    for n in range(40):
        put(database, firm.account, clock, "add", f"Firma {n}")

    def work() -> None:
        worker = Worker(database, clock, {"add": inside(add)})
        while worker.do_next():
            pass

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(names_in(database, firm)) == sorted(f"Firma {n}" for n in range(40))


def test_a_job_of_the_house_comes_back_by_itself_and_stands_there_once(database: Database, clock: Clock) -> None:
    done: list[dt.datetime] = []
    recurring: dict[str, Handler] = {"tidy": inside(lambda office: done.append(office.now), dt.timedelta(days=1))}
    worker = Worker(database, clock, recurring)
    worker.put_recurring()
    Worker(database, clock, recurring).put_recurring()

    assert worker.do_next()
    assert not worker.do_next()
    [job] = jobs_in(database)
    assert (job.account_id, job.name, job.waits_until) == (HOUSE, "tidy", NOON + dt.timedelta(days=1))
    clock.stand_at(job.waits_until)
    assert worker.do_next()
    assert done == [NOON, NOON + dt.timedelta(days=1)]


def test_tokens_that_expired_a_day_ago_are_forgotten_and_those_that_stand_stay(
    database: Database, firm: Firm, clock: Clock
) -> None:
    Worker(database, clock, handlers()).put_recurring()
    clock.stand_at(NOON + dt.timedelta(days=2))
    fresh = database.write(lambda tx: _another_token(Office(tx, clock.now()), firm))
    worker = Worker(database, clock, handlers())

    while worker.do_next():
        pass

    kept = database.read(lambda tx: [Token(*row) for rows in every(tx, Token) for row in rows])
    assert len(kept) == 1
    assert database.read(lambda tx: standing_token(Office(tx, clock.now()), fresh, "access")) is not None


def _another_token(office: Office, firm: Firm) -> str:
    before = Office(office.tx, NOON)
    found = standing_token(before, firm.token, "access")
    assert found is not None
    return issue_access_token(office, found[1])


def test_every_job_file_has_its_name_and_one_way_to_be_done() -> None:
    assert "forget_expired_tokens" in handlers()
    assert all(isinstance(handler, Handler) for handler in handlers().values())


def test_a_worker_stops_when_asked_and_has_done_the_job_at_hand(database: Database, firm: Firm, clock: Clock) -> None:
    stopped = threading.Event()

    def add_and_stop(books: Books, name: str) -> None:
        stopped.set()
        add(books, name)

    put(database, firm.account, clock, "add", "Alfa")
    put(database, firm.account, clock, "add", "Beta")
    Worker(database, clock, {"add": inside(add_and_stop)}).work_until(stopped.is_set)

    assert len(names_in(database, firm)) == 1
    assert len(jobs_in(database)) == 1


def test_a_worker_goes_on_when_its_connection_was_lost(postgres_url: str, clock: Clock) -> None:
    stopped = threading.Event()

    def add_and_stop(books: Books, name: str) -> None:
        stopped.set()
        add(books, name)

    with contextlib.closing(open_database(postgres_url)) as database:
        firm = open_firm(database, clock)
        put(database, firm.account, clock, "add", "Alfa")
        with psycopg.connect(make_url(postgres_url).set(drivername="postgresql").render_as_string()) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        Worker(database, clock, {"add": inside(add_and_stop)}).work_until(stopped.is_set)

    with contextlib.closing(open_database(postgres_url)) as database:
        assert names_in(database, firm) == ["Alfa"]
