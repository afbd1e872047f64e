"""What is issued goes to KSeF by itself where the firm wants that; what would be refused there needs a person."""

import datetime as dt

import pytest

from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given, Invalid, WrongState
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.issued import QUEUE
from faktura.core.ksef.progress import Said, begin, give_up
from faktura.core.ksef.sendings import latest_sending, withdraw
from faktura.core.tests.conftest import Firm
from faktura.jobs import handlers
from faktura.outputs.e_invoices.ksef import built, send
from faktura.store.database import Database
from faktura.worker import Worker
from tests.ksef_firm import BUYER, TAX_NO, connected, polish_firm, sold, todos


@pytest.fixture
def firm(database: Database) -> Firm:
    clock = Clock()
    clock.stand_at(dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC))
    return polish_firm(database, clock)


def work(firm: Firm) -> None:
    worker = Worker(firm.database, firm.clock, {QUEUE: handlers()[QUEUE]})
    while worker.do_next():
        pass


def test_what_is_issued_is_queued_in_the_bytes_that_ksef_takes(firm: Firm) -> None:
    connected(firm, send_mode="at_issue")
    invoice = firm.issue(sold())
    work(firm)

    sending = firm.do(latest_sending, invoice.id)
    assert sending is not None
    assert (sending.state, sending.kind, sending.number) == ("waiting", "VAT", invoice.number)
    assert invoice.number.encode() in sending.xml
    shown = firm.again(invoice).ksef
    assert shown is not None
    assert shown.link.startswith(f"https://qr.example/invoice/{TAX_NO}/21-11-2026/")
    assert not set("+/=") & set(shown.link.rpartition("/")[2])


def test_what_ksef_would_refuse_is_not_queued_and_needs_a_person(firm: Firm) -> None:
    connected(firm, send_mode="at_issue")
    invoice = firm.issue(sold(name="x" * 600))
    work(firm)

    assert firm.do(latest_sending, invoice.id) is None
    assert firm.again(invoice).ksef is None
    assert todos(firm) == ["ksef_refused"]


def test_what_was_taken_back_before_the_job_came_is_sent_by_nobody_else(firm: Firm) -> None:
    connected(firm, send_mode="at_issue")
    invoice = firm.issue(sold())
    firm.do(lambda books: send(books, invoice.id))
    work(firm)

    assert firm.do(withdraw, invoice.id).attempt == 1
    assert firm.do(latest_sending, invoice.id) is None


def test_what_may_have_arrived_goes_out_again_whatever_is_refused_by_now(firm: Firm) -> None:
    connected(firm)
    invoice = firm.issue(sold())
    lost = firm.do(begin, firm.do(lambda books: send(books, invoice.id)), "session")
    assert lost is not None
    firm.do(give_up, lost, Said(None, "KSeF does not answer"))
    firm.clock.stand_at(firm.clock.now() - dt.timedelta(days=1))
    with pytest.raises(Invalid):
        firm.do(lambda books: built(books, books.find(Invoice, invoice.id)))

    again = firm.do(lambda books: send(books, invoice.id))

    assert (again.state, again.xml, again.session_ref, again.attempt) == ("sending", lost.xml, "session", 2)
    assert todos(firm) == []


def test_what_is_sent_twice_is_sent_once(firm: Firm) -> None:
    connected(firm)
    invoice = firm.issue(sold())

    first, second = (firm.do(lambda books: send(books, invoice.id)) for _ in range(2))

    assert first.uuid == second.uuid


def test_what_would_be_refused_is_said_and_nothing_is_written(firm: Firm) -> None:
    connected(firm)
    invoice = firm.issue(sold(name="x" * 600))

    with pytest.raises(Invalid):
        firm.do(lambda books: send(books, invoice.id))
    assert firm.again(invoice) == invoice


def test_a_proforma_does_not_go_there(firm: Firm) -> None:
    connected(firm)
    proforma = firm.issue(sold(), kind="proforma")

    with pytest.raises(WrongState) as refused:
        firm.do(lambda books: send(books, proforma.id))
    assert refused.value.reason == "not_for_ksef"


def test_nobody_sends_without_a_connection(firm: Firm) -> None:
    invoice = firm.issue(sold())
    firm.do(add_contact, Given(BUYER | {"name": "Inny"}))

    with pytest.raises(WrongState) as refused:
        firm.do(lambda books: send(books, invoice.id))
    assert refused.value.reason == "not_connected"
