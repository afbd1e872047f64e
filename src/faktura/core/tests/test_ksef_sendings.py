"""A document on its way to KSeF: queued once, taken back while it waits, and held fast once KSeF may have it."""

import datetime as dt
from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.jobs_to_do import Job
from faktura.core.errors import Given, Invalid, WrongState
from faktura.core.invoices.change import change_invoice, delete_invoice
from faktura.core.invoices.events import fire, mark_printed, possible_events
from faktura.core.invoices.follow_up import add_payment
from faktura.core.invoices.record import Invoice
from faktura.core.ksef import progress
from faktura.core.ksef.connection import KsefConnection
from faktura.core.ksef.issued import QUEUE
from faktura.core.ksef.progress import Named, Said
from faktura.core.ksef.sendings import SEND, KsefSending, Prepared, Wanted, latest_sending, queue, withdraw
from faktura.core.people.accounts import Account
from faktura.core.tests.conftest import Firm, line
from faktura.core.todos import Todo
from faktura.store.records import changed

NUMBER = "1111111111-20261121-47A70D8BD670-57"
LINK = "https://qr.example/invoice/1111111111/21-11-2026/abc"


@pytest.fixture
def connected(firm: Firm) -> Firm:
    connect(firm)
    return firm


def connect(firm: Firm, **values: Any) -> KsefConnection:
    def work(books: Books) -> KsefConnection:
        urls = {"api_url": "https://api.example", "qr_url": "https://qr.example", "status_url": "https://lt.example"}
        who = {"environment": "test", "tax_no": "1111111111", "method": "token"}
        account = books.tx.get(Account, id=books.account.id)
        assert account is not None
        polish = changed(account, country="PL", version=account.version + 1)
        books.tx.replace(account, polish)
        return books.add(KsefConnection, **who, **urls, **({"active": True} | values))

    made = firm.do(work)
    firm.account = firm.do(lambda books: books.tx.get(Account, id=books.account.id))
    return made


def put(firm: Firm, invoice: Invoice, content: bytes = b"<Faktura/>", **values: Any) -> KsefSending:
    prepared = Prepared("VAT", invoice.number, content, f"digest of {content.decode()}")
    return firm.do(lambda books: queue(books, books.find(Invoice, invoice.id), prepared, LINK, **values))


def last(firm: Firm, invoice: Invoice) -> KsefSending:
    found = firm.do(latest_sending, invoice.id)
    assert found is not None
    return found


def jobs(firm: Firm, name: str) -> list[Job]:
    return [job for job in firm.do(lambda books: books.all(Job)) if job.name == name]


def todos(firm: Firm) -> list[tuple[str, bool]]:
    return [(todo.name, todo.done_at is not None) for todo in firm.do(lambda books: books.all(Todo))]


def names(firm: Firm) -> list[str]:
    return [happened.name for happened in firm.do(lambda books: books.all(Happening)) if "ksef" in happened.name]


def later(firm: Firm, **delay: float) -> None:
    firm.clock.stand_at(firm.clock.now() + dt.timedelta(**delay))


def leave(firm: Firm, sending: KsefSending, session: str = "session") -> KsefSending:
    begun = firm.do(progress.begin, sending, session)
    assert begun is not None
    return begun


def arrive(firm: Firm, sending: KsefSending) -> KsefSending:
    sent = firm.do(progress.note_sent, leave(firm, sending), "reference")
    assert sent is not None
    return sent


def accepted(firm: Firm, sending: KsefSending) -> KsefSending:
    by = firm.do(lambda books: books.look_up(KsefConnection))
    kept = firm.do(progress.accept, arrive(firm, sending), Named(NUMBER, "session"), Said(200, "Sukces"), by)
    assert kept is not None
    return kept


def test_what_is_queued_twice_goes_out_once(connected: Firm) -> None:
    invoice = connected.issue()

    first, second = put(connected, invoice), put(connected, invoice, b"<Inna/>")

    assert (second.id, second.xml, second.attempt) == (first.id, b"<Faktura/>", 1)
    assert len(jobs(connected, SEND)) == 1
    shown = connected.again(invoice).ksef
    assert shown is not None
    assert (shown.state, shown.link, shown.mode) == ("waiting", LINK, "online")


def test_it_waits_as_long_as_the_account_wants(firm: Firm) -> None:
    connect(firm, send_delay=600)

    sending = put(firm, firm.issue())

    assert sending.not_before - firm.clock.now() == dt.timedelta(minutes=10)
    [job] = jobs(firm, SEND)
    assert job.waits_until == sending.not_before


def test_who_waits_less_has_the_job_done_sooner_unless_it_is_under_way(firm: Firm) -> None:
    connection = connect(firm, send_delay=600)
    put(firm, firm.issue())
    firm.do(lambda books: books.change(connection, changed(connection, send_delay=5)))

    put(firm, firm.issue())

    [job] = jobs(firm, SEND)
    assert job.waits_until == firm.clock.now() + dt.timedelta(seconds=5)


def test_nothing_is_queued_without_a_connection_that_is_active(firm: Firm) -> None:
    connect(firm, active=False)

    with pytest.raises(WrongState) as refused:
        put(firm, firm.issue())
    assert refused.value.reason == "not_connected"


def test_a_number_that_ksef_took_for_another_document_is_refused(connected: Firm) -> None:
    first = connected.issue(number="1/2026")
    accepted(connected, put(connected, first))
    other = connected.issue()
    same = changed(other, number="1/2026")

    with pytest.raises(Invalid) as refused:
        put(connected, same)
    assert refused.value.problems["number"][0].code == "number_used"


def test_what_waits_is_taken_back_and_what_has_left_is_not(connected: Firm) -> None:
    invoice = connected.issue()
    put(connected, invoice)

    assert connected.do(withdraw, invoice.id).state == "waiting"
    assert connected.again(invoice).ksef is None
    assert connected.do(latest_sending, invoice.id) is None

    leave(connected, put(connected, invoice))
    with pytest.raises(WrongState) as refused:
        connected.do(withdraw, invoice.id)
    assert refused.value.reason == "on_its_way_to_ksef"
    assert names(connected) == [
        "invoice_queued_for_ksef",
        "invoice_withdrawn_from_ksef",
        "invoice_queued_for_ksef",
    ]


def test_what_left_and_did_not_arrive_is_not_taken_back(connected: Firm) -> None:
    """Another one with other bytes might meet it there."""
    invoice = connected.issue()
    begun = leave(connected, put(connected, invoice))
    connected.do(progress.send_again, begun, Said(500, "Nieznany błąd"))

    assert last(connected, invoice).state == "waiting"
    with pytest.raises(WrongState):
        connected.do(withdraw, invoice.id)


@pytest.mark.parametrize("reached", [put, lambda firm, invoice: leave(firm, put(firm, invoice))])
def test_on_its_way_a_document_stays_as_it_is(connected: Firm, reached: Any) -> None:
    invoice = connected.issue()
    reached(connected, invoice)

    for verb, given in ((change_invoice, (Given({"note": "Jinak"}),)), (delete_invoice, ()), (fire, ("cancel",))):
        with pytest.raises(WrongState) as refused:
            connected.do(verb, invoice.id, *given)
        assert refused.value.reason == "on_its_way_to_ksef"
    assert "cancel" not in possible_events(connected.again(invoice))


def test_an_accepted_document_is_only_corrected_paid_and_remembered(connected: Firm) -> None:
    invoice = connected.issue()
    accepted(connected, put(connected, invoice))

    for verb, given in ((change_invoice, (Given({"note": "Jinak"}),)), (delete_invoice, ()), (fire, ("cancel",))):
        with pytest.raises(WrongState) as refused:
            connected.do(verb, invoice.id, *given)
        assert refused.value.reason == "accepted_by_ksef"
    connected.do(change_invoice, invoice.id, Given({"private_note": "Zavolat", "tags": ("ksef",)}))
    connected.do(add_payment, invoice.id, Given({}))
    correction = connected.issue(line(-100), kind="correction", corrected_id=invoice.id, note="Sleva")
    assert correction.corrected_id == invoice.id
    assert connected.again(invoice).ksef_number == NUMBER


def test_what_is_sent_as_it_was_is_no_change(connected: Firm) -> None:
    invoice = connected.issue(note="Děkujeme")
    accepted(connected, put(connected, invoice))

    connected.do(change_invoice, invoice.id, Given({"note": "Děkujeme"}))


def test_what_ksef_refused_is_put_right_and_sent_in_other_bytes(connected: Firm) -> None:
    invoice = connected.issue()
    connected.do(progress.refuse, arrive(connected, put(connected, invoice)), Said(450, "Błąd", ("NIP",)))
    assert todos(connected) == [("ksef_refused", False)]

    connected.do(change_invoice, invoice.id, Given({"note": "Jinak"}))
    again = put(connected, invoice, b"<Poprawiona/>")

    assert (again.attempt, again.xml, again.state, again.corrected_digest) == (2, b"<Poprawiona/>", "waiting", None)
    assert todos(connected) == [("ksef_refused", True)]
    assert names(connected) == ["invoice_queued_for_ksef", "invoice_refused_by_ksef", "invoice_queued_for_ksef"]


def test_what_was_refused_offline_says_what_it_replaces(connected: Firm) -> None:
    invoice = connected.issue()
    first = put(connected, invoice, mode="offline24")
    connected.do(progress.refuse, arrive(connected, first), Said(450, "Błąd"))

    assert put(connected, invoice, b"<Poprawiona/>", mode="offline24").corrected_digest == first.digest


def test_what_was_given_up_goes_out_as_it_was_and_is_looked_for_first(connected: Firm) -> None:
    """It may have arrived, so that other bytes under its number would meet it there."""
    invoice = connected.issue()
    connected.do(progress.give_up, leave(connected, put(connected, invoice)), Said(None, "Nikt nie odpowiada"))
    assert todos(connected) == [("ksef_failed", False)]
    with pytest.raises(WrongState):
        connected.do(change_invoice, invoice.id, Given({"note": "Jinak"}))

    again = put(connected, invoice, b"<Poprawiona/>")

    assert (again.xml, again.state, again.session_ref, again.attempt) == (b"<Faktura/>", "sending", "session", 2)
    assert todos(connected) == [("ksef_failed", True)]


def test_what_never_left_and_was_given_up_can_be_taken_back(connected: Firm) -> None:
    invoice = connected.issue()
    put(connected, invoice)
    connected.do(progress.fail_unanswered, "Nikt nie odpowiada")
    assert last(connected, invoice).state == "failed"

    connected.do(withdraw, invoice.id)

    assert connected.do(change_invoice, invoice.id, Given({"note": "Jinak"})).note == "Jinak"


def test_a_step_that_somebody_else_took_is_not_taken_again(connected: Firm) -> None:
    """Two workers, of which one was thought dead."""
    invoice = connected.issue()
    seen = put(connected, invoice)
    begun = leave(connected, seen)
    assert connected.do(progress.begin, seen, "another session") is None

    connected.do(progress.send_again, begun, Said(None, "It did not arrive"))
    assert connected.do(progress.note_sent, begun, "late answer") is None
    assert last(connected, invoice).invoice_ref is None


def test_an_accepted_one_is_looked_after_until_its_receipt_is_kept(connected: Firm) -> None:
    invoice = connected.issue()
    sending = accepted(connected, put(connected, invoice, letter=Wanted("original")))
    assert sending.live_invoice_id == invoice.id
    assert [one.id for one in connected.do(progress.without_receipt, 10)] == [sending.id]

    connected.do(progress.keep_receipt, sending, b"<UPO/>")

    kept = last(connected, invoice)
    assert (kept.upo, kept.live_invoice_id, kept.state) == (b"<UPO/>", None, "accepted")
    assert connected.do(progress.next_times) == {}
    assert len(jobs(connected, progress.LETTER)) == 1
    assert put(connected, invoice).id == sending.id


def test_a_correction_waits_for_the_number_of_what_it_corrects(connected: Firm) -> None:
    invoice = connected.issue()
    original = put(connected, invoice)
    correction = connected.issue(line(-100), kind="correction", corrected_id=invoice.id, note="Sleva")
    waits = put(connected, correction, b"<Korekta/>")
    assert connected.do(progress.waits_for_others, waits) == dt.timedelta(minutes=1)
    connected.do(progress.note_waits, waits, dt.timedelta(hours=1))

    accepted(connected, original)

    [released] = connected.do(progress.due, "waiting", 10)
    assert released.id == waits.id
    assert connected.do(progress.waits_for_others, released) is None
    assert connected.do(progress.lacks_numbers, released)


def test_what_fails_again_and_again_is_given_up_after_a_day(connected: Firm) -> None:
    invoice = connected.issue()
    put(connected, invoice)
    began = connected.clock.now()

    while last(connected, invoice).state == "waiting":
        connected.clock.stand_at(last(connected, invoice).next_at)
        begun = leave(connected, last(connected, invoice))
        connected.do(progress.send_again, begun, Said(500, "Nieznany błąd"))

    assert last(connected, invoice).state == "failed"
    assert dt.timedelta(hours=23) < connected.clock.now() - began < dt.timedelta(hours=26)


@pytest.mark.parametrize(("mode", "queued"), [("at_issue", 1), ("by_hand", 0), ("at_printing", 0)])
def test_what_is_issued_goes_by_itself_where_the_account_wants_that(firm: Firm, mode: str, queued: int) -> None:
    connect(firm, send_mode=mode)

    invoice = firm.issue()
    firm.issue(kind="proforma")

    assert len(jobs(firm, QUEUE)) == queued
    firm.do(mark_printed, invoice)
    assert len(jobs(firm, QUEUE)) == queued + (mode == "at_printing")


def test_looks_become_rarer_with_time() -> None:
    seconds = [progress.look_after(polls).total_seconds() for polls in (0, 1, 2, 6, 7, 35, 36, 1000)]
    assert seconds == [2, 3, 5, 60, 120, 120, 3600, 3600]
