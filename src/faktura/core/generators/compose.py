"""A generator as it would be kept, before it is: its next document, the days to come, and what is wrong with it."""

import datetime as dt
from collections.abc import Mapping
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.books.trial import Trial
from faktura.core.contacts import Contact, contact_named
from faktura.core.documents.checks import Rules
from faktura.core.errors import Given, Problem, Problems
from faktura.core.generators.change import begin, find_generator, revise, taken_away
from faktura.core.generators.documents import RULES, document_of
from faktura.core.generators.plan import PLAN, days_ahead
from faktura.core.generators.record import Generator
from faktura.core.invoices.compose import Composition
from faktura.core.texts import check_texts

DAYS_SHOWN = 3
"""Days to come that people are shown, so that they see how the end of a month is meant."""


class Ahead(NamedTuple):
    """`document` is the next one as it would be issued on its day; of what does not recur, as it would be today.

    `problems` by attribute are what the generator would be refused for. Without a customer everything else is there.
    """

    generator: Generator
    document: Composition
    days: list[dt.date]
    problems: Mapping[str, list[Problem]]


def compose_generator(books: Books, given: Given, rules: Rules = RULES) -> Ahead:
    """What `add_generator` would make of the same values; nothing is written.

    Raises:
        NotFound: a line has an id.

    """
    trial, problems = Trial.of(books), Problems(given.unread)
    check_texts(Generator, given, problems)
    contact = contact_named(trial, given.get("contact_id"), problems) or _nobody(trial)
    return _ahead(trial, begin(trial, contact, given, rules, problems), problems)


def compose_generator_change(books: Books, generator_id: int, given: Given, rules: Rules = RULES) -> Ahead:
    """What `change_generator` would make of a generator; nothing is written.

    Raises:
        NotFound: there is no such generator, or no such line in it.

    """
    trial, problems = Trial.of(books), Problems(given.unread)
    old, values = find_generator(trial, generator_id), taken_away(given)
    check_texts(Generator, given, problems)
    contact = contact_named(trial, values.get("contact_id", old.contact_id), problems) or _nobody(trial)
    return _ahead(trial, revise(trial, old, contact, values, rules, problems), problems)


def _ahead(trial: Trial, generator: Generator, problems: Problems) -> Ahead:
    wrong = problems.by_attribute()
    days = [] if wrong.keys() & PLAN else days_ahead(generator, DAYS_SHOWN)
    return Ahead(generator, document_of(trial, generator, days[0] if days else trial.today), days, wrong)


def _nobody(books: Books) -> Contact:
    return Contact(books.account.id, 0, 1, books.now, books.now, name="", uuid="")
