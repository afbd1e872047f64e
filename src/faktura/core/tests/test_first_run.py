"""Whoever started the server lets themselves in, once; and a person sets another password."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import TypeVar

import pytest

from faktura.core.books.jobs_to_do import HOUSE, Job
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.errors import Invalid, NotAllowed, NotFound
from faktura.core.people.accounts import Account
from faktura.core.people.first_run import expect_somebody, found_firm, is_expected, nobody_is_here, open_house
from faktura.core.people.first_secrets import FirstSecret
from faktura.core.people.invitations import Newcomer
from faktura.core.people.own_password import (
    LIFETIME,
    MOST_AT_ONCE,
    PasswordReset,
    WrongPassword,
    ask_for_reset,
    change_own_password,
    check_old_password,
    forget_expired_resets,
    reset_password,
    secret_to_mail,
    who_resets,
)
from faktura.core.people.sign_in import admit, signed_in
from faktura.core.people.users import User, accounts_of, add_user
from faktura.core.tests.conftest import NOON
from faktura.store.database import Database
from faktura.store.every import every, of_row
from faktura.store.records import Record
from tests.firm import PASSWORD, open_firm

T = TypeVar("T")
R = TypeVar("R", bound=Record)

SECRET = "one-time secret"
JAN = Newcomer("Jan Novák", "hash", "cs")
MAIL = "https://house.example/reset/"


class House:
    """What tests do with a server, each verb in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.clock = Clock()
        self.clock.stand_at(NOON)

    def do(self, work: Callable[[Office], T]) -> T:
        return self.database.write(lambda tx: work(Office(tx, self.clock.now())))

    def all(self, cls: type[R]) -> list[R]:
        rows = self.do(lambda office: [row for rows in every(office.tx, cls) for row in rows])
        return [of_row(cls, row) for row in rows]  # type: ignore[misc]


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


def first(house: House, email: str = "jan@firma.example") -> User:
    house.do(lambda office: expect_somebody(office, SECRET))
    return house.do(lambda office: open_house(office, SECRET, email, JAN))


def test_the_secret_is_announced_by_one_process_and_known_to_all(house: House) -> None:
    assert [house.do(lambda office: expect_somebody(office, SECRET)) for _ in range(3)] == [True, False, False]
    assert house.do(lambda office: is_expected(office, SECRET))
    assert not house.do(lambda office: is_expected(office, "another"))
    assert [found.hash == SECRET for found in house.all(FirstSecret)] == [False]


def test_the_first_person_opens_the_house_and_the_first_account(house: House) -> None:
    jan = first(house, " Jan@Firma.example ")
    assert (jan.email, jan.full_name) == ("jan@firma.example", "Jan Novák")
    assert not house.do(nobody_is_here)
    account = house.do(lambda office: found_firm(office, jan, "firma", "Firma s.r.o.", "PL"))
    assert (account.country, account.currency, account.invoice_language) == ("PL", "PLN", "pl")
    [seat] = house.do(lambda office: accounts_of(office, jan))
    assert (seat.account.id, seat.membership.permission) == (account.id, "owner")
    with pytest.raises(NotAllowed):
        house.do(lambda office: found_firm(office, jan, "druha", "Druhá s.r.o.", "CZ"))


def test_the_secret_opens_nothing_once_anybody_is_there(house: House) -> None:
    house.do(lambda office: expect_somebody(office, SECRET))
    house.do(lambda office: add_user(office, "eva@firma.example", "Eva", "hash"))
    assert not house.do(lambda office: is_expected(office, SECRET))
    with pytest.raises(NotFound):
        house.do(lambda office: open_house(office, SECRET, "jan@firma.example", JAN))
    assert not house.do(lambda office: expect_somebody(office, "another"))
    assert house.do(lambda office: office.look_up(User, email="jan@firma.example")) is None


def test_a_wrong_secret_and_wrong_values_change_nothing(house: House) -> None:
    house.do(lambda office: expect_somebody(office, SECRET))
    with pytest.raises(NotFound):
        house.do(lambda office: open_house(office, "guess", "jan@firma.example", JAN))
    with pytest.raises(Invalid) as refused:
        house.do(lambda office: open_house(office, SECRET, "jan", Newcomer(" ", "hash", "cs")))
    assert refused.value.problems.keys() == {"email", "full_name"}
    assert house.do(nobody_is_here)
    assert house.do(lambda office: is_expected(office, SECRET))


def test_of_many_who_open_the_house_together_one_does(house: House) -> None:
    house.do(lambda office: expect_somebody(office, SECRET))
    in_, out = [], []

    def try_it(number: int) -> None:
        try:
            in_.append(house.do(lambda office: open_house(office, SECRET, f"{number}@firma.example", JAN)))
        except NotFound as refused:
            out.append(refused)

    trying = [threading.Thread(target=try_it, args=(number,)) for number in range(6)]
    for thread in trying:
        thread.start()
    for thread in trying:
        thread.join()
    assert (len(in_), len(out)) == (1, 5)


def test_a_person_who_changes_the_password_stays_signed_in_here_alone(house: House) -> None:
    jan = open_firm(house.database, house.clock).user
    here, elsewhere = (house.do(lambda office: admit(office, jan, [])) for _ in range(2))
    check_old_password(jan, PASSWORD)
    with pytest.raises(WrongPassword):
        check_old_password(jan, "another")

    house.do(lambda office: change_own_password(office, jan, "new hash", here))

    assert house.do(lambda office: signed_in(office, elsewhere)) is None
    found = house.do(lambda office: signed_in(office, here))
    assert found is not None
    assert found.user.password_hash == "new hash"
    with pytest.raises(NotFound):
        house.do(lambda office: change_own_password(office, found.user, "newer", elsewhere))


def asked(house: House, email: str) -> list[int]:
    """The ids of the links that are to be sent."""
    house.do(lambda office: ask_for_reset(office, email, MAIL))
    jobs = house.all(Job)
    assert {(job.account_id, job.name) for job in jobs} <= {(HOUSE, "send_reset")}
    return [int(job.arguments.strip("[").partition(",")[0]) for job in jobs]


def test_whoever_forgot_the_password_sets_another_by_a_link_once(house: House) -> None:
    jan = open_firm(house.database, house.clock).user
    session = house.do(lambda office: admit(office, jan, []))
    [reset_id] = asked(house, "Owner@Applecorp.example")
    user, secret = house.do(lambda office: secret_to_mail(office, reset_id))
    assert user.id == jan.id
    assert house.do(lambda office: who_resets(office, secret)).id == jan.id

    house.do(lambda office: reset_password(office, secret, "new hash"))

    assert house.do(lambda office: office.find(User, id=jan.id)).password_hash == "new hash"
    assert house.do(lambda office: signed_in(office, session)) is None
    with pytest.raises(NotFound):
        house.do(lambda office: reset_password(office, secret, "newer"))


def test_a_stranger_gets_no_link_and_nobody_gets_many(house: House) -> None:
    open_firm(house.database, house.clock)
    assert asked(house, "stranger@nowhere.example") == []
    for _ in range(MOST_AT_ONCE + 2):
        found = asked(house, "owner@applecorp.example")
    assert len(found) == MOST_AT_ONCE


def test_a_link_ends_with_its_hour_and_with_another_one_that_is_used(house: House) -> None:
    open_firm(house.database, house.clock)
    asked(house, "owner@applecorp.example")
    links = [house.do(lambda o, i=i: secret_to_mail(o, i))[1] for i in asked(house, "owner@applecorp.example")]  # type: ignore[misc]
    house.do(lambda office: reset_password(office, links[0], "new hash"))
    with pytest.raises(NotFound):
        house.do(lambda office: who_resets(office, links[1]))

    late_id = asked(house, "owner@applecorp.example")[-1]
    _, late = house.do(lambda office: secret_to_mail(office, late_id))
    house.clock.stand_at(NOON + LIFETIME + dt.timedelta(seconds=1))
    for work in (lambda o: who_resets(o, late), lambda o: secret_to_mail(o, late_id)):
        with pytest.raises(NotFound):
            house.do(work)
    assert house.do(forget_expired_resets) == 1
    assert house.do(lambda office: office.look_up(PasswordReset, id=late_id)) is None


def test_no_account_is_open_before_the_first(house: House) -> None:
    jan = first(house)
    with pytest.raises(Invalid) as refused:
        house.do(lambda office: found_firm(office, jan, "api", "Api s.r.o.", "CZ"))
    assert refused.value.problems.keys() == {"slug"}
    assert house.do(lambda office: office.look_up(Account, slug="api")) is None
