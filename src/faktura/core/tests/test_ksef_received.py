"""Invoices that KSeF holds for the firm are kept once each, and stand in the inbox until somebody books them."""

import base64
import datetime as dt
import hashlib
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import Job
from faktura.core.books.office import Office
from faktura.core.errors import NotFound, WrongState
from faktura.core.ksef.connection import KsefConnection, Side, connection_of
from faktura.core.ksef.receive import (
    BEGINNING,
    JOB,
    WAITING,
    Fetched,
    accounts_due,
    fetch_now,
    find_received,
    keep,
    known_among,
    mark_of,
    note_fetched,
    received,
    sides_due,
)
from faktura.core.ksef.received import KsefReceived, Metadata
from faktura.core.ksef.sendings import KsefSending
from faktura.core.received.book import attach_to_same, book_scan
from faktura.core.received.extraction import Unread
from faktura.core.received.received_invoice import Named, ReceivedInvoice, ToldLine, ToldRate
from faktura.core.received.record import Expense
from faktura.core.received.scans import delete_scan
from faktura.core.tests.conftest import NOON, Firm, a_firm
from faktura.store.database import Database
from faktura.store.queries import Selection
from faktura.store.records import changed

DAY = dt.date(2026, 11, 20)
NIP = "1111111111"
SELLER = "1234563218"


@pytest.fixture
def buyer(database: Database) -> Firm:
    return connected(a_firm(database, country="PL", currency="PLN", vat_no=NIP))


def connected(firm: Firm, tax_no: str = NIP, **more: Any) -> Firm:
    firm.do(lambda books: books.add_new(a_connection(books.account.id, books.now, tax_no=tax_no, **more)))
    return firm


def a_connection(account_id: int, now: dt.datetime, **more: Any) -> KsefConnection:
    """A connection as if it had signed in."""
    addresses = dict.fromkeys(("api_url", "qr_url", "status_url"), "https://ksef.example")
    values: dict[str, Any] = {"environment": "test", "tax_no": NIP, "method": "token", "active": True}
    return KsefConnection(account_id, 0, 1, now, now, **(values | addresses | more))


def connection(firm: Firm) -> KsefConnection:
    found = firm.do(connection_of)
    assert found is not None
    return found


def told(number: str = "1/11/2026", **values: Any) -> ReceivedInvoice:
    given: dict[str, Any] = {
        "format": "fa3",
        "number": number,
        "supplier": Named(name="Firma Testowa sp. z o.o.", country="PL", vat_no=SELLER),
        "issued_on": DAY,
        "currency": "PLN",
        "lines": (ToldLine(name="Usługa", unit_price=Decimal(100), net=Decimal(100), vat_rate=Decimal(23)),),
        "rates": (ToldRate(vat_rate=Decimal(23), net=Decimal(100), vat=Decimal(23)),),
        "payable": Decimal(123),
    }
    return ReceivedInvoice(**(given | values))


def fetched(serial: int = 1, **values: Any) -> Fetched:
    number = values.pop("number", f"{serial}/11/2026")
    sums = (Decimal(100), Decimal(23), Decimal(123))
    said = Metadata(number, "Vat", DAY, "Firma Testowa sp. z o.o.", SELLER, "Nabywca SA", NIP, *sums, "PLN", "FA (3)")
    usual: dict[str, Any] = {
        "ksef_number": f"{SELLER}-20261120-{serial:012X}-00",
        "stored_at": NOON + dt.timedelta(seconds=serial),
        "metadata": said,
        "xml": f"<Faktura>{serial}</Faktura>".encode(),
        "is_cost": True,
        "told": told(number),
    }
    return Fetched(**(usual | values))


def keep_in(firm: Firm, *found: Fetched, side: Side = "Subject2", until: dt.datetime = NOON) -> int:
    return firm.do(keep, connection(firm), side, found, until)


def waiting(firm: Firm) -> list[Expense]:
    return firm.do(Books.all, Expense, WAITING)


def test_what_a_supplier_issued_stands_in_the_inbox_as_a_read_e_invoice(buyer: Firm) -> None:
    assert keep_in(buyer, fetched()) == 1

    [scan] = waiting(buyer)
    [file] = scan.attachments
    assert (scan.progress, scan.source, scan.reading, scan.issued_on) == ("scan", "ksef", "read", DAY)
    assert scan.ksef_number == fetched().ksef_number
    assert (file.filename, file.content_type) == (f"{scan.ksef_number}.xml", "application/xml")
    assert (scan.told, scan.seller_name, scan.original_number) == (told(), "Firma Testowa sp. z o.o.", "1/11/2026")
    assert buyer.do(find_received, str(scan.ksef_number)).expense_id == scan.id


def test_it_is_looked_for_by_its_supplier(buyer: Firm) -> None:
    keep_in(buyer, fetched())

    for text, found in (("testowa", 1), (SELLER, 1), ("inna", 0)):
        assert buyer.do(Books.count, Expense, Selection(WAITING.conditions, text)) == found


def test_it_is_kept_once_however_often_it_is_fetched(buyer: Firm) -> None:
    keep_in(buyer, fetched(1), fetched(2))

    assert keep_in(buyer, fetched(2), fetched(3), fetched(3)) == 1
    assert keep_in(buyer, fetched(1), side="Subject3") == 0
    assert len(waiting(buyer)) == buyer.do(Books.count, KsefReceived) == 3


def test_it_does_not_come_back_when_it_was_thrown_away(buyer: Firm) -> None:
    keep_in(buyer, fetched())
    buyer.do(delete_scan, waiting(buyer)[0].id)

    assert keep_in(buyer, fetched()) == 0
    assert waiting(buyer) == []


def test_the_mark_moves_with_what_is_kept_and_never_back(buyer: Firm) -> None:
    assert mark_of(connection(buyer), "Subject2") == BEGINNING

    keep_in(buyer, until=NOON)
    keep_in(buyer, until=NOON - dt.timedelta(days=1))
    keep_in(buyer, side="Subject1", until=NOON + dt.timedelta(days=1))

    assert mark_of(connection(buyer), "Subject2") == NOON
    assert mark_of(connection(buyer), "Subject1") == NOON + dt.timedelta(days=1)
    assert mark_of(connection(buyer), "Subject3") == BEGINNING


def test_a_press_books_it_with_its_supplier_and_its_number_of_ksef(buyer: Firm) -> None:
    keep_in(buyer, fetched())
    scan = waiting(buyer)[0]

    expense = buyer.do(book_scan, scan.id)

    assert (expense.id, expense.ksef_number, expense.source) == (scan.id, scan.ksef_number, "ksef")
    assert (expense.seller_name, expense.gross_total) == ("Firma Testowa sp. z o.o.", Decimal(123))
    assert waiting(buyer) == []


def test_an_expense_that_was_entered_before_gets_the_file_and_the_number(buyer: Firm) -> None:
    keep_in(buyer, fetched(1))
    expense = buyer.do(book_scan, waiting(buyer)[0].id)
    keep_in(buyer, fetched(2, number="1/11/2026"))
    again = waiting(buyer)[0]

    with pytest.raises(WrongState):
        buyer.do(book_scan, again.id)
    attached = buyer.do(attach_to_same, again.id)

    assert attached.id == expense.id
    assert attached.ksef_number == expense.ksef_number
    assert buyer.do(find_received, str(again.ksef_number)).expense_id == expense.id


def test_what_cannot_be_read_stands_there_with_the_reason(buyer: Firm) -> None:
    keep_in(buyer, fetched(told=None, unread=Unread("no_reader", "FA_RR (1)")))

    [scan] = waiting(buyer)
    assert (scan.reading, scan.told, scan.unread) == ("refused", None, Unread("no_reader", "FA_RR (1)"))


def test_what_the_firm_does_not_pay_is_kept_and_in_no_inbox(buyer: Firm) -> None:
    assert keep_in(buyer, fetched(is_cost=False), side="Subject1") == 1

    assert waiting(buyer) == []
    assert buyer.do(find_received, fetched().ksef_number).expense_id is None


def test_what_we_sent_ourselves_is_none_that_was_issued_elsewhere(buyer: Firm) -> None:
    document = buyer.issue()

    def send(one: Fetched, **state: Any) -> None:
        digest = base64.b64encode(hashlib.sha256(one.xml).digest()).decode()
        sent: dict[str, Any] = {"kind": "VAT", "number": document.number, "xml": one.xml, "digest": digest}
        times = {"not_before": NOON, "next_at": NOON}
        values = {
            "uuid": str(state),
            "invoice_id": document.id,
            "attempt": 1,
            "environment": "test",
            **sent,
            **times,
            **state,
        }
        buyer.do(lambda books: books.add(KsefSending, **values))

    send(fetched(1), state="accepted", ksef_number=fetched(1).ksef_number)
    send(fetched(2), state="sent")

    ours = (fetched(number, is_cost=False) for number in (1, 2, 3))
    assert keep_in(buyer, *ours, side="Subject1") == 1
    assert buyer.do(known_among, connection(buyer), [fetched(1).ksef_number, fetched(2).ksef_number]) == {
        fetched(1).ksef_number
    }


def test_nothing_is_kept_for_whom_the_account_is_no_more(buyer: Firm) -> None:
    before = connection(buyer)
    buyer.do(lambda books: books.change(before, changed(before, tax_no="9999999999")))

    with pytest.raises(WrongState):
        buyer.do(keep, before, "Subject2", [fetched()], NOON)
    assert waiting(buyer) == []


def test_another_account_knows_nothing_of_it(buyer: Firm, database: Database) -> None:
    other = connected(a_firm(database, "other", country="PL", currency="PLN"), SELLER)
    keep_in(buyer, fetched())

    with pytest.raises(NotFound):
        other.do(find_received, fetched().ksef_number)
    assert keep_in(other, fetched()) == 1
    assert mark_of(connection(other), "Subject2") == NOON
    assert len(waiting(buyer)) == len(waiting(other)) == 1


def test_lists_are_by_side_and_days_of_issue(buyer: Firm) -> None:
    days = (DAY, DAY + dt.timedelta(days=1), DAY + dt.timedelta(days=2))
    for serial, day in enumerate(days, 1):
        one = fetched(serial)
        keep_in(buyer, one._replace(metadata=replace(one.metadata, issued_on=day)))

    count, newest = buyer.do(lambda books: received(books, "Subject2", limit=2))
    some, within = buyer.do(lambda books: received(books, "Subject2", since=days[1], until=days[1], descending=False))

    assert (count, [one.issued_on for one in newest]) == (3, [days[2], days[1]])
    assert (some, [one.issued_on for one in within]) == (1, [days[1]])
    assert buyer.do(lambda books: received(books, "Subject1"))[0] == 0


def test_sides_are_due_as_often_as_the_account_wants_it(buyer: Firm) -> None:
    def due(**values: Any) -> tuple[Side, ...]:
        return sides_due(changed(connection(buyer), **values), NOON)

    long_ago = {"incomes_fetched_at": NOON, "marks": ()}
    assert due() == ("Subject2", "Subject1", "Subject3")
    assert due(costs_fetched_at=NOON - dt.timedelta(minutes=59), **long_ago) == ("Subject3",)
    assert due(costs_fetched_at=NOON - dt.timedelta(minutes=60), **long_ago) == ("Subject2", "Subject3")
    assert due(costs_fetched_at=NOON - dt.timedelta(minutes=15), receive_every=15, **long_ago) == (
        "Subject2",
        "Subject3",
    )
    assert due(receive=False) == due(active=False) == ()


def test_only_accounts_whose_turn_it_is_look(buyer: Firm, database: Database) -> None:
    connected(a_firm(database, "quiet", country="PL"), SELLER, receive=False)

    def due() -> list[int]:
        return database.write(lambda tx: accounts_due(Office(tx, NOON)))

    assert due() == [buyer.account.id]
    for side in ("Subject1", "Subject2"):
        buyer.do(note_fetched, side)
    keep_in(buyer, side="Subject3", until=NOON)
    assert due() == []


def test_a_look_can_be_asked_for_once_at_a_time(buyer: Firm, database: Database) -> None:
    buyer.do(fetch_now)
    buyer.do(fetch_now)

    assert [job.name for job in buyer.do(Books.all, Job)] == [JOB]
    with pytest.raises(WrongState):
        a_firm(database, "unconnected", country="PL").do(fetch_now)
