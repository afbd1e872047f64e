"""Where many documents wait they leave in one package, each once, whatever becomes of it."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.ksef.connection import note_sign_in
from faktura.core.ksef.sendings import withdraw
from faktura.core.tests.conftest import Firm
from faktura.outside.ksef import batches, sessions
from faktura.sandbox.outside.ksef.double import Double
from faktura.sandbox.outside.ksef.standing import Handed, HandedLine
from faktura.store.records import changed
from tests.ksef_firm import (
    MONDAY,
    TAX_NO,
    Queue,
    last,
    require_once,
    sent,
    stand,
    todos,
)

DAY = dt.timedelta(days=1)


def test_of_many_documents_each_arrives_once_in_one_package(firm: Firm, double: Double, queue: Queue) -> None:
    """One is there already as it is, one is there as another one, and one is refused: these three are what is alone."""
    stand(double, drop_after_post=1)
    invoices = [sent(firm)]
    queue.work()
    lost = last(firm, invoices[0])
    firm.do(lambda books: books.change(lost, changed(lost, state="waiting", session_ref=None, next_at=MONDAY)))
    invoices += [sent(firm) for _ in range(249)]
    [taken] = double.hand_in(
        Handed(invoices[7].number, "1111111111", TAX_NO, "Firma", lines=(HandedLine("Inna", price=Decimal(7)),))
    )
    stand(double, fail_next=(*[0] * 99, 450))

    while any(last(firm, one).state in {"waiting", "sending", "sent"} for one in invoices):
        queue.step()

    assert firm.clock.now() - MONDAY < dt.timedelta(minutes=1)
    told = {place: (last(firm, one).state, last(firm, one).code) for place, one in enumerate(invoices)}
    assert {place for place, (state, _) in told.items() if state == "rejected"} == {7, 99}
    assert (told[0], told[7], told[99]) == (("accepted", 440), ("rejected", 440), ("rejected", 450))
    assert last(firm, invoices[7]).details[0] == taken
    others = [one for place, one in enumerate(invoices) if place not in {7, 99}]
    assert sorted(one.ksef_number for one in double.invoices) == sorted(
        [taken, *(firm.again(one).ksef_number or "" for one in others)]
    )
    assert (double.counts["batchSession"], double.counts["batchSessionClose"], double.counts["invoiceSend"]) == (
        1,
        1,
        1,
    )
    assert not double.refusals


@pytest.fixture
def few_are_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """A package for three documents, in parts that are small."""
    monkeypatch.setattr(batches, "MORE_THAN", 2)
    monkeypatch.setattr(batches, "LARGEST_PART", 1500)


BATCH_CALLS = ((batches, "open_batch"), (batches, "upload"), (sessions, "close_session"))


@pytest.mark.usefixtures("few_are_many")
@pytest.mark.parametrize(("module", "name"), BATCH_CALLS)
def test_whatever_answer_about_a_package_is_lost_each_document_arrives_once(
    firm: Firm, double: Double, queue: Queue, module: Any, name: str
) -> None:
    invoices = [sent(firm)]
    queue.work()
    invoices += [sent(firm) for _ in range(4)]
    queue.while_calling(module, name, lambda: stand(double, lose_answers=1))

    queue.until_quiet()

    require_once(double, firm, *invoices)
    assert all(last(firm, one).upo for one in invoices)
    assert double.counts["batchSession"] == (1 if name == "close_session" else 2)
    assert double.counts["invoiceSend"] == 1
    assert double.counts["storage"] >= 3


@pytest.mark.usefixtures("few_are_many")
@pytest.mark.parametrize(("module", "name"), BATCH_CALLS)
def test_what_of_a_package_did_not_arrive_leaves_again(
    firm: Firm, double: Double, queue: Queue, module: Any, name: str
) -> None:
    invoices = [sent(firm) for _ in range(4)]
    queue.while_calling(module, name, lambda: stand(double, state="down"))
    stand(double, state="ok")

    queue.until_quiet()

    require_once(double, firm, *invoices)
    assert double.counts["invoiceSend"] == 0


@pytest.mark.usefixtures("few_are_many")
def test_a_package_that_nobody_closed_holds_nothing(firm: Firm, double: Double, queue: Queue) -> None:
    """Who uploads it dies after its first part."""
    invoices = [sent(firm) for _ in range(4)]
    uploaded: list[object] = []

    def die() -> None:
        if uploaded:
            raise SystemExit
        uploaded.append(None)

    with pytest.raises(SystemExit):
        queue.while_calling(batches, "upload", die)
    assert {last(firm, one).state for one in invoices} == {"sending"}

    queue.until_quiet()

    require_once(double, firm, *invoices)
    assert (double.counts["batchSession"], double.counts["invoiceSend"]) == (2, 0)


@pytest.mark.usefixtures("few_are_many")
def test_a_package_with_what_was_taken_back_meanwhile_goes_nowhere(firm: Firm, double: Double, queue: Queue) -> None:
    invoices = [sent(firm) for _ in range(5)]
    open_batch = batches.open_batch

    def open_then(*arguments: Any) -> batches.Batch:
        opened = open_batch(*arguments)
        if len(arguments[1]) == len(invoices):
            firm.do(withdraw, invoices[2].id)
        return opened

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(batches, "open_batch", open_then)
        queue.until_quiet()

    require_once(double, firm, *[one for one in invoices if one is not invoices[2]])
    assert firm.again(invoices[2]).ksef is None


@pytest.mark.usefixtures("few_are_many")
def test_where_packages_do_not_arrive_documents_leave_one_by_one(firm: Firm, double: Double, queue: Queue) -> None:
    invoices = [sent(firm) for _ in range(4)]
    for _ in range(batches.MOST_TRIES):
        queue.while_calling(batches, "upload", lambda: stand(double, state="down"))
        stand(double, state="ok")
        queue.step()

    queue.until_quiet()

    require_once(double, firm, *invoices)
    assert double.counts["invoiceSend"] == 4


@pytest.mark.usefixtures("few_are_many")
def test_where_ksef_takes_no_package_documents_leave_one_by_one(firm: Firm, double: Double, queue: Queue) -> None:
    invoices = [sent(firm) for _ in range(4)]
    queue.while_calling(batches, "open_batch", lambda: stand(double, refuse_next=(400,)))

    queue.until_quiet()

    require_once(double, firm, *invoices)
    assert double.counts["invoiceSend"] == 4


@pytest.mark.usefixtures("few_are_many")
def test_what_was_issued_offline_has_a_package_of_its_own(firm: Firm, double: Double, queue: Queue) -> None:
    invoices = [sent(firm) for _ in range(6)]
    for invoice in invoices[::2]:
        sending = last(firm, invoice)
        firm.do(lambda books, found=sending: books.change(found, changed(found, mode="offline24")))

    queue.until_quiet()

    modes = {one.ksef_number: one.mode for one in double.invoices}
    assert [modes[firm.again(one).ksef_number or ""] for one in invoices] == ["Offline", "Online"] * 3
    assert (double.counts["batchSession"], double.counts["invoiceSend"]) == (2, 0)


@pytest.mark.usefixtures("few_are_many")
def test_without_the_right_a_package_waits_until_somebody_connects_again(
    firm: Firm, double: Double, queue: Queue
) -> None:
    stand(double, fail_next=(0, 410))
    invoices = [sent(firm) for _ in range(4)]
    queue.until_quiet()
    assert todos(firm) == ["ksef_disconnected"]

    firm.do(note_sign_in, None)
    queue.due()
    queue.until_quiet()

    assert {firm.again(one).ksef_number for one in invoices} == {one.ksef_number for one in double.invoices}
    assert len(double.invoices) == 4
