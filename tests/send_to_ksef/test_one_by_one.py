"""Documents go to KSeF once each, whatever it answers, and are known here by their numbers."""

import datetime as dt
from decimal import Decimal

import msgspec
import pytest

from faktura.core.errors import Given, WrongState
from faktura.core.invoices.change import change_invoice
from faktura.core.invoices.correct import correction_of
from faktura.core.invoices.issue import issue_invoice
from faktura.core.ksef.connection import change_connection, note_sign_in
from faktura.core.ksef.pace import PUBLISHED
from faktura.core.ksef.sendings import Wanted, withdraw
from faktura.core.messages import Message
from faktura.core.tests.conftest import Firm
from faktura.outputs.e_invoices.ksef import send
from faktura.sandbox.outside.ksef.double import Double
from faktura.sandbox.outside.ksef.standing import Handed, HandedLine
from faktura.store.database import Database
from faktura.store.records import changed
from tests.ksef_firm import (
    MONDAY,
    TAX_NO,
    Queue,
    connected_to,
    last,
    polish_firm,
    require_once,
    sent,
    sold,
    stand,
    todos,
)

DAY = dt.timedelta(days=1)


def test_a_document_gets_its_number_and_its_receipt(firm: Firm, double: Double, queue: Queue) -> None:
    invoice = sent(firm)

    queue.until_quiet()

    require_once(double, firm, invoice)
    shown, sending = firm.again(invoice), last(firm, invoice)
    assert shown.ksef is not None
    assert (shown.ksef.state, sending.state, sending.code) == ("accepted", "accepted", 200)
    assert shown.ksef_number is not None
    assert shown.ksef_number.encode() in (sending.upo or b"")
    assert queue.jobs() == []
    with pytest.raises(WrongState):
        firm.do(change_invoice, invoice.id, Given({"note": "Jinak"}))


def test_a_number_is_there_within_a_minute(firm: Firm, double: Double, queue: Queue) -> None:
    stand(double, status_after_s=30)
    invoice = sent(firm)

    while firm.again(invoice).ksef_number is None:
        queue.step()

    finished_at = last(firm, invoice).finished_at
    assert finished_at is not None
    assert finished_at - MONDAY < dt.timedelta(minutes=1)


def test_one_session_takes_what_comes_within_ten_minutes_and_is_closed(
    firm: Firm, double: Double, queue: Queue
) -> None:
    for _ in range(3):
        sent(firm)
        queue.work()
        firm.clock.stand_at(firm.clock.now() + dt.timedelta(minutes=1))
    assert (double.counts["onlineSession"], double.counts["onlineSessionClose"]) == (1, 0)

    queue.until_quiet()

    assert (double.counts["onlineSession"], double.counts["onlineSessionClose"]) == (1, 1)
    assert firm.clock.now() - MONDAY <= dt.timedelta(minutes=11)


def test_what_left_without_an_answer_is_found_by_its_bytes(firm: Firm, double: Double, queue: Queue) -> None:
    stand(double, drop_after_post=1)
    invoices = [sent(firm), sent(firm)]

    queue.until_quiet()

    require_once(double, firm, *invoices)
    assert double.counts["invoiceSend"] == 2
    assert last(firm, invoices[0]).failures == 0


def test_whatever_answer_is_lost_nothing_is_sent_twice(firm: Firm, double: Double, queue: Queue) -> None:
    """One call after the other goes unanswered: signing in, opening, sending, looking, fetching the receipt."""
    invoices = []
    for skipped in range(8):
        invoices.append(sent(firm))
        for _ in range(skipped):
            queue.step()
        stand(double, lose_answers=1)
        queue.until_quiet()

    require_once(double, firm, *invoices)


def test_what_did_not_arrive_leaves_again_from_a_session_that_takes_nothing_more(
    firm: Firm, double: Double, queue: Queue
) -> None:
    invoice = sent(firm)
    queue.while_sending(lambda: stand(double, state="down"))
    stand(double, state="ok")
    assert last(firm, invoice).state == "sending"

    queue.until_quiet()

    require_once(double, firm, invoice)
    assert (double.counts["onlineSession"], double.counts["invoiceSend"]) == (2, 1)


def test_a_duplicate_that_is_the_same_bytes_is_the_document_itself(firm: Firm, double: Double, queue: Queue) -> None:
    """It arrived in a session that nobody remembers."""
    stand(double, drop_after_post=1)
    invoice = sent(firm)
    queue.work()
    lost = last(firm, invoice)
    firm.do(lambda books: books.change(lost, changed(lost, session_ref="20261123-SO-0000000000-0000000000-00")))

    queue.until_quiet()

    require_once(double, firm, invoice)
    assert (double.counts["invoiceSend"], last(firm, invoice).code) == (2, 440)
    assert last(firm, invoice).upo is not None


def test_a_duplicate_of_other_bytes_is_refused_with_its_number(firm: Firm, double: Double, queue: Queue) -> None:
    [number] = double.hand_in(
        Handed(
            "1/2026", "1111111111", TAX_NO, "Firma Testowa sp. z o.o.", lines=(HandedLine("Inna", price=Decimal(7)),)
        )
    )
    invoice = sent(firm, number="1/2026")

    queue.until_quiet()

    sending = last(firm, invoice)
    assert (sending.state, sending.code, sending.details[0]) == ("rejected", 440, number)
    assert firm.again(invoice).ksef_number is None
    assert todos(firm) == ["ksef_refused"]


def test_what_is_refused_is_put_right_and_arrives(firm: Firm, double: Double, queue: Queue) -> None:
    stand(double, fail_next=(450,))
    invoice = sent(firm)
    queue.until_quiet()
    assert (last(firm, invoice).state, todos(firm)) == ("rejected", ["ksef_refused"])

    firm.do(change_invoice, invoice.id, Given({"note": "Poprawiona"}))
    firm.do(lambda books: send(books, invoice.id))
    queue.until_quiet()

    require_once(double, firm, invoice)
    assert todos(firm) == []


@pytest.mark.parametrize("code", [405, 435, 500, 550])
def test_what_ksef_itself_fails_over_leaves_again(firm: Firm, double: Double, queue: Queue, code: int) -> None:
    stand(double, fail_next=(code, code))
    invoice = sent(firm)

    queue.until_quiet()

    require_once(double, firm, invoice)
    assert (double.counts["invoiceSend"], last(firm, invoice).failures) == (3, 2)


@pytest.mark.parametrize("code", [410, 415])
def test_without_the_right_all_waits_until_somebody_connects_again(
    firm: Firm, double: Double, queue: Queue, code: int
) -> None:
    stand(double, fail_next=(code,))
    first, second = sent(firm), sent(firm)
    queue.until_quiet()
    assert (last(firm, first).state, todos(firm)) == ("waiting", ["ksef_disconnected"])
    took = double.counts["invoiceSend"]

    firm.do(note_sign_in, None)
    queue.due()
    queue.until_quiet()

    assert {firm.again(one).ksef_number for one in (first, second)} == {one.ksef_number for one in double.invoices}
    assert double.counts["invoiceSend"] == took + 1 + (last(firm, second).session_ref is None)


def test_who_is_told_to_wait_waits_longer_each_time(firm: Firm, double: Double, queue: Queue) -> None:
    stand(double, refuse_next=(429, 429, 429))
    invoice = sent(firm)
    queue.until_quiet()

    require_once(double, firm, invoice)
    assert not double.early_calls
    assert firm.clock.now() - MONDAY >= dt.timedelta(seconds=30 + 60 + 120)


def test_what_ksef_wants_of_a_firm_holds_for_all_its_accounts(
    firm: Firm, double: Double, queue: Queue, database: Database
) -> None:
    other = polish_firm(database, firm.clock, "druga")
    connected_to(double, other)
    with Queue(other) as others:
        others.work()
        stand(double, refuse_next=(429,))
        sent(firm)
        queue.work()
        calls = sum(double.counts.values())

        theirs = sent(other)
        others.work()

        assert (last(other, theirs).state, sum(double.counts.values())) == ("waiting", calls)
    assert not double.early_calls


def test_an_outage_of_hours_loses_nothing(firm: Firm, double: Double, queue: Queue) -> None:
    stand(double, state="down")
    invoices = [sent(firm) for _ in range(3)]
    queue.until(MONDAY + dt.timedelta(hours=20))
    assert {last(firm, one).state for one in invoices} == {"waiting"}
    stand(double, state="ok")

    queue.until_quiet()

    require_once(double, firm, *invoices)
    assert firm.clock.now() - MONDAY < dt.timedelta(hours=22)


def test_after_a_day_of_outage_a_person_has_it_sent_again(firm: Firm, double: Double, queue: Queue) -> None:
    stand(double, drop_after_post=1)
    lost = sent(firm)
    queue.work()
    stand(double, state="down")
    waiting = sent(firm)
    queue.until(MONDAY + 2 * DAY)
    assert {last(firm, one).state for one in (lost, waiting)} == {"failed"}
    assert todos(firm) == ["ksef_failed", "ksef_failed"]

    stand(double, state="ok")
    for invoice in (lost, waiting):
        firm.do(lambda books, found=invoice: send(books, found.id))
    queue.until_quiet()

    require_once(double, firm, lost, waiting)
    assert todos(firm) == []


def test_a_correction_waits_for_its_original_and_names_it_by_its_number(
    firm: Firm, double: Double, queue: Queue
) -> None:
    stand(double, status_after_s=300)
    invoice = sent(firm)
    chosen = Given({"quantities": {invoice.lines[0].id: 1}, "reason": "Zwrot"})
    correction = firm.do(lambda books: issue_invoice(books, correction_of(books, invoice.id, chosen)))
    firm.do(lambda books: send(books, correction.id))
    queue.step()
    queue.step()
    assert (last(firm, invoice).state, last(firm, correction).state) == ("sent", "waiting")

    queue.until_quiet()

    require_once(double, firm, invoice, correction)
    number = firm.again(invoice).ksef_number or ""
    assert f"<NrKSeFFaKorygowanej>{number}</NrKSeFFaKorygowanej>".encode() in double.invoices[1].xml
    shown = firm.again(correction).ksef
    assert shown is not None
    assert shown.link.endswith(last(firm, correction).digest.translate(str.maketrans("+/", "-_")).rstrip("="))


def test_a_correction_that_can_no_longer_be_built_is_refused_and_stops_nothing(
    firm: Firm, double: Double, queue: Queue
) -> None:
    """It was queued by rules of an older version."""
    invoice = sent(firm)
    chosen = Given({"quantities": {invoice.lines[0].id: 1}, "reason": "Zwrot"})
    correction = firm.do(lambda books: issue_invoice(books, correction_of(books, invoice.id, chosen)))
    firm.do(lambda books: send(books, correction.id))
    longer = [msgspec.structs.replace(line, name="x" * 600) for line in correction.lines]
    queued = firm.again(correction)
    firm.do(lambda books: books.change(queued, changed(queued, lines=longer)))
    behind = sent(firm)

    queue.until_quiet()

    require_once(double, firm, invoice, behind)
    refused = last(firm, correction)
    assert (refused.state, refused.sent_at, refused.text) == ("rejected", None, "")
    assert todos(firm) == ["ksef_refused"]


def test_what_is_taken_back_in_time_never_leaves(firm: Firm, double: Double, queue: Queue) -> None:
    firm.do(change_connection, Given({"send_delay": 600}))
    invoice = sent(firm)
    queue.until(MONDAY + dt.timedelta(minutes=5))

    firm.do(withdraw, invoice.id)
    queue.until_quiet()

    assert double.counts["invoiceSend"] == 0
    assert firm.again(invoice).ksef is None


def test_a_letter_goes_out_once_its_document_has_its_number(firm: Firm, double: Double, queue: Queue) -> None:
    invoice = firm.issue(sold(), issued_on=MONDAY.date())
    wanted = Wanted("original", recipient="klient@example.pl", language="pl", content="Faktura w załączniku")
    firm.do(lambda books: send(books, invoice.id, letter=wanted))
    assert firm.do(lambda books: books.all(Message)) == []

    queue.until_quiet()

    require_once(double, firm, invoice)
    [message] = firm.do(lambda books: books.all(Message))
    assert (message.recipient, message.body, message.print_as) == (
        "klient@example.pl",
        "Faktura w załączniku",
        "original",
    )


def test_a_clock_that_jumps_loses_nothing(firm: Firm, double: Double, queue: Queue) -> None:
    stand(double, status_after_s=60)
    invoice = sent(firm)
    queue.work()
    stand(double, status_after_s=0)
    for jump in (dt.timedelta(hours=-3), dt.timedelta(days=9), dt.timedelta(days=-1)):
        firm.clock.stand_at(firm.clock.now() + jump)
        queue.work()

    queue.until_quiet()

    require_once(double, firm, invoice)


def test_nothing_is_lost_when_a_session_ends_meanwhile(firm: Firm, double: Double, queue: Queue) -> None:
    first = sent(firm)
    queue.work()
    firm.clock.stand_at(firm.clock.now() + dt.timedelta(minutes=1))
    for session in double._system.held.sessions.values():  # noqa: SLF001 (KSeF ends it)
        session.closed_at = firm.clock.now()
    second = sent(firm)

    queue.until_quiet()

    require_once(double, firm, first, second)


def test_the_house_puts_what_is_missing(firm: Firm, double: Double, queue: Queue) -> None:
    invoice = sent(firm)
    for job in queue.jobs():
        firm.do(lambda books, lost=job: books.remove(lost))

    queue.due()
    queue.until_quiet()

    require_once(double, firm, invoice)


def test_never_more_calls_are_made_than_the_published_limits(firm: Firm, double: Double, queue: Queue) -> None:
    invoices = [sent(firm) for _ in range(70)]

    queue.until_quiet()

    require_once(double, firm, *invoices)
    assert not double.refusals
    assert double.counts["invoiceSend"] == 70
    assert dt.timedelta(minutes=2) < firm.clock.now() - MONDAY < dt.timedelta(minutes=20)


def test_receipts_leave_calls_for_what_is_looked_at(firm: Firm, queue: Queue, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("faktura.outside.ksef.sending.FOR_LOOKS", PUBLISHED["session_misc"].per_hour - 1)
    early = sent(firm)
    queue.until(MONDAY + dt.timedelta(minutes=1))
    late = sent(firm)
    queue.until(MONDAY + dt.timedelta(minutes=30))
    assert last(firm, early).upo is not None
    assert (last(firm, late).state, last(firm, late).upo) == ("accepted", None)

    queue.until_quiet()

    assert last(firm, late).upo is not None
