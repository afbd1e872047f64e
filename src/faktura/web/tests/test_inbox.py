"""The inbox: files are put there, read, entered as expenses and thrown away."""

import datetime as dt
from decimal import Decimal
from typing import Any, get_args

import pytest
from msgspec.structs import replace
from werkzeug.test import TestResponse

from faktura.core.books.books import Books
from faktura.core.documents.attachments import GivenFile
from faktura.core.errors import Given
from faktura.core.people.users import Membership, Permission, Scope
from faktura.core.received.extraction import Extraction, RateSum, Unread, WhyUnread, extraction_of
from faktura.core.received.find import find_expense
from faktura.core.received.pay import pay_expense
from faktura.core.received.reading import cannot_be_read, could_not_read, read_as
from faktura.core.received.received_invoice import Doubt, Named, ReceivedInvoice, ToldLine, ToldRate, Warned
from faktura.core.received.record import Expense
from faktura.core.received.scans import INBOX, add_scan
from faktura.outputs.reading.payment import code_to_pay
from faktura.sandbox.example.drawn import Text, pdf_of, receipt
from faktura.store.records import changed
from faktura.web.inbox.told import DOUBTS, UNREAD
from faktura.web.tests.conftest import Browser, add, enter, in_books
from faktura.web.tests.test_expenses import plain, typed
from faktura.wire.service import Service
from tests.firm import Firm
from tests.lying_files import LIES, Sent

LIST = "/applecorp/inbox"
PDF = b"%PDF-1.7 faktura"
PAPER = Extraction(
    number="F/77",
    variable_symbol="77",
    issued_on=dt.date(2026, 11, 1),
    registration_no="27074358",
    currency="CZK",
    total=Decimal(1210),
    rates=(RateSum(Decimal(21), Decimal(1000), Decimal(210)),),
)


def inbox(service: Service, firm: Firm) -> list[Expense]:
    return in_books(service, firm, lambda books: books.all(Expense, INBOX))


def put(service: Service, firm: Firm, paper: Extraction | None = None) -> Expense:
    """A scan, read where a paper is given."""
    given = Given({"content": PDF, "filename": "účtenka.pdf", "read": paper is not None})
    scan = in_books(service, firm, lambda books: add_scan(books, given))
    if paper is not None:
        in_books(service, firm, lambda books: read_as(books, scan.id, paper))
    return scan


def allow(service: Service, firm: Firm, permission: Permission, scopes: tuple[Scope, ...]) -> None:
    """Change what the firm's only member may do."""

    def work(books: Books) -> None:
        [member] = books.all(Membership)
        books.change(member, changed(member, permission=permission, scopes=scopes))

    in_books(service, firm, work)


def upload(owner: Browser, content: bytes = PDF, name: str = "/home/eva/účtenka.pdf") -> TestResponse:
    owner.get(LIST)
    return owner.send_file(LIST, content=content, filename=name, under="content")


def test_a_file_is_put_into_the_inbox_and_waits_to_be_read(owner: Browser, service: Service, firm: Firm) -> None:
    answer = upload(owner)

    assert (answer.status_code, answer.location) == (303, LIST)
    [scan] = inbox(service, firm)
    assert (scan.attachments[0].filename, scan.reading) == ("účtenka.pdf", "waiting")
    page = plain(owner.get(LIST).text)
    assert "The file is in the inbox." in page
    assert "účtenka.pdf" in page
    assert "Being read" in page


@pytest.mark.parametrize("content", [b"x", b"MZ", b"<html>"])
def test_what_is_no_paper_is_refused_at_the_field(owner: Browser, service: Service, firm: Firm, content: bytes) -> None:
    refused = upload(owner, content)

    assert refused.status_code == 422
    assert 'id="content-wrong"' in refused.text
    assert inbox(service, firm) == []


@pytest.mark.parametrize("lie", [lie for lie in LIES.values() if lie.content])
def test_a_file_that_is_not_what_its_name_says_is_refused(
    owner: Browser, service: Service, firm: Firm, lie: Sent
) -> None:
    refused = upload(owner, lie.content, lie.filename)

    assert refused.status_code == 422
    assert 'id="content-wrong"' in refused.text
    assert inbox(service, firm) == []


def test_no_file_at_all_is_refused(owner: Browser, service: Service, firm: Firm) -> None:
    owner.get(LIST)

    assert owner.post(LIST).status_code == 422
    assert inbox(service, firm) == []


def test_a_file_is_downloaded_and_never_shown(owner: Browser, service: Service, firm: Firm) -> None:
    scan = put(service, firm)

    fetched = owner.get(f"{LIST}/{scan.id}/file")

    assert (fetched.data, fetched.headers["Content-Type"]) == (PDF, "application/pdf")
    assert fetched.headers["Content-Disposition"].startswith("attachment;")
    assert fetched.headers["X-Content-Type-Options"] == "nosniff"


def test_the_paper_is_seen_beside_what_is_typed_of_it(owner: Browser, service: Service, firm: Firm) -> None:
    supplier = add(service, firm, "Dodavatel")
    picture = receipt(("UCTENKA", ""), ("CELKEM", "121,00"))
    given = Given({"content": picture, "filename": "účtenka.png"})
    scan = in_books(service, firm, lambda books: add_scan(books, given))
    address = f"/applecorp/expenses/{scan.id}/picture"

    assert f'src="{address}"' in owner.get(f"/applecorp/expenses/new?scan={scan.id}").text
    enter(service, firm, supplier, scan_id=scan.id)
    for page in ("", "/edit"):
        assert f'src="{address}"' in owner.get(f"/applecorp/expenses/{scan.id}{page}").text
    seen = owner.get(address)
    assert (seen.data, seen.content_type) == (picture, "image/png")
    assert seen.headers["Content-Security-Policy"].startswith("default-src 'none'")


def test_of_a_pdf_the_first_page_is_drawn(owner: Browser, service: Service, firm: Firm) -> None:
    given = Given({"content": pdf_of([Text(56, 780, "Faktura 7")]), "filename": "faktura.pdf"})
    scan = in_books(service, firm, lambda books: add_scan(books, given))

    seen = owner.get(f"/applecorp/expenses/{scan.id}/picture")
    head, width = seen.data[:8], int.from_bytes(seen.data[16:20], "big")
    assert (seen.status_code, seen.content_type, head, width) == (200, "image/png", b"\x89PNG\r\n\x1a\n", 900)


@pytest.mark.parametrize(
    "file",
    [
        GivenFile("a.pdf", "application/pdf", b"%PDF-1.7 broken"),
        GivenFile("a.png", "image/png", b"<html>"),
        GivenFile("a.html", "text/html", b"<html>"),
    ],
)
def test_what_is_no_picture_is_not_shown(owner: Browser, service: Service, firm: Firm, file: GivenFile) -> None:
    expense = enter(service, firm, add(service, firm, "Dodavatel"), files=[file])
    assert owner.get(f"/applecorp/expenses/{expense.id}/picture").status_code == 404
    without = enter(service, firm, add(service, firm, "Jiný"))
    assert owner.get(f"/applecorp/expenses/{without.id}/picture").status_code == 404
    assert "/picture" not in owner.get(f"/applecorp/expenses/{without.id}").text


def test_a_file_is_sorted_and_noted_before_it_is_entered(owner: Browser, service: Service, firm: Firm) -> None:
    scan = put(service, firm)
    here = f"{LIST}/{scan.id}/accounting"

    owner.get(here)
    refused = owner.post(here, accounting="accounted", content="Za co to?")
    assert refused.status_code == 409
    assert owner.post(here, accounting="rejected", content="Nečitelné").location == LIST
    page = plain(owner.get(LIST).text)
    assert "Nečitelné" in page
    assert "Sent back" in page
    assert [note.content for note in inbox(service, firm)[0].notes] == ["Nečitelné"]


def test_what_could_not_be_read_says_so_and_is_read_again_by_one_press(
    owner: Browser, service: Service, firm: Firm
) -> None:
    scan = put(service, firm, PAPER)
    other = in_books(service, firm, lambda books: add_scan(books, Given({"content": PDF, "read": True})))
    in_books(service, firm, lambda books: could_not_read(books, other.id))

    page = plain(owner.get(LIST).text)
    for said in ("Number F/77", "Registration number 27074358", "Total CZK 1,210.00"):
        assert said in page
    assert "Could not be read" in page
    assert owner.post(f"{LIST}/{other.id}/read").status_code == 303
    assert [one.reading for one in inbox(service, firm)] == ["waiting", "read"]
    assert scan.id


def test_the_form_of_an_expense_is_filled_with_what_was_read(owner: Browser, service: Service, firm: Firm) -> None:
    add(service, firm, "Kovárna Brda", registration_no="27074358")
    scan = put(service, firm, PAPER)

    page = owner.get(f"/applecorp/expenses/new?scan={scan.id}").text

    for value in ("F/77", "77", "Kovárna Brda", "2026-11-01"):
        assert f'value="{value}"' in page
    assert f'name="scan_id" value="{scan.id}"' in page
    assert f"/applecorp/inbox/{scan.id}/file" in page
    assert "CZK 1,210.00" in plain(page)


def test_an_expense_is_made_of_a_file_which_stays_with_it(owner: Browser, service: Service, firm: Firm) -> None:
    supplier = add(service, firm, "Dodavatel")
    scan = put(service, firm, PAPER)
    owner.get(f"/applecorp/expenses/new?scan={scan.id}")

    entered = owner.post("/applecorp/expenses/new", **typed(supplier.id, scan_id=str(scan.id)))

    assert (entered.status_code, entered.location) == (303, f"/applecorp/expenses/{scan.id}")
    expense = in_books(service, firm, lambda books: find_expense(books, scan.id))
    assert [file.filename for file in expense.attachments] == ["účtenka.pdf"]
    assert inbox(service, firm) == []


def test_a_file_that_was_entered_meanwhile_is_not_entered_again(owner: Browser, service: Service, firm: Firm) -> None:
    supplier = add(service, firm, "Dodavatel")
    scan = put(service, firm)
    owner.get(f"/applecorp/expenses/new?scan={scan.id}")
    owner.post("/applecorp/expenses/new", **typed(supplier.id, scan_id=str(scan.id)))

    owner.get("/applecorp/expenses/new")
    again = owner.post("/applecorp/expenses/new", **typed(supplier.id, scan_id=str(scan.id)))

    assert again.status_code == 404
    assert in_books(service, firm, lambda books: books.count(Expense)) == 1


def test_the_same_number_of_the_same_supplier_is_warned_of(owner: Browser, service: Service, firm: Firm) -> None:
    supplier, other = add(service, firm, "Dodavatel"), add(service, firm, "Jiný")
    before = enter(service, firm, supplier, original_number="F/77")
    owner.get("/applecorp/expenses/new")
    warning = f"This number of the supplier was entered before: {before.number}"

    def seen(contact_id: int, number: str) -> str:
        posted = typed(contact_id, original_number=number)
        return plain(owner.post("/applecorp/expenses/totals", **posted).text)

    assert warning in seen(supplier.id, "F/77")
    assert warning not in seen(supplier.id, "F/78")
    assert warning not in seen(other.id, "F/77")
    assert warning not in plain(owner.get(f"/applecorp/expenses/{before.id}/edit").text)


def test_a_file_is_deleted_once_that_is_confirmed(owner: Browser, service: Service, firm: Firm) -> None:
    scan = put(service, firm)

    assert "účtenka.pdf" in owner.get(f"{LIST}/{scan.id}/delete").text
    assert owner.post(f"{LIST}/{scan.id}/delete").location == LIST
    assert inbox(service, firm) == []
    assert owner.get(f"{LIST}/{scan.id}/file").status_code == 404


@pytest.mark.parametrize(("permission", "scopes"), [("read", ("expenses",)), ("accountant", ("expenses",))])
def test_who_may_not_write_sees_the_list_and_no_verb(
    owner: Browser, service: Service, firm: Firm, permission: Permission, scopes: tuple[Scope, ...]
) -> None:
    scan = put(service, firm)
    allow(service, firm, permission, scopes)

    page = owner.get(LIST)
    assert page.status_code == 200
    assert "<form" not in page.text.partition("<main")[2]
    for path in (f"{LIST}/{scan.id}/delete", f"/applecorp/expenses/new?scan={scan.id}"):
        assert owner.get(path).status_code == 403


def test_who_was_not_let_into_expenses_sees_no_inbox(owner: Browser, service: Service, firm: Firm) -> None:
    scan = put(service, firm)
    allow(service, firm, "owner", ("invoices",))

    for path in (LIST, f"{LIST}/{scan.id}/file", f"{LIST}/{scan.id}/delete"):
        assert owner.get(path).status_code == 403
    assert LIST not in owner.get("/applecorp/invoices").text


def test_an_expense_shows_the_code_by_which_what_is_left_is_paid(owner: Browser, service: Service, firm: Firm) -> None:
    supplier = add(service, firm, "Dodavatel", iban="CZ6508000000192000145399")
    expense = enter(service, firm, supplier, variable_symbol="77", original_number="F/77")
    code = in_books(service, firm, lambda books: code_to_pay(expense, books.account.country))

    assert code is not None
    assert "ACC:CZ6508000000192000145399*" in code.payload
    assert f"AM:{expense.gross_total:.2f}*" in code.payload
    assert "X-VS:77" in code.payload
    assert 'class="qr"' in owner.get(f"/applecorp/expenses/{expense.id}").text
    in_books(service, firm, lambda books: pay_expense(books, expense.id, Given()))
    assert 'class="qr"' not in owner.get(f"/applecorp/expenses/{expense.id}").text


INVOICE = b"<?xml version='1.0'?><Invoice/>"
TOLD = ReceivedInvoice(
    format="isdoc",
    number="F/77",
    uuid="7c6f5b5a-1111-4222-8333-944444444444",
    supplier=Named(name="Kovárna Brda", country="CZ", registration_no="27074358"),
    issued_on=dt.date(2026, 11, 1),
    due_on=dt.date(2026, 11, 15),
    currency="CZK",
    lines=(ToldLine(name="Kování", unit_price=Decimal(1000), net=Decimal(1000), vat_rate=Decimal(21)),),
    rates=(ToldRate(vat_rate=Decimal(21), net=Decimal(1000), vat=Decimal(210)),),
)


def put_told(service: Service, firm: Firm, **values: Any) -> Expense:
    """An e-invoice that was read."""
    told = replace(TOLD, **values)
    given = Given({"content": INVOICE, "filename": "faktura.isdoc", "read": True})
    scan = in_books(service, firm, lambda books: add_scan(books, given))
    in_books(service, firm, lambda books: read_as(books, scan.id, extraction_of(told), told))
    return scan


def test_an_e_invoice_says_what_is_in_it_and_is_booked_by_one_press(
    owner: Browser, service: Service, firm: Firm
) -> None:
    scan = put_told(service, firm)

    page = plain(owner.get(LIST).text)
    for said in ("ISDOC", "Kovárna Brda", "27074358", "F/77", "CZK 1,000.00", "CZK 210.00", "CZK 1,210.00"):
        assert said in page
    assert "A new contact is made of the supplier." in page
    booked = owner.post(f"{LIST}/{scan.id}/book")
    assert (booked.status_code, booked.location) == (303, f"/applecorp/expenses/{scan.id}")
    expense = in_books(service, firm, lambda books: find_expense(books, scan.id))
    assert (expense.seller.name, expense.gross_total, expense.due_on) == (
        "Kovárna Brda",
        Decimal(1210),
        dt.date(2026, 11, 15),
    )
    assert "The expense was entered." in plain(owner.get(booked.location).text)
    assert inbox(service, firm) == []


def test_what_is_to_be_checked_is_looked_at_before_it_is_booked(owner: Browser, service: Service, firm: Firm) -> None:
    scan = put_told(service, firm, warnings=(Warned("not_for_us", "Jiná s.r.o., 25596641"),))
    here = f"{LIST}/{scan.id}/book"

    for address in (LIST, here):
        assert "The invoice is to somebody else: Jiná s.r.o., 25596641" in plain(owner.get(address).text)
    assert f'action="{here}"' not in owner.get(LIST).text
    owner.get(here)
    refused = owner.post(here)
    assert refused.status_code == 409
    assert "Look at it first" in plain(refused.text)
    assert owner.post(here, confirmed="yes").status_code == 303
    assert inbox(service, firm) == []


def test_what_no_expense_comes_to_is_entered_by_its_form(owner: Browser, service: Service, firm: Firm) -> None:
    rates = (ToldRate(vat_rate=Decimal(21), net=Decimal(1000), vat=Decimal(300)),)
    scan = put_told(service, firm, rates=rates)

    assert "No expense comes to just what the file says." in plain(owner.get(LIST).text)
    owner.get(f"{LIST}/{scan.id}/book")
    assert owner.post(f"{LIST}/{scan.id}/book", confirmed="yes").status_code == 409
    form = owner.get(f"/applecorp/expenses/new?scan={scan.id}").text
    for value in ("F/77", "Kování", "2026-11-15"):
        assert f'value="{value}"' in form


def test_the_same_invoice_leads_to_its_expense_and_its_file_goes_there(
    owner: Browser, service: Service, firm: Firm
) -> None:
    first = put_told(service, firm)
    owner.get(LIST)
    owner.post(f"{LIST}/{first.id}/book")
    again = put_told(service, firm)

    page = plain(owner.get(LIST).text)
    number = in_books(service, firm, lambda books: find_expense(books, first.id)).number
    assert f"This invoice was entered before: {number}" in page
    refused = owner.post(f"{LIST}/{again.id}/book")
    assert refused.status_code == 409
    assert "Nothing is booked twice." in plain(refused.text)
    attached = owner.post(f"{LIST}/{again.id}/attach")
    assert (attached.status_code, attached.location) == (303, f"/applecorp/expenses/{first.id}")
    expense = in_books(service, firm, lambda books: find_expense(books, first.id))
    assert len(expense.attachments) == 2
    assert inbox(service, firm) == []


def test_a_file_is_laid_beside_no_expense_that_is_not_there(owner: Browser, service: Service, firm: Firm) -> None:
    scan, plain_scan = put_told(service, firm), put(service, firm)
    owner.get(LIST)

    for one in (scan, plain_scan):
        assert owner.post(f"{LIST}/{one.id}/attach").status_code == 404
    assert owner.get(f"{LIST}/{plain_scan.id}/book").status_code == 404


def test_what_was_paid_before_is_a_payment_where_somebody_says_so(owner: Browser, service: Service, firm: Firm) -> None:
    scan = put_told(service, firm, prepaid=Decimal(210))

    page = owner.get(f"{LIST}/{scan.id}/book").text
    assert "Record what was paid before as a payment" in plain(page)
    owner.post(f"{LIST}/{scan.id}/book", prepaid="yes")
    expense = in_books(service, firm, lambda books: find_expense(books, scan.id))
    assert [payment.amount for payment in expense.payments] == [Decimal(210)]


@pytest.mark.parametrize("reason", get_args(WhyUnread))
def test_a_file_that_tells_programs_nothing_says_why(
    owner: Browser, service: Service, firm: Firm, reason: WhyUnread
) -> None:
    given = Given({"content": INVOICE, "filename": "a.xml", "read": True})
    scan = in_books(service, firm, lambda books: add_scan(books, given))
    in_books(service, firm, lambda books: cannot_be_read(books, scan.id, Unread(reason, "Faktura urn:x")))

    page = plain(owner.get(LIST).text)
    assert f"{UNREAD[reason]} Faktura urn:x" in page


@pytest.mark.parametrize("doubt", get_args(Doubt))
def test_each_doubt_about_a_file_has_its_sentence(owner: Browser, service: Service, firm: Firm, doubt: Doubt) -> None:
    put_told(service, firm, warnings=(Warned(doubt, "řádek 7"),))

    assert f"{DOUBTS[doubt]} řádek 7" in plain(owner.get(LIST).text)


def test_who_may_not_write_books_nothing(owner: Browser, service: Service, firm: Firm) -> None:
    scan = put_told(service, firm)
    owner.get(LIST)
    allow(service, firm, "read", ("expenses",))

    assert "Book it" not in plain(owner.get(LIST).text)
    assert owner.get(f"{LIST}/{scan.id}/book").status_code == 403
    assert owner.post(f"{LIST}/{scan.id}/book").status_code == 403
    assert len(inbox(service, firm)) == 1
