"""The brake on guessing passwords, and sessions."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import TypeVar

import pytest
import sqlalchemy as sa

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.sign_in import (
    ADDRESS,
    USER,
    Counted,
    Locked,
    Session,
    SignInFailures,
    admit,
    begin_attempt,
    forget_old_sign_ins,
    sign_out,
    signed_in,
)
from faktura.core.people.users import User, change_password
from faktura.store.database import Database, open_database
from faktura.store.statements import Query
from faktura.store.transaction import columns_of
from tests.firm import Firm, open_firm

T = TypeVar("T")

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


class Door:
    """Tries to sign in at a time of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = Clock()
        self.clock.stand_at(NOON)

    def write(self, work: Callable[[Office], T]) -> T:
        return self.database.write(lambda tx: work(Office(tx, self.clock.now())))

    def wait(self, time: dt.timedelta) -> None:
        self.clock.stand_at(self.clock.now() + time)

    def attempt(
        self, email: str = "jan@example.com", address: str = "192.0.2.1", browser: str | None = None
    ) -> list[Counted]:
        return self.write(lambda office: begin_attempt(office, email, address, browser))

    def fail(self, times: int, email: str = "jan@example.com", address: str = "192.0.2.1") -> None:
        for _ in range(times):
            self.attempt(email, address)

    def locked_for(self, email: str = "jan@example.com", address: str = "192.0.2.1", browser: str | None = None) -> int:
        """Seconds to wait; 0 where an attempt, which then counts as failed, is let through."""
        try:
            self.attempt(email, address, browser)
        except Locked as locked:
            return locked.seconds
        return 0

    def succeed(self, firm: Firm, attempt: list[Counted]) -> str:
        return self.write(lambda office: admit(office, firm.user, attempt))


@pytest.fixture
def door(database: Database) -> Door:
    return Door(database)


@pytest.fixture
def firm(database: Database, door: Door) -> Firm:
    return open_firm(database, door.clock)


def test_the_fifth_failure_of_a_user_locks_for_a_minute(door: Door) -> None:
    door.fail(5)

    assert door.locked_for() == 60
    door.wait(MINUTE / 2)
    assert door.locked_for() == 30
    door.wait(MINUTE / 2)
    assert door.locked_for() == 0


def test_the_lock_grows_to_an_hour_with_every_failure_after_it(door: Door) -> None:
    door.fail(4)
    waits = []
    for _ in range(9):
        door.fail(1)
        waits.append(door.locked_for())
        door.wait(dt.timedelta(seconds=waits[-1]))

    assert waits == [60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]


def test_what_is_refused_during_a_lock_makes_it_no_longer(door: Door) -> None:
    door.fail(5)
    for _ in range(10):
        assert door.locked_for() == 60
    door.wait(MINUTE)
    door.fail(1)

    assert door.locked_for() == 120


def test_a_user_is_locked_however_the_address_is_written(door: Door) -> None:
    for email in ("jan@example.com", "JAN@example.com", " jan@Example.com ", "Jan@example.com", "jan@example.com"):
        door.attempt(email)

    assert door.locked_for("jan@EXAMPLE.com") == 60
    assert door.locked_for("eva@example.com") == 0


def test_nobody_is_locked_out_by_guesses_from_elsewhere(door: Door) -> None:
    for n in range(100):
        door.attempt("jan@example.com", f"192.0.2.{n}")

    assert door.locked_for("jan@example.com", "203.0.113.9") == 0


def test_a_known_browser_is_let_through_whatever_others_do_from_the_same_address(door: Door) -> None:
    door.fail(5)
    for n in range(25):
        door.attempt(f"user{n}@example.com")
    assert door.locked_for("eva@example.com") == door.locked_for("jan@example.com") == 60

    assert door.locked_for("jan@example.com", browser="b1") == 0


def test_guesses_from_a_known_browser_are_braked_by_themselves(door: Door) -> None:
    for _ in range(5):
        door.attempt("jan@example.com", browser="b1")

    assert door.locked_for("jan@example.com", "203.0.113.9", browser="b1") == 60
    assert door.locked_for("jan@example.com", browser="b2") == 0
    assert door.locked_for("jan@example.com") == 0


def test_an_address_is_locked_whomever_it_tries(door: Door) -> None:
    for n in range(30):
        door.attempt(f"user{n}@example.com", "192.0.2.1")

    assert door.locked_for("somebody@example.com", "192.0.2.1") == 60
    assert door.locked_for("somebody@example.com", "192.0.2.2") == 0


def test_the_addresses_of_one_ipv6_network_count_as_one(door: Door) -> None:
    for n in range(30):
        door.attempt(f"user{n}@example.com", f"2001:db8:1:2:{n:x}::1")

    assert door.locked_for("a@example.com", "2001:db8:1:2:ffff::1") == 60
    assert door.locked_for("b@example.com", "2001:db8:1:3::1") == 0


def test_an_ipv4_address_in_ipv6_clothes_is_the_same_address(door: Door) -> None:
    for n in range(30):
        door.attempt(f"user{n}@example.com", "::ffff:192.0.2.1" if n % 2 else "192.0.2.1")

    assert door.locked_for("a@example.com", "192.0.2.1") == 60
    assert door.locked_for("b@example.com", "::ffff:192.0.2.2") == 0


def test_where_the_server_knows_no_address_all_count_as_one(door: Door) -> None:
    for n in range(30):
        door.attempt(f"user{n}@example.com", "unix:")

    assert door.locked_for("a@example.com", "unix:") == 60


def test_failures_are_forgotten_when_it_has_been_quiet(door: Door) -> None:
    door.fail(4)
    door.wait(USER.quiet)
    door.fail(4)

    assert door.locked_for() == 0
    assert door.locked_for() == 60
    door.wait(MINUTE + USER.quiet)
    door.fail(4)
    assert door.locked_for() == 0


def test_a_right_password_makes_the_failures_of_the_user_forgotten(door: Door, firm: Firm) -> None:
    door.fail(4, firm.user.email)
    door.succeed(firm, door.attempt(firm.user.email))

    door.fail(4, firm.user.email)
    assert door.locked_for(firm.user.email) == 0


def test_signing_in_as_oneself_does_not_buy_more_guesses_at_others(door: Door, firm: Firm) -> None:
    for n in range(29):
        door.attempt(f"user{n}@example.com")
        door.succeed(firm, door.attempt(firm.user.email))
    door.attempt("user29@example.com")

    assert door.locked_for("user30@example.com") == 60


def test_signing_in_as_oneself_opens_no_lock_that_a_guess_meanwhile_closed(door: Door, firm: Firm) -> None:
    for n in range(28):
        door.attempt(f"user{n}@example.com")
    own = door.attempt(firm.user.email)
    door.attempt("user28@example.com")
    door.succeed(firm, own)

    assert door.locked_for("user29@example.com") == 60


def test_signing_in_at_the_edge_locks_nobody(door: Door, firm: Firm) -> None:
    for n in range(29):
        door.attempt(f"user{n}@example.com")
    for _ in range(3):
        door.succeed(firm, door.attempt(firm.user.email))

    assert door.locked_for("user29@example.com") == 0


def test_guesses_made_at_once_are_counted_like_guesses_one_by_one(door: Door) -> None:
    let_through: list[int] = []

    def guess() -> None:
        let_through.append(door.locked_for())

    threads = [threading.Thread(target=guess) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(let_through) == [0] * 5 + [60] * 11


def test_processes_count_together(door: Door, database_url: str) -> None:
    another = Door(open_database(database_url))
    try:
        door.fail(3)
        another.fail(2)
        assert (door.locked_for(), another.locked_for()) == (60, 60)
    finally:
        another.database.close()


def test_a_lock_tells_nothing_about_whether_there_is_such_a_user(door: Door, firm: Firm) -> None:
    door.fail(5, firm.user.email)
    door.fail(5, "nobody@example.com")

    assert door.locked_for(firm.user.email) == door.locked_for("nobody@example.com") == 60


def test_neither_addresses_nor_secrets_are_kept_as_they_are(door: Door, firm: Firm) -> None:
    door.fail(1, "password-typed-into-the-wrong-field", "192.0.2.77")
    secret = door.succeed(firm, door.attempt(firm.user.email, "192.0.2.78"))

    kept = str(door.database.read(lambda tx: [tx.rows(query) for query in _EVERYTHING]))
    assert "None" in kept
    for text in ("password-typed", "192.0.2", secret):
        assert text not in kept


def test_a_session_lasts_a_week(door: Door, firm: Firm) -> None:
    secret = door.succeed(firm, door.attempt(firm.user.email))

    door.wait(dt.timedelta(days=7) - dt.timedelta(seconds=1))
    found = door.write(lambda office: signed_in(office, secret))
    assert found is not None
    assert found.user.id == firm.user.id
    door.wait(dt.timedelta(seconds=1))
    assert door.write(lambda office: signed_in(office, secret)) is None


def test_another_password_ends_every_session_even_one_that_began_meanwhile(door: Door, firm: Firm) -> None:
    before = door.succeed(firm, door.attempt(firm.user.email))
    changed = door.write(lambda office: change_password(office, office.find(User, id=firm.user.id), "another hash"))
    meanwhile = door.succeed(firm, door.attempt(firm.user.email))
    after = door.write(lambda office: admit(office, changed, []))

    opened = [door.write(lambda office, s=s: signed_in(office, s)) for s in (before, meanwhile, after)]  # type: ignore[misc]
    assert [one and one.user for one in opened] == [None, None, changed]


def test_signing_out_ends_one_session_and_can_be_done_twice(door: Door, firm: Firm) -> None:
    first, second = (door.succeed(firm, door.attempt(firm.user.email)) for _ in range(2))

    for _ in range(2):
        door.write(lambda office: sign_out(office, first))
    assert door.write(lambda office: signed_in(office, first)) is None
    assert door.write(lambda office: signed_in(office, second)) is not None


def test_what_counts_no_more_is_forgotten_and_nothing_else(door: Door, firm: Firm) -> None:
    door.succeed(firm, door.attempt(firm.user.email))
    door.fail(5)
    assert door.write(forget_old_sign_ins) == 0

    door.wait(ADDRESS.quiet)
    assert door.write(forget_old_sign_ins) == 1
    assert door.locked_for(address="192.0.2.9") == 0
    door.wait(dt.timedelta(days=8))
    assert door.write(forget_old_sign_ins) == 4


_EVERYTHING = [Query(sa.select(*columns_of(cls))) for cls in (Session, SignInFailures)]
