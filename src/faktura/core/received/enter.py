"""Enter an expense: everything about it is settled, and only then its number is taken."""

import datetime as dt
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import Any, cast, get_args

from faktura.core.books.books import Books
from faktura.core.books.history import Event
from faktura.core.contacts import Contact
from faktura.core.countries.pl.lists import cost_categories
from faktura.core.documents.amounts import add_up, free_of_vat
from faktura.core.documents.attachments import GivenFile, attach, check_files
from faktura.core.documents.checks import (
    FIRST_YEAR,
    LAST_YEAR,
    RULES,
    Rules,
    check,
    check_currency,
    check_dates,
    check_rate,
    due_days_between,
    tidy,
)
from faktura.core.documents.exchange import set_rate
from faktura.core.documents.keeping import name_new, write_new
from faktura.core.documents.lines import given_lines
from faktura.core.documents.numbers import number_format, number_new
from faktura.core.documents.stock import check_restock
from faktura.core.errors import Given, Problems, WrongState
from faktura.core.received.record import Expense, ExpenseKind
from faktura.core.received.repeated import booked_before, uuid_of
from faktura.core.received.risks import look_before_payment
from faktura.core.received.scans import find_scan
from faktura.core.received.supplier import supplier_named, supplier_of
from faktura.core.texts import check_texts

WHOLE = 100


def enter_expense(books: Books, given: Given, rules: Rules = RULES) -> Expense:
    """Enter an expense; a None among the given values is the attribute's default.

    Besides the attributes of an expense: `lines` (as `given_lines` takes them), `files` to attach, and `scan_id` of a
    scan that it is made of.

    Raises:
        Invalid: a value breaks a rule; no number was used up.
        NotFound: a line has an id, or there is no such scan.
        WrongState: the scan is an e-invoice that was booked before.

    """
    problems = Problems(given.unread)
    values = told(given, problems)
    scan = find_scan(books, values.pop("scan_id")) if "scan_id" in values else None
    files: Sequence[GivenFile] = values.pop("files", ())
    number: str | None = values.pop("number", None)
    contact = supplier_named(books, values.pop("contact_id", None), problems)
    if contact is None:
        problems.refuse()
    expense = compose(books, cast("Contact", contact), values, given.keys(), rules, problems)
    check_files(() if scan is None else scan.attachments, files, problems)
    used = number_format(books, "expense", None, problems)
    if used is not None:
        number_new(books, expense, used, number, rules, problems)
    problems.refuse()
    if scan is not None:
        return _enter_scan(books, scan, expense, files)
    name_new(books, expense, files)
    entered = write_new(books, expense, "entered")
    look_before_payment(books, None, entered)
    return entered


def _enter_scan(books: Books, scan: Expense, expense: Expense, files: Sequence[GivenFile]) -> Expense:
    """The scan itself becomes the expense, which begins now: who asks what is new since yesterday is to hear of it."""
    if scan.told is not None:
        expense.original_uuid = uuid_of(scan.told)
        if booked_before(books, scan.told, expense.contact_id) is not None:
            raise WrongState("booked_before")
    expense.id, expense.uuid = scan.id, scan.uuid
    expense.source, expense.notes, expense.accounting = scan.source, scan.notes, scan.accounting
    expense.ksef_number = scan.ksef_number
    expense.category = expense.category or scan.category
    expense.attachments = (*scan.attachments, *attach(books, expense, files))
    entered = write_new(books, expense, "entered", scan=scan)
    books.note_event(Event("scan_entered", scan, made=entered))
    look_before_payment(books, None, entered)
    return entered


def told(given: Given, problems: Problems) -> dict[str, Any]:
    """What is said of a new expense; a None says nothing."""
    check_texts(Expense, given, problems)
    return {name: value for name, value in given.items() if value is not None}


def compose(
    books: Books,
    contact: Contact,
    values: dict[str, Any],
    attributes: AbstractSet[str],
    rules: Rules,
    problems: Problems,
) -> Expense:
    """All of an expense but its number and its files: its terms, lines, rate and sums."""
    values = {name: value for name, value in values.items() if name not in {"files", "number", "scan_id"}}
    lines: Sequence[Given] = values.pop("lines", ())
    expense = _begun(books, contact, values)
    check_currency(expense, None, rules, problems)
    set_rate(books, expense)
    check_rate(expense, rules, problems)
    expense.lines = given_lines(books, expense, lines, (), problems)
    free_of_vat(expense)
    check_expense(add_up(expense), attributes, problems)
    check_restock(books, None, expense, problems)
    return expense


def check_expense(expense: Expense, attributes: AbstractSet[str], problems: Problems) -> None:
    """Add what is wrong with the attributes that were given."""
    check_dates(expense, problems, due="due_on")
    if not FIRST_YEAR <= expense.received_on.year <= LAST_YEAR:
        problems.add("received_on", "not_a_date")
    if expense.kind not in _KINDS:
        problems.add("kind", "not_in_list")
    if expense.category is not None and expense.category not in cost_categories():
        problems.add("category", "not_in_list")
    if not 0 <= expense.deductible_percent <= WHOLE:
        problems.add("deductible_percent", "not_in_list")
    check(expense, attributes, problems)


def _begun(books: Books, contact: Contact, values: dict[str, Any]) -> Expense:
    account, today = books.account, books.today
    first = supplier_of(contact) | {
        "currency": account.currency,
        "issued_on": today,
        "taxable_on": today,
        "received_on": today,
    }
    expense = Expense(
        account.id,
        0,
        1,
        books.now,
        books.now,
        uuid=books.tx.chance.uuid(Expense.table_name),
        native_currency=account.currency,
        own_vat_mode=account.vat_mode,
        added_by_id=books.user_id,
        **(first | values),
    )
    if "due_on" not in values:
        expense.due_on = _usual_due(expense.issued_on, account.due_days)
    expense.due_days = due_days_between(expense.issued_on, expense.due_on)
    tidy(expense)
    return expense


def _usual_due(issued_on: dt.date, days: int) -> dt.date:
    """A day of issue at the end of time is refused afterwards."""
    return min(issued_on, dt.date(LAST_YEAR + 1, 1, 1)) + dt.timedelta(days=days)


_KINDS = frozenset(get_args(ExpenseKind))
