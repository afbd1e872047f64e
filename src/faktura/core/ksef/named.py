"""What a payment is for, by the numbers of KSeF in its text: no evidence is stronger (art. 108g)."""

from collections.abc import Iterable
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.collective import numbers_behind
from faktura.core.ksef.numbers import numbers_in
from faktura.core.received.record import Expense
from faktura.store.queries import Condition, Selection


class Named(NamedTuple):
    """Documents that a text names, in its order; `unknown` are numbers and identifiers that stand for none of ours."""

    invoices: tuple[Invoice, ...] = ()
    expenses: tuple[Expense, ...] = ()
    unknown: tuple[str, ...] = ()


def named_in(books: Books, text: str) -> Named:
    """The documents whose numbers stand in a text, by themselves or behind a collective identifier."""
    found = numbers_in(text)
    behind = {identifier: numbers_behind(books, identifier) for identifier in found.collectives}
    numbers = dict.fromkeys((*found.numbers, *(number for some in behind.values() for number in some)))
    invoices = [one for number in numbers for one in books.all(Invoice, _by(number))]
    expenses = [one for number in numbers for one in books.all(Expense, _by(number))]
    known = {one.ksef_number for one in invoices} | {one.ksef_number for one in expenses}
    return Named(tuple(invoices), tuple(expenses), tuple(_unknown(found.numbers, known, behind)))


def _unknown(numbers: Iterable[str], known: set[str | None], behind: dict[str, tuple[str, ...]]) -> Iterable[str]:
    yield from (number for number in numbers if number not in known)
    yield from (identifier for identifier, some in behind.items() if not known.intersection(some))


def _by(number: str) -> Selection:
    return Selection((Condition("ksef_number", "eq", number),))
