"""Registries asked by the house: kept answers, limits of a day, and who fails is left alone."""

import contextlib
import datetime as dt
import logging
import threading
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.registries.answers import KEPT_FOR, RegistryAnswer, forget_old_answers
from faktura.core.registries.days import RegistryDay
from faktura.core.registries.facts import Facts, Heard, RegistryName, State
from faktura.outside.http import Client, Unanswered
from faktura.outside.registries.adapter import PRAGUE, AtRest, Spent
from faktura.outside.registries.asking import LONGEST_ANSWER, Registries
from faktura.outside.registries.breaker import FIRST_REST, IN_A_ROW, LONGEST_REST, Breaker
from faktura.outside.registries.firms import firms_in
from faktura.outside.registries.known import adapters
from faktura.sandbox.outside.registries import SESSION, Doubles, Standing
from faktura.store.database import Database
from faktura.store.every import count
from faktura.store.statements import Query
from faktura.store.transaction import columns_of
from tests.registry_double import SOURCES, AskingDoubles

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


class Register:
    """Answers as it is told to, and counts."""

    name: RegistryName = "ares"
    title = "ARES"
    zone = PRAGUE
    most = 3
    at_once = 2
    pause: float = 0

    def __init__(self, day_limit: int = 1000) -> None:
        self.day_limit = day_limit
        self.calls: list[list[str]] = []
        self.fault: Exception | None = None
        self.state: State = "found"
        self.said: dict[str, object] = {"name": "Karel"}
        self.under_way = self.most_under_way = 0

    def ask(self, _client: Client, questions: Sequence[str], _now: dt.datetime) -> Mapping[str, Heard]:
        self.calls.append(list(questions))
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        time.sleep(0.001)
        self.under_way -= 1
        if self.fault is not None:
            raise self.fault
        return {question: Heard(self.state, dict(self.said), "proof") for question in questions if question != "silent"}

    def fresh_until(self, _state: State, now: dt.datetime) -> dt.datetime:
        return now + HOUR


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(NOON)
    return clock


@pytest.fixture
def register() -> Register:
    return Register()


@pytest.fixture
def registries(database: Database, clock: Clock, register: Register) -> Registries:
    return Registries(database, clock, adapters=[register])


def today(database: Database) -> RegistryDay:
    day = NOON.date()
    return database.read(lambda tx: Office(tx, NOON).find(RegistryDay, registry="ares", day=day))


def test_what_is_fresh_is_not_asked_again(registries: Registries, register: Register, clock: Clock) -> None:
    first = registries.ask("ares", "1")
    clock.stand_at(NOON + HOUR / 2)
    assert registries.ask("ares", "1") == first
    assert (first.state, first.said, first.proof, first.asked_at) == ("found", {"name": "Karel"}, "proof", NOON)
    clock.stand_at(NOON + HOUR)
    assert registries.ask("ares", "1").asked_at == NOON + HOUR
    assert register.calls == [["1"], ["1"]]


def test_a_clock_that_went_back_has_no_answers_of_later(
    registries: Registries, register: Register, clock: Clock
) -> None:
    registries.ask("ares", "1")
    clock.stand_at(NOON - HOUR)
    registries.ask("ares", "1")
    assert len(register.calls) == 2


def test_only_what_is_not_known_is_asked_for_and_as_much_in_one_call_as_goes(
    registries: Registries, register: Register
) -> None:
    registries.ask("ares", "2")
    answers = registries.ask_all("ares", ["1", "2", "3", "4", "5", "1", "silent"])
    assert sorted(answers) == ["1", "2", "3", "4", "5"]
    assert register.calls == [["2"], ["1", "3", "4"], ["5", "silent"]]
    with pytest.raises(Unanswered):
        registries.ask("ares", "silent")


def test_a_registry_that_is_off_is_not_asked(registries: Registries) -> None:
    assert not registries.has("vies")
    with pytest.raises(Unanswered, match="vies is off"):
        registries.ask("vies", "1")


def test_the_calls_of_a_day_are_never_more_than_are_allowed(
    database: Database, clock: Clock, register: Register
) -> None:
    register.day_limit, register.at_once = 20, 50
    registries = [Registries(database, clock, adapters=[register]) for _ in range(2)]
    refused = []

    def ask(n: int) -> None:
        try:
            registries[n % 2].ask("ares", f"{n}", waits=True)
        except Unanswered as error:
            refused.append(str(error))

    with ThreadPoolExecutor(50) as askers:
        list(askers.map(ask, range(50)))

    assert len(register.calls) == 20
    assert len(refused) == 30
    assert all("allowed" in why for why in refused)
    day = today(database)
    assert (day.calls, day.day) == (20, dt.date(2026, 11, 21))


def test_a_tenth_of_a_day_is_left_to_people(database: Database, clock: Clock, register: Register) -> None:
    register.day_limit = 10
    registries = Registries(database, clock, adapters=[register])
    for n in range(9):
        registries.ask("ares", f"{n}")
    with pytest.raises(Unanswered, match="allowed"):
        registries.ask("ares", "9")
    registries.ask("ares", "9", waits=True)
    with pytest.raises(Unanswered, match="allowed"):
        registries.ask("ares", "10", waits=True)
    clock.stand_at(NOON + 12 * HOUR)
    registries.ask("ares", "10")


def test_a_registry_that_answers_no_more_today_is_asked_tomorrow(
    registries: Registries, register: Register, clock: Clock
) -> None:
    register.fault = Spent("no more")
    with pytest.raises(Spent):
        registries.ask("ares", "1")
    register.fault = None
    with pytest.raises(Unanswered, match="allowed"):
        registries.ask("ares", "1", waits=True)
    clock.stand_at(NOON + 12 * HOUR)
    assert registries.ask("ares", "1").state == "found"


def fail(registries: Registries, times: int = IN_A_ROW) -> None:
    for n in range(times):
        with pytest.raises(Unanswered):
            registries.ask("ares", f"failing {n}")


def test_who_fails_five_times_is_left_alone_and_comes_back(
    registries: Registries, register: Register, clock: Clock, database: Database
) -> None:
    register.fault = Unanswered("nobody")
    fail(registries)
    assert len(register.calls) == IN_A_ROW
    with pytest.raises(Unanswered, match="left alone"):
        registries.ask("ares", "1")
    assert len(register.calls) == IN_A_ROW
    day = today(database)
    assert (day.failed, day.rests_until) == (IN_A_ROW, NOON + FIRST_REST)
    clock.stand_at(NOON + FIRST_REST)
    register.fault = None
    assert registries.ask("ares", "1").state == "found"
    assert registries.ask("ares", "2").state == "found"


def test_a_failure_is_never_kept_as_an_answer_and_a_break_is_no_failure(
    registries: Registries, register: Register, database: Database
) -> None:
    for fault in (Unanswered("x"), ValueError("x"), AtRest("midnight", HOUR)):
        register.fault = fault
        with pytest.raises(Unanswered):
            registries.ask("ares", "1")
    register.fault, register.said = None, {"name": "x" * LONGEST_ANSWER}
    with pytest.raises(Unanswered):
        registries.ask("ares", "1")
    assert database.read(lambda tx: count(tx, RegistryAnswer)) == 0
    register.fault = AtRest("midnight", HOUR)
    for _ in range(IN_A_ROW + 1):
        with pytest.raises(AtRest):
            registries.ask("ares", "1")


def test_the_rest_of_who_goes_on_failing_doubles_up_to_half_an_hour() -> None:
    breaker, now = Breaker(), NOON
    for _ in range(IN_A_ROW - 1):
        assert breaker.failed(now) is None
    rests = []
    until = breaker.failed(now)
    for _ in range(7):
        assert until is not None
        rests.append(until - now)
        now = until
        assert breaker.lets_through(now)
        assert not breaker.lets_through(now), "one shows whether it is back"
        until = breaker.failed(now)
    assert rests[:3] == [FIRST_REST, FIRST_REST * 2, FIRST_REST * 4]
    assert max(rests) == LONGEST_REST


def test_who_fails_every_other_time_is_left_alone_after_twenty() -> None:
    breaker = Breaker()
    for n in range(19):
        breaker.succeeded() if n % 2 else breaker.failed(NOON)
    assert breaker.lets_through(NOON)
    breaker.failed(NOON)
    assert not breaker.lets_through(NOON)


def test_no_more_ask_together_than_the_registry_allows(database: Database, clock: Clock, register: Register) -> None:
    registries = Registries(database, clock, adapters=[register])
    with ThreadPoolExecutor(16) as askers:
        list(askers.map(lambda n: registries.ask("ares", f"{n}"), range(16)))
    assert register.most_under_way <= register.at_once


def test_jobs_ask_at_the_pace_that_is_allowed_and_who_waits_is_not_held_up(
    database: Database, clock: Clock, register: Register
) -> None:
    register.pause = 0.2
    registries = Registries(database, clock, adapters=[register])
    began = time.monotonic()
    for n in range(3):
        registries.ask("ares", f"{n}")
    assert time.monotonic() - began >= 2 * register.pause
    registries.ask("ares", "waits", waits=True)
    register.pause = 3600
    registries.ask("ares", "3")
    registries.ask("ares", "waits, too", waits=True)
    assert len(register.calls) == 6


def test_the_same_question_of_many_is_kept_once(database: Database, clock: Clock, register: Register) -> None:
    registries = Registries(database, clock, adapters=[register])
    started = threading.Barrier(8)

    def ask(_n: int) -> None:
        started.wait()
        registries.ask("ares", "1")

    with ThreadPoolExecutor(8) as askers:
        list(askers.map(ask, range(8)))
    assert database.read(lambda tx: count(tx, RegistryAnswer)) == 1


def test_answers_are_forgotten_after_a_month(registries: Registries, database: Database) -> None:
    registries.ask("ares", "1")
    later = NOON + KEPT_FOR
    assert not database.write(lambda tx: forget_old_answers(Office(tx, later)))
    assert database.read(lambda tx: count(tx, RegistryAnswer)) == 1
    database.write(lambda tx: forget_old_answers(Office(tx, later + HOUR)))
    assert database.read(lambda tx: count(tx, RegistryAnswer)) == 0


@pytest.mark.parametrize("state", ["ok", "refuse", "down"])
def test_the_key_of_an_operator_is_in_no_log_record_or_message(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture, state: Any
) -> None:
    doubles, key = Doubles(clock), "abcde12345abcde12345"
    doubles.world["gus"] = Standing(state=state)
    registries = Registries(database, clock, AskingDoubles(doubles=doubles), adapters(SOURCES, key))
    caplog.set_level(logging.DEBUG)
    look_ups = firms_in(registries, 30)
    said: list[object] = [look_ups.look_up("PL", "PL5213017056", NOON) for _ in range(IN_A_ROW)]
    with contextlib.suppress(Unanswered):
        registries.ask("gus", "5213017085")
    kept = database.read(lambda tx: [tx.records(cls, query) for cls, query in OF_REGISTRIES.items()])
    assert kept[0]
    shown = repr([*said, kept, caplog.text, [record.__dict__ for record in caplog.records]])
    assert key not in shown
    assert SESSION not in shown


OF_REGISTRIES: dict[type[Any], Query] = {
    cls: Query(sa.select(*columns_of(cls))) for cls in (RegistryDay, RegistryAnswer)
}


def test_what_is_kept_is_looked_up_in_two_milliseconds(database: Database, clock: Clock) -> None:
    registries = Registries(database, clock, AskingDoubles(doubles=Doubles(clock)), adapters(SOURCES, SESSION))
    look_ups = firms_in(registries, 30)
    assert isinstance(look_ups.look_up("CZ", "17985765", NOON), Facts)
    began = time.process_time()
    for _ in range(100):
        look_ups.look_up("CZ", "17985765", NOON)
    assert time.process_time() - began < 100 * 0.002


def test_a_form_shows_when_a_kept_answer_was_given(registries: Registries, register: Register, clock: Clock) -> None:
    look_ups = firms_in(registries, 30)
    assert look_ups.sources == {"ARES": "CZ"}
    look_ups.look_up("CZ", "12345679", NOON)
    clock.stand_at(NOON + HOUR / 2)
    facts = look_ups.look_up("CZ", "12345679", clock.now())
    assert isinstance(facts, Facts)
    assert (facts.name, facts.source, facts.asked_at) == ("Karel", "ARES", NOON)
    assert len(register.calls) == 1
    register.state = "not_found"
    assert look_ups.look_up("CZ", "00000019", NOON) == "not_there"
    register.fault = Unanswered("nobody")
    assert look_ups.look_up("CZ", "27074358", NOON) == "not_reachable"
