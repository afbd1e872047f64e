"""What suppliers sent through KSeF waits on a page of its own, and is booked one by one or several at once."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import Job
from faktura.core.ksef.connection import connection_of, required_connection
from faktura.core.ksef.receive import JOB, WAITING, Fetched, keep
from faktura.core.received.extraction import Unread
from faktura.core.received.received_invoice import Warned
from faktura.core.received.record import Expense
from faktura.core.tests.test_ksef_received import DAY, SELLER, a_connection, fetched, told
from faktura.store.records import changed
from faktura.web.tests.conftest import Browser, in_books
from faktura.web.tests.test_expenses import plain
from faktura.wire.service import Service
from tests.firm import Firm

PAGE = "/applecorp/inbox/ksef"


@pytest.fixture
def connected(service: Service, firm: Firm) -> Firm:
    in_books(service, firm, lambda books: books.add_new(a_connection(books.account.id, books.now)))
    return firm


def put(service: Service, firm: Firm, *found: Fetched) -> list[Expense]:
    def work(books: Books) -> list[Expense]:
        keep(books, required_connection(books), "Subject2", found, books.now)
        return sorted(books.all(Expense, WAITING), key=lambda scan: scan.id)

    return in_books(service, firm, work)


def entered(service: Service, firm: Firm) -> list[str]:
    rows = in_books(service, firm, lambda books: books.all(Expense))
    return sorted(one.original_number or "" for one in rows if one.progress == "entered")


def ticked(ids: list[int]) -> Any:
    """Boxes of one name."""
    return [str(one) for one in ids]


def of_day(serial: int, day: dt.date, **values: Any) -> Fetched:
    one = fetched(serial, told=told(f"{serial}/11/2026", issued_on=day, **values))
    return one._replace(metadata=replace(one.metadata, issued_on=day))


def test_invoices_stand_there_with_their_supplier_and_their_sum(
    service: Service, connected: Firm, owner: Browser
) -> None:
    put(service, connected, fetched())

    page = plain(owner.get(PAGE).text)

    assert "1/11/2026" in page
    assert "Firma Testowa sp. z o.o. new" in page
    assert "1 invoice waits" in page
    assert "Ready" in page
    assert "1/11/2026" not in owner.get("/applecorp/inbox").text


def test_a_press_books_those_that_are_ticked_and_ready(service: Service, connected: Firm, owner: Browser) -> None:
    doubted = told("3/11/2026", warnings=(Warned("sums_differ"),))
    ids = [scan.id for scan in put(service, connected, fetched(1), fetched(2), fetched(3, told=doubted), fetched(4))]

    owner.get(PAGE)
    answer = owner.post(PAGE, id=ticked(ids[:3]))

    assert answer.status_code == 303
    assert entered(service, connected) == ["1/11/2026", "2/11/2026"]
    page = plain(owner.get(PAGE).text)
    assert "What was ready is booked." in page
    assert "2 invoices wait" in page
    assert "To be checked" in page


def test_what_was_paid_before_is_a_payment_where_that_is_said(
    service: Service, connected: Firm, owner: Browser
) -> None:
    paid = told(prepaid=Decimal(123), payable=Decimal(0))
    [scan] = put(service, connected, fetched(told=paid))

    owner.get(PAGE)
    owner.post(PAGE, id=str(scan.id), prepaid="yes")

    expense = in_books(service, connected, lambda books: books.find(Expense, scan.id))
    assert (expense.status, expense.paid_amount) == ("paid", Decimal(123))


def test_two_files_of_one_invoice_are_booked_once(service: Service, connected: Firm, owner: Browser) -> None:
    ids = [scan.id for scan in put(service, connected, fetched(1), fetched(2, number="1/11/2026"))]

    owner.get(PAGE)
    owner.post(PAGE, id=ticked(ids))

    assert entered(service, connected) == ["1/11/2026"]
    assert "Entered before" in plain(owner.get(PAGE).text)


@pytest.mark.parametrize("ids", [[], ["7777"], ["x", "99999999999999999999"]])
def test_nothing_is_booked_where_nothing_is_ready(service: Service, connected: Firm, owner: Browser, ids: Any) -> None:
    put(service, connected, fetched())

    owner.get(PAGE)
    answer = owner.post(PAGE, id=ids)

    assert answer.status_code == 409
    assert "Look at it first" in plain(answer.text)
    assert entered(service, connected) == []


def test_months_are_chosen_from_those_of_which_some_wait(service: Service, connected: Firm, owner: Browser) -> None:
    put(service, connected, of_day(1, DAY), of_day(2, DAY), of_day(3, dt.date(2026, 10, 31)))

    page = plain(owner.get(PAGE).text)
    october = plain(owner.get(f"{PAGE}?month=2026-10").text)

    assert "All 3 November 2026 2 October 2026 1" in page
    assert "3/11/2026" in october
    assert "1/11/2026" not in october
    assert "1/11/2026" in owner.get(f"{PAGE}?month=nothing").text


def test_a_supplier_is_looked_for(service: Service, connected: Firm, owner: Browser) -> None:
    put(service, connected, fetched())

    assert "1/11/2026" in owner.get(f"{PAGE}?query=testowa").text
    assert "1/11/2026" in owner.get(f"{PAGE}?query={SELLER}").text
    assert "1/11/2026" not in owner.get(f"{PAGE}?query=piekarnia").text


def test_what_could_not_be_read_says_why(service: Service, connected: Firm, owner: Browser) -> None:
    put(service, connected, fetched(told=None, unread=Unread("doctype")))

    page = plain(owner.get(PAGE).text)

    assert "Could not be read" in page
    assert "declares a document type" in page


def test_new_ones_are_looked_for_by_a_press(service: Service, connected: Firm, owner: Browser) -> None:
    owner.get(PAGE)
    owner.post(f"{PAGE}/fetch")

    jobs = in_books(service, connected, lambda books: books.all(Job))
    assert [job.name for job in jobs] == [JOB]
    assert "KSeF is asked for new invoices" in plain(owner.get(PAGE).text)


def test_a_connection_that_does_not_work_says_so(service: Service, connected: Firm, owner: Browser) -> None:
    def put_out(books: Books) -> None:
        old = connection_of(books)
        assert old is not None
        books.change(old, changed(old, active=False, last_error="KSeF is closed"))

    in_books(service, connected, put_out)
    page = plain(owner.get(PAGE).text)

    assert "not connected to KSeF. KSeF is closed" in page
    assert "Look for new ones" not in page
    assert owner.post(f"{PAGE}/fetch").status_code == 409


def test_the_inbox_leads_there_where_the_account_is_connected(service: Service, firm: Firm, owner: Browser) -> None:
    assert PAGE not in owner.get("/applecorp/inbox").text

    in_books(service, firm, lambda books: books.add_new(a_connection(books.account.id, books.now)))
    assert PAGE in owner.get("/applecorp/inbox").text
