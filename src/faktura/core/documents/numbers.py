"""The number of a document: taken from its series, or given and then found to be free."""

import datetime as dt
import functools
from typing import ClassVar, NamedTuple, Protocol

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.documents.checks import Rules
from faktura.core.documents.numbering import (
    Numbered,
    NumberFormat,
    counter_in,
    counter_spelled,
    format_for,
    leave_out,
    number,
    pass_counter,
    period_of,
    take_counter,
)
from faktura.core.errors import NotFound, Problems
from faktura.store.queries import Condition, Selection
from faktura.store.records import Tenant
from faktura.store.statements import Query

LONGEST_NUMBER = 100
"""Letters. It stands in indexes beside the name of a buyer, and both together in one entry (`LONGEST_INDEXED`)."""


class Placed(Protocol):
    """A record with a number, which may have a place in a series."""

    table_name: ClassVar[str]
    table: ClassVar[sa.Table]
    id: int
    number: str
    number_format_id: int | None
    period: str | None
    counter: int | None
    issued_on: dt.date

    @property
    def kind(self) -> str: ...


class Place(NamedTuple):
    """A number, and its place in a series where it has one."""

    number: str
    number_format_id: int
    period: str | None = None
    counter: int | None = None


def number_format(books: Books, kind: Numbered, format_id: int | None, problems: Problems) -> NumberFormat | None:
    try:
        return format_for(books, kind, format_id)
    except NotFound:
        problems.add("number_format_id", "not_in_list")
        return None


def given_place(
    books: Books, document: Placed, text: str, used: NumberFormat, rules: Rules, problems: Problems
) -> Place:
    """The place of a number that came from outside."""
    if len(text) > LONGEST_NUMBER:
        problems.add("number", "too_long", LONGEST_NUMBER)
    counter = counter_in(used.pattern, text, document.issued_on)
    is_misspelled = counter is None and counter_spelled(used.pattern, text, document.issued_on) is not None
    if is_misspelled or (counter is None and rules.number_fits_format):
        problems.add("number", "wrong_number")
    if _is_used(books, document, text, used.id) or _was_deleted(books, document, text, used.id):
        if not rules.number_may_repeat:
            problems.add("number", "number_used")
        counter = None
    if counter is None:
        return Place(text, used.id)
    return Place(text, used.id, period_of(used.pattern, document.issued_on), counter)


def next_place(books: Books, document: Placed, used: NumberFormat) -> Place:
    """Take the next number; what somebody wrote there by hand is passed over."""
    period = period_of(used.pattern, document.issued_on)
    while True:
        counter = take_counter(books, used, document.issued_on)
        text = number(used.pattern, counter, document.issued_on)
        if not _is_used(books, document, text, used.id):
            return Place(text, used.id, period, counter)
        leave_out(books, used.id, period, counter, counter, "written")


def put_in_place(document: Placed, place: Place) -> None:
    document.number, document.number_format_id, document.period, document.counter = place


def keep_given_place(books: Books, document: Placed, place: Place, used: NumberFormat) -> None:
    """Put a document in a place that came from outside; its series goes on behind it."""
    put_in_place(document, place)
    if place.counter is not None:
        pass_counter(books, used, document.issued_on, place.counter)


def number_new(
    books: Books, document: Placed, used: NumberFormat, text: str | None, rules: Rules, problems: Problems
) -> None:
    """Look at a number that was given; take one only where nothing is wrong."""
    if text := (text or "").strip():
        place = given_place(books, document, text, used, rules, problems)
        problems.refuse()
        keep_given_place(books, document, place, used)
    else:
        problems.refuse()
        number_it(books, document, used)


def number_it(books: Books, document: Placed, used: NumberFormat) -> None:
    """Give the document the next number of a format."""
    put_in_place(document, next_place(books, document, used))


def renumber(books: Books, old: Placed, new: Placed, kind: Numbered, rules: Rules, problems: Problems) -> None:
    """Find the place of another number."""
    used = number_format(books, kind, old.number_format_id, problems)
    if used is None:
        return
    place = given_place(books, new, new.number, used, rules, problems)
    problems.refuse()
    keep_given_place(books, new, place, used)
    if old.counter is not None and old.period is not None and (old.period, old.counter) != (new.period, new.counter):
        leave_out(books, used.id, old.period, old.counter, old.counter, "renumbered")


def check_period(books: Books, document: Placed, problems: Problems) -> None:
    """Add that a number from a series tells another year or month than the document's day does now."""
    used = books.look_up(NumberFormat, id=document.number_format_id)
    if used is not None and counter_in(used.pattern, document.number, document.issued_on) != document.counter:
        problems.add("number", "wrong_number")


def digits_of(text: str) -> str:
    return "".join(letter for letter in text if letter.isascii() and letter.isdecimal())


def _is_used(books: Books, document: Placed, text: str, format_id: int) -> bool:
    """By another document of the same kind or series."""
    same = books.tx.rows(_same_number(type(document)), account_id=books.account.id, number=text)
    others = [(kind, used) for found_id, kind, used in same if found_id != document.id]
    return any(kind == document.kind or used == format_id for kind, used in others)


def _was_deleted(books: Books, document: Placed, text: str, format_id: int) -> bool:
    """From the same kind or series."""
    table = type(document).table_name
    called = books.all(Happening, Selection((Condition("number", "eq", text), Condition("kind", "eq", table))))
    gone = [deletion.snapshot for deletion in called if deletion.snapshot]
    return any(was["kind"] == document.kind or was["number_format_id"] == format_id for was in gone)


@functools.cache
def _same_number(cls: type[Tenant]) -> Query:
    c = cls.table.c
    named = c.account_id == sa.bindparam("account_id"), c.number == sa.bindparam("number")
    return Query(sa.select(c.id, c.kind, c.number_format_id).where(*named))
