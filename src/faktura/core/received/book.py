"""An e-invoice in the inbox is booked by one press, never twice; its file goes to the expense that is there already."""

from collections.abc import Iterable
from typing import Literal

from faktura.core.books.books import Books
from faktura.core.contacts import add_contact
from faktura.core.documents.attachments import GivenFile, attach, check_files, find_attachment
from faktura.core.documents.keeping import keep_change
from faktura.core.errors import Given, NotFound, Problems, WrongState
from faktura.core.ksef.received import note_booked
from faktura.core.received.booking import booking_of
from faktura.core.received.enter import enter_expense
from faktura.core.received.find import find_expense
from faktura.core.received.pay import pay_expense
from faktura.core.received.received_invoice import ReceivedInvoice
from faktura.core.received.record import Expense
from faktura.core.received.repeated import booked_before
from faktura.core.received.scans import delete_scan, find_scan
from faktura.core.received.supplier import supplier_known, supplier_told
from faktura.store.records import changed

Readiness = Literal["ready", "to_be_checked", "by_form"]
"""Whether one press books it, a person says first that it is right, or its form is to be filled in."""


def readiness_of(books: Books, told: ReceivedInvoice) -> Readiness:
    """By the form goes what lacks a supplier, number or day, is due before that, or comes to what no expense does."""
    supplier, issued_on = told.supplier, told.issued_on
    is_named = bool(supplier.name.strip() or supplier.vat_no or supplier.registration_no)
    if not (is_named and told.number and issued_on) or (told.due_on or issued_on) < issued_on:
        return "by_form"
    if not booking_of(told, books.account).agrees:
        return "by_form"
    if told.is_to_be_checked or told.sort == "proforma":
        return "to_be_checked"
    return "ready"


def book_scan(books: Books, scan_id: int, *, confirmed: bool = False, prepaid: bool = False) -> Expense:
    """Enter what an e-invoice tells, and its supplier where nobody goes by those numbers and that name.

    What it says was paid before is a payment only where somebody says so, too: `prepaid`.

    Raises:
        NotFound: there is no such scan, or it is no e-invoice.
        WrongState: it is to be checked first and nobody `confirmed` it, or it was booked before.
        Invalid: a value breaks a rule, so that only a person can enter it.
        LimitReached: the plan allows no more contacts.

    """
    scan = find_scan(books, scan_id)
    told = find_told(scan)
    readiness = readiness_of(books, told)
    if readiness == "by_form" or (readiness == "to_be_checked" and not confirmed):
        raise WrongState("to_be_checked")
    contact = supplier_known(books, told.supplier)
    if booked_before(books, told, contact.id if contact else None) is not None:
        raise WrongState("booked_before")
    contact = contact or add_contact(books, supplier_told(told))
    expense = enter_expense(
        books, Given(booking_of(told, books.account).values | {"contact_id": contact.id, "scan_id": scan.id})
    )
    if prepaid and told.prepaid:
        paid = Given({"amount": told.prepaid, "paid_on": expense.issued_on})
        expense, _ = pay_expense(books, expense.id, paid)
    return expense


def book_scans(books: Books, scan_ids: Iterable[int], *, prepaid: bool = False) -> list[Expense]:
    """Book those of them that are ready; the others wait on, and whoever booked one before is not stopped by it.

    Raises:
        WrongState: none of them is ready.
        Invalid: a value breaks a rule, so that only a person can enter it.
        LimitReached: the plan allows no more contacts.

    """
    scans = sorted((one for one in books.some(Expense, sorted(set(scan_ids)))), key=lambda scan: scan.id)
    booked = [book_scan(books, scan.id, prepaid=prepaid) for scan in scans if _is_ready(books, scan)]
    if not booked:
        raise WrongState("to_be_checked")
    return booked


def _is_ready(books: Books, scan: Expense) -> bool:
    if scan.progress != "scan" or scan.told is None or readiness_of(books, scan.told) != "ready":
        return False
    contact = supplier_known(books, scan.told.supplier)
    return booked_before(books, scan.told, contact.id if contact else None) is None


def find_told(scan: Expense) -> ReceivedInvoice:
    """What a scan tells programs.

    Raises:
        NotFound: nothing.

    """
    if scan.told is None:
        raise NotFound(Expense.table_name)
    return scan.told


def attach_to_same(books: Books, scan_id: int) -> Expense:
    """Lay the files of an e-invoice beside the expense that was made of the same one.

    Raises:
        NotFound: there is no such scan, it is no e-invoice, or it was not booked.
        WrongState: the expense is locked, or the scan is being read.
        Invalid: there are too many files, or they are too large.

    """
    told = find_told(find_scan(books, scan_id))
    supplier = supplier_known(books, told.supplier)
    before = booked_before(books, told, supplier.id if supplier else None)
    if before is None:
        raise NotFound(Expense.table_name)
    return attach_scan(books, scan_id, before.id)


def attach_scan(books: Books, scan_id: int, expense_id: int) -> Expense:
    """Lay the files of a scan beside an expense, and take it out of the inbox.

    Raises:
        NotFound: there is no such scan or expense.
        WrongState: the expense is locked, or the scan is being read.
        Invalid: there are too many files, or they are too large.

    """
    scan, expense = find_scan(books, scan_id), find_expense(books, expense_id)
    if expense.locked_at is not None:
        raise WrongState("locked")
    kept = [find_attachment(books, scan, file.id) for file in scan.attachments]
    files = [GivenFile(file.filename, file.content_type, file.content) for file in kept]
    problems = Problems()
    check_files(expense.attachments, files, problems)
    problems.refuse()
    delete_scan(books, scan.id)
    note_booked(books, scan.id, expense.id)
    attachments = (*expense.attachments, *attach(books, expense, files))
    number = expense.ksef_number or scan.ksef_number
    return keep_change(books, expense, changed(expense, attachments=attachments, ksef_number=number))
