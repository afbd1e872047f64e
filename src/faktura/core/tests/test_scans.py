"""Scans: files that wait to be entered as expenses, and are read by a job meanwhile."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from faktura.core.accounts.change import change_account
from faktura.core.books.audit import AUDIT
from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.books.office import Office
from faktura.core.contacts import add_contact
from faktura.core.documents.attachments import Attachment, GivenFile
from faktura.core.documents.events import accounts_to_restate, restate_due
from faktura.core.errors import Given, Invalid, NotFound
from faktura.core.people.accounts import Account
from faktura.core.received.enter import enter_expense
from faktura.core.received.extraction import Extraction, RateSum
from faktura.core.received.find import find_expense
from faktura.core.received.listing import Filters, chosen_by
from faktura.core.received.propose import entered_before, proposed_for
from faktura.core.received.reading import ask_to_read, begin_to_read, cannot_be_read, could_not_read, read_as
from faktura.core.received.record import Expense
from faktura.core.received.scans import INBOX, add_scan, delete_scan, find_scan
from faktura.core.tests.conftest import NOON, Firm, line
from faktura.store.check import check

PDF = b"%PDF-1.7 faktura"


def put(firm: Firm, **values: Any) -> Expense:
    return firm.do(add_scan, Given({"content": PDF, "filename": "uctenka.pdf"} | values))


def enter(firm: Firm, scan: Expense, **values: Any) -> Expense:
    given = {"contact_id": firm.contact.id, "lines": [line(100)], "scan_id": scan.id} | values
    return firm.do(enter_expense, Given(given))


def inbox(firm: Firm) -> list[Expense]:
    return firm.do(Books.all, Expense, INBOX)


def happened(firm: Firm) -> list[str]:
    return [h.name for h in firm.do(Books.all, Happening) if h.kind == Expense.table_name]


def findings(firm: Firm) -> list[str]:
    return check(firm.database, lambda _: None, AUDIT)


def test_a_scan_is_in_the_inbox_and_no_expense(firm: Firm) -> None:
    scan = put(firm)

    assert inbox(firm) == [scan]
    assert (scan.progress, scan.number, scan.attachments[0].size) == ("scan", "", len(PDF))
    assert firm.do(Books.all, Expense, chosen_by(Filters())) == []
    with pytest.raises(NotFound):
        firm.do(find_expense, scan.id)
    assert findings(firm) == []


def test_a_scan_that_is_entered_is_the_expense_with_its_file(firm: Firm) -> None:
    scan = put(firm)
    firm.clock.stand_at(NOON + dt.timedelta(days=2))

    expense = enter(firm, scan, files=[GivenFile("dodaci list.pdf", "application/pdf", b"%PDF-2")])

    assert (expense.id, expense.number, expense.status) == (scan.id, "N20261101", "open")
    assert [file.filename for file in expense.attachments] == ["uctenka.pdf", "dodaci list.pdf"]
    assert expense.created_at == firm.clock.now()
    assert inbox(firm) == []
    assert firm.do(find_expense, scan.id) == expense
    assert firm.do(Books.count, Attachment) == 2
    assert happened(firm) == ["scan_added", "expense_entered", "scan_entered"]
    assert findings(firm) == []


def test_a_scan_is_entered_once(firm: Firm) -> None:
    scan = put(firm)
    enter(firm, scan)

    for again in (
        lambda: enter(firm, scan),
        lambda: firm.do(delete_scan, scan.id),
        lambda: firm.do(find_scan, scan.id),
    ):
        with pytest.raises(NotFound):
            again()
    assert firm.do(Books.count, Expense) == 1
    assert firm.do(find_expense, scan.id).number == "N20261101"


def test_a_scan_stays_where_its_expense_is_refused(firm: Firm) -> None:
    scan = put(firm)

    with pytest.raises(Invalid):
        enter(firm, scan, contact_id=None)

    assert inbox(firm) == [scan]


def test_no_scan_is_ever_overdue(firm: Firm) -> None:
    scan = put(firm)
    firm.clock.stand_at(NOON + dt.timedelta(days=4000))

    assert firm.database.read(lambda tx: accounts_to_restate(Office(tx, firm.clock.now()))) == []
    firm.do(restate_due)
    assert inbox(firm) == [scan]


def test_a_deleted_scan_is_kept_in_the_history_without_its_content(firm: Firm) -> None:
    scan = put(firm)
    firm.do(delete_scan, scan.id)

    assert firm.do(Books.count, Attachment) == 0
    [deletion] = [h for h in firm.do(Books.all, Happening) if h.name == "scan_deleted"]
    assert deletion.snapshot is not None
    assert deletion.snapshot["attachments"][0]["filename"] == "uctenka.pdf"
    assert findings(firm) == []


def test_what_was_read_is_kept_with_the_scan(firm: Firm) -> None:
    scan = put(firm, read=True)
    paper = Extraction(number="F1", total=Decimal(121))
    file = firm.do(begin_to_read, scan.id)
    assert file is not None
    assert file.content == PDF
    firm.do(read_as, scan.id, paper)

    [read] = inbox(firm)
    assert (read.reading, read.paper, read.reading_ended_at) == ("read", paper, NOON)
    assert happened(firm) == ["scan_added", "scan_read"]


def test_a_reading_whose_worker_died_begins_again(firm: Firm) -> None:
    scan = put(firm, read=True)

    assert firm.do(begin_to_read, scan.id) == firm.do(begin_to_read, scan.id)


def test_nothing_is_read_that_nobody_waits_for(firm: Firm) -> None:
    deleted, entered, unasked, done = (put(firm, read=n != 2) for n in range(4))
    firm.do(delete_scan, deleted.id)
    enter(firm, entered)
    firm.do(cannot_be_read, done.id)
    before = firm.do(Books.all, Expense), happened(firm)

    for scan in (deleted, entered, unasked, done):
        assert firm.do(begin_to_read, scan.id) is None
        firm.do(read_as, scan.id, Extraction(number="F1"))
        firm.do(could_not_read, scan.id)
    assert (firm.do(Books.all, Expense), happened(firm)) == before


def test_one_that_waits_is_not_asked_for_twice(firm: Firm) -> None:
    scan = put(firm)
    first = firm.do(ask_to_read, scan.id)

    assert firm.do(ask_to_read, scan.id) == first
    assert happened(firm) == ["scan_added", "scan_asked_to_be_read"]


PAPER = Extraction(
    number="F/77",
    issued_on=dt.date(2026, 11, 1),
    registration_no="27074358",
    vat_no="CZ27074358",
    iban="CZ6508000000192000145399",
    total=Decimal("1210.00"),
    rates=(RateSum(Decimal(21), Decimal(1000), Decimal(210)),),
)


def proposed(firm: Firm, paper: Extraction) -> Given:
    scan = put(firm, read=True)
    firm.do(read_as, scan.id, paper)
    return firm.do(lambda books: proposed_for(books, find_scan(books, scan.id)))


@pytest.mark.parametrize("numbers", [{"registration_no": "27074358"}, {"vat_no": "CZ 27074358"}])
def test_a_scan_proposes_the_supplier_who_goes_by_the_number(firm: Firm, numbers: dict[str, str]) -> None:
    supplier = firm.do(add_contact, Given({"name": "Kovárna"} | numbers))

    assert proposed(firm, PAPER)["contact_id"] == supplier.id


def test_of_two_contacts_with_one_number_neither_is_proposed(firm: Firm) -> None:
    for name in ("Kovárna", "Kovárna, pobočka"):
        firm.do(add_contact, Given({"name": name, "registration_no": "27074358"}))

    assert "contact_id" not in proposed(firm, PAPER)


def test_a_scan_proposes_what_it_says_and_no_more(firm: Firm) -> None:
    given = proposed(firm, PAPER)

    assert set(given) == {"original_number", "issued_on", "taxable_on", "iban", "lines", "price_mode"}
    assert given["lines"] == [{"name": "F/77", "unit_price": Decimal(1000), "vat_rate": Decimal(21)}]
    assert proposed(firm, Extraction(number="F/78")) == {"original_number": "F/78"}


def test_what_is_proposed_comes_to_the_total(firm: Firm) -> None:
    for paper in (PAPER, Extraction(total=Decimal("99.90"))):
        given = proposed(firm, paper) | {"contact_id": firm.contact.id}
        assert firm.do(enter_expense, Given(given)).gross_total == paper.total


def test_who_deducts_no_vat_is_proposed_the_total(firm: Firm) -> None:
    firm.do(lambda books: change_account(books, Given({"vat_mode": "non_vat_payer"})))
    firm.account = firm.do(lambda books: books.tx.get(Account, id=books.account.id))

    assert proposed(firm, PAPER)["lines"] == [{"name": "F/77", "unit_price": Decimal(1210)}]


def test_the_same_number_of_the_same_supplier_was_entered_before(firm: Firm) -> None:
    first, scan = enter(firm, put(firm), original_number="F/77"), put(firm)

    assert firm.do(entered_before, firm.contact.id, "F/77") == first
    assert firm.do(entered_before, firm.contact.id, "F/77", first.id) is None
    assert firm.do(entered_before, firm.contact.id, "F/78") is None
    assert firm.do(entered_before, firm.contact.id, None) is None
    assert firm.do(entered_before, None, "F/77") is None
    assert scan.original_number is None
