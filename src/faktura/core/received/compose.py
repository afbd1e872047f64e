"""An expense as it would be entered or changed now, before it is: its totals, and what is wrong."""

from collections.abc import Mapping
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.books.trial import Trial
from faktura.core.contacts import Contact
from faktura.core.documents.checks import RULES, Rules
from faktura.core.errors import Given, Problem, Problems
from faktura.core.received.change import revise
from faktura.core.received.enter import compose, told
from faktura.core.received.find import find_expense
from faktura.core.received.record import Expense
from faktura.core.received.supplier import supplier_named


class Composition(NamedTuple):
    """`problems` by attribute are what it would be refused for; without a supplier everything else is there."""

    expense: Expense
    problems: Mapping[str, list[Problem]]


def compose_expense(books: Books, given: Given, rules: Rules = RULES) -> Composition:
    """What `enter_expense` would make of the same values; nothing is written, no number is taken.

    Raises:
        NotFound: a line has an id.

    """
    trial, problems = Trial.of(books), Problems(given.unread)
    values = told(given, problems)
    nobody = Contact(books.account.id, 0, 1, books.now, books.now, name="", uuid="")
    contact = supplier_named(trial, values.pop("contact_id", None), problems) or nobody
    expense = compose(trial, contact, values, given.keys(), rules, problems)
    return Composition(expense, problems.by_attribute())


def compose_change(books: Books, expense_id: int, given: Given, rules: Rules = RULES) -> Composition:
    """What `change_expense` would make of an expense; nothing is written.

    Raises:
        NotFound: there is no such expense, or no such line in it.

    """
    trial, problems = Trial.of(books), Problems(given.unread)
    revised = revise(trial, find_expense(books, expense_id), given, rules, problems)
    return Composition(revised.expense, problems.by_attribute())
