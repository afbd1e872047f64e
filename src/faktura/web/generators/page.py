"""A template by itself: when it issues next and what, what came of it, and all that happened to it."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import NamedTuple

from flask import render_template, url_for
from flask_babel import lazy_gettext

from faktura.core.books.books import Books
from faktura.core.books.history import Happening
from faktura.core.contacts import Contact, find_contact
from faktura.core.errors import Problem
from faktura.core.generators.change import find_generator
from faktura.core.generators.compose import DAYS_SHOWN
from faktura.core.generators.documents import document_of, hindrances, made_by
from faktura.core.generators.plan import days_ahead
from faktura.core.generators.record import Generator
from faktura.core.generators.recur import find_recurring
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.store.queries import Condition, Order, Selection
from faktura.web.documents.showing import Entry, entries_of
from faktura.web.door.books import read_books
from faktura.web.forms.fields import Words
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.forms.sentences import sentence
from faktura.web.generators import pages
from faktura.web.history.events import Done, done_in
from faktura.web.history.labels import label_of

MOST_EVENTS = 100
MOST_MADE = 20


class Looked(NamedTuple):
    """A template as a member sees it: `document` is what it makes next, `made` the last of what it made.

    `hindered` by attribute of the document is what that could not be issued for now.
    """

    account: Account
    generator: Generator
    contact: Contact
    document: Invoice
    days: list[dt.date]
    hindered: Mapping[str, list[Problem]]
    made: list[Entry]
    made_in_all: int
    happened: list[Done]


class Hindrance(NamedTuple):
    """What is wrong with a value of a document, in words."""

    label: Words
    words: Words


Find = Callable[[Books], Generator]


@pages.get("/<slug>/generators/<id:generator_id>")
def show(slug: str, generator_id: int) -> str:
    return generator_page(slug, lambda books: find_generator(books, generator_id), NOTHING.filled())


@pages.get("/<slug>/recurring_generators/<id:recurring_id>")
def show_recurring(slug: str, recurring_id: int) -> str:
    return recurring_page(slug, recurring_id, NOTHING.filled())


def recurring_page(slug: str, recurring_id: int, filled: Filled) -> str:
    """The page, also after a verb that has no page of its own was refused."""
    return generator_page(slug, lambda books: find_recurring(books, recurring_id), filled)


def generator_page(slug: str, find: Find, filled: Filled) -> str:
    looked = read_books(slug, lambda books: _looked(books, find(books)), "invoices")
    shown = looked._asdict() | {"hindered": in_words(looked.hindered)}
    return render_template("generators/page.html", **shown, filled=filled)


def in_words(hindered: Mapping[str, list[Problem]]) -> list[Hindrance]:
    """Each with the name that documents have for what is wrong."""
    return [
        Hindrance(_label(attribute), sentence(problem)) for attribute, found in hindered.items() for problem in found
    ]


def address_of(slug: str, generator_id: int) -> str:
    """Of either sort: a recurring one is found among the templates, too."""
    return url_for("generators.show", slug=slug, generator_id=generator_id)


def address_of_recurring(slug: str, recurring_id: int) -> str:
    return url_for("generators.show_recurring", slug=slug, recurring_id=recurring_id)


def _looked(books: Books, generator: Generator) -> Looked:
    made = made_by(generator)
    return Looked(
        books.account,
        generator,
        find_contact(books, generator.contact_id),
        document_of(books, generator).invoice,
        days_ahead(generator, DAYS_SHOWN),
        hindrances(books, generator) if generator.failed_at else {},
        entries_of(books, books.some_in_order(Invoice, made, MOST_MADE)),
        books.count(Invoice, Selection(made.conditions)),
        done_in(books, books.some_in_order(Happening, _about(generator), MOST_EVENTS)),
    )


def _about(generator: Generator) -> Selection:
    named = Condition("kind", "eq", Generator.table_name), Condition("record_id", "eq", generator.id)
    return Selection(named, order=(Order("id", descending=True),))


def _label(attribute: str) -> Words:
    name, _, of_line = attribute.partition(".")
    return label_of(Invoice.table_name, of_line or name) or lazy_gettext("The document")
