"""Certificates that KSeF gives: asked for, fetched, renewed before the last ends; and how often it may be called."""

import datetime as dt

import pytest

from faktura.core.books.office import Office
from faktura.core.ksef.certificates import serial_of
from faktura.core.ksef.connection import secret_of
from faktura.core.ksef.enrolment import SOON, order_certificate
from faktura.core.ksef.pace import Limit, limit_of
from faktura.core.todos import Todo
from faktura.jobs.tend_ksef_due import do as look_after_all
from faktura.outside.ksef.tests.conftest import HOUR, KEY, TAX_NO, Connected
from faktura.sandbox.outside.ksef.standing import Standing

MONTHS = 40 * 24 * HOUR


def open_todos(firm: Connected) -> list[str]:
    return [todo.name for todo in firm.do(lambda books: books.all(Todo)) if todo.done_at is None]


def tend(firm: Connected) -> None:
    """What every night brings."""
    firm.database.write(lambda tx: look_after_all(Office(tx, firm.clock.now())))
    firm.work()


def test_ksef_gives_a_certificate_by_which_the_account_signs_in_from_then_on(firm: Connected) -> None:
    firm.connect_by_certificate()
    firm.work()
    before = firm.connection()
    firm.do(order_certificate, "Authentication")
    firm.work()

    after = firm.connection()
    assert serial_of(after.certificate or "") != serial_of(before.certificate or "")
    assert secret_of(after, "private_key", KEY) != secret_of(before, "private_key", KEY)
    assert (after.active, after.enrolment_for, after.enrolment_key) == (True, None, None)
    firm.as_another_process()
    firm.ask()


def test_a_certificate_that_takes_its_time_is_fetched_when_it_is_there(firm: Connected) -> None:
    firm.connect_by_certificate()
    firm.work()
    firm.double.standing = Standing(status_after_s=60)
    firm.do(order_certificate, "Offline")
    firm.work()
    assert firm.connection().offline_certificate is None
    assert firm.connection().enrolment_ref

    firm.pass_time(HOUR / 30)
    firm.work()
    found = firm.connection()
    assert found.offline_certificate
    assert (secret_of(found, "offline_key", KEY) or "").startswith("-----BEGIN PRIVATE KEY")
    assert found.offline_until is not None
    assert found.enrolment_ref is None


def test_by_a_token_no_certificate_is_given_and_it_is_said_why(firm: Connected) -> None:
    firm.connect_by_token()
    firm.work()
    firm.do(order_certificate, "Authentication")
    firm.work()

    found = firm.connection()
    assert (found.active, found.method) == (True, "token")
    assert (found.enrolment_error or "").startswith("25001")


def test_what_ends_within_a_month_is_renewed_in_time(firm: Connected) -> None:
    pair = firm.double.certificate(TAX_NO, days=60)
    firm.connect(certificate=pair[0], private_key=pair[1])
    firm.work()
    tend(firm)
    first = firm.connection().certificate
    assert first == pair[0]

    firm.pass_time(MONTHS)
    tend(firm)
    found = firm.connection()
    assert found.certificate != first
    assert found.certificate_until is not None
    assert found.certificate_until > firm.clock.now() + SOON
    assert open_todos(firm) == []


def test_whoever_signs_in_by_a_token_is_told_of_its_last_days(firm: Connected) -> None:
    firm.clock.stand_at(dt.datetime(2026, 11, 30, tzinfo=dt.UTC))
    firm.connect_by_token()
    firm.work()
    tend(firm)
    assert open_todos(firm) == []

    firm.pass_time(3 * 24 * HOUR)
    tend(firm)
    assert open_todos(firm) == ["ksef_certificate_ends"]

    firm.connect_by_certificate()
    firm.work()
    tend(firm)
    assert open_todos(firm) == []


def test_limits_that_ksef_lowers_are_kept(firm: Connected) -> None:
    firm.connect_by_certificate()
    firm.work()
    tend(firm)

    kept = firm.connection().limits
    assert {limit.sort for limit in kept} >= {"send", "session", "status", "metadata", "other"}
    assert limit_of("send", (*kept, Limit("send", 1, 2, 3))) == Limit("send", 1, 2, 3)
    assert limit_of("send", (Limit("send", 1000, 1000, 1000),)) == limit_of("send")


@pytest.mark.parametrize("purpose", ["Authentication", "Offline"])
def test_an_answer_that_was_lost_costs_no_key(firm: Connected, purpose: str) -> None:
    firm.connect_by_certificate()
    firm.work()
    firm.ask()
    firm.double.standing = Standing(lose_answers=2)
    firm.do(order_certificate, purpose)
    for _ in range(4):
        firm.work()
        firm.pass_time(HOUR)

    found = firm.connection()
    pem = found.offline_certificate if purpose == "Offline" else found.certificate
    assert pem
    assert found.enrolment_for is None


def test_where_ksef_is_away_for_days_it_is_asked_again_by_the_next_night(firm: Connected) -> None:
    firm.connect_by_certificate()
    firm.work()
    firm.do(order_certificate, "Authentication")
    firm.double.standing = Standing(state="down")
    for _ in range(40):
        firm.work()
        firm.pass_time(HOUR)
    found = firm.connection()
    assert (found.active, found.enrolment_for) == (True, None)
    assert "KSeF does not answer" in (found.enrolment_error or "")

    firm.double.standing = Standing()
    firm.do(order_certificate, "Authentication")
    firm.work()
    assert firm.connection().enrolment_error is None
    assert firm.connection().certificate != found.certificate
