"""The number of a document: taken from its series, or given and then found to be free."""

from typing import NamedTuple

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.documents.checks import Rules
from faktura.core.documents.numbering import (
    NumberFormat,
    counter_in,
    format_for,
    leave_out,
    number,
    pass_counter,
    period_of,
    take_counter,
)
from faktura.core.errors import NotFound, Problems
from faktura.core.invoices.record import Deleted, Invoice, Kind
from faktura.store.queries import Condition, Selection
from faktura.store.records import LONGEST_INDEXED
from faktura.store.statements import Query


class Place(NamedTuple):
    """A number, and its place in a series where it has one."""

    number: str
    number_format_id: int
    period: str | None = None
    counter: int | None = None


def number_format(books: Books, kind: Kind, format_id: int | None, problems: Problems) -> NumberFormat | None:
    try:
        return format_for(books, kind, format_id)
    except NotFound:
        problems.add("number_format_id", "not_in_list")
        return None


def given_place(
    books: Books, invoice: Invoice, text: str, used: NumberFormat, rules: Rules, problems: Problems
) -> Place:
    """The place of a number that came from outside."""
    if len(text) > LONGEST_INDEXED:
        problems.add("number", "too_long", LONGEST_INDEXED)
    counter = counter_in(used.pattern, text, invoice.issued_on)
    if counter is None and rules.number_fits_format:
        problems.add("number", "wrong_number")
    if _is_used(books, invoice, text, used.id) or _was_deleted(books, invoice, text):
        if not rules.number_may_repeat:
            problems.add("number", "number_used")
        counter = None
    if counter is None:
        return Place(text, used.id)
    return Place(text, used.id, period_of(used.pattern, invoice.issued_on), counter)


def next_place(books: Books, invoice: Invoice, used: NumberFormat) -> Place:
    """Take the next number; what somebody wrote there by hand is passed over."""
    period = period_of(used.pattern, invoice.issued_on)
    while True:
        counter = take_counter(books, used, invoice.issued_on)
        text = number(used.pattern, counter, invoice.issued_on)
        if not _is_used(books, invoice, text, used.id):
            return Place(text, used.id, period, counter)
        leave_out(books, used.id, period, counter, counter, "written")


def put_in_place(invoice: Invoice, place: Place) -> None:
    invoice.number, invoice.number_format_id, invoice.period, invoice.counter = place


def keep_given_place(books: Books, invoice: Invoice, place: Place, used: NumberFormat) -> None:
    """Put a document in a place that came from outside; its series goes on behind it."""
    put_in_place(invoice, place)
    if place.counter is not None:
        pass_counter(books, used, invoice.issued_on, place.counter)


def digits_of(text: str) -> str:
    """The variable symbol that follows from a number (2.4)."""
    return "".join(letter for letter in text if letter.isascii() and letter.isdecimal())


def _is_used(books: Books, invoice: Invoice, text: str, format_id: int) -> bool:
    """By another document of the same kind or series."""
    same = books.tx.rows(_SAME_NUMBER, account_id=books.account.id, number=text)
    return any(found_id != invoice.id and (kind == invoice.kind or used == format_id) for found_id, kind, used in same)


def _was_deleted(books: Books, invoice: Invoice, text: str) -> bool:
    thrown_away = Selection((Condition("kind", "eq", invoice.kind), Condition("number", "eq", text)))
    return books.count(Deleted, thrown_away) > 0


_i = Invoice.table.c

_SAME_NUMBER = Query(
    sa.select(_i.id, _i.kind, _i.number_format_id).where(
        _i.account_id == sa.bindparam("account_id"), _i.number == sa.bindparam("number")
    )
)
