"""A template by itself: for whom it is, what stands in it, and when it issues next."""

from collections.abc import Callable
from typing import NamedTuple

from flask import render_template

from faktura.core.books.books import Books
from faktura.core.contacts import Contact, find_contact
from faktura.core.generators.change import find_generator
from faktura.core.generators.record import Generator
from faktura.core.generators.recur import find_recurring
from faktura.core.people.accounts import Account
from faktura.web.door.books import read_books
from faktura.web.generators import pages


class Looked(NamedTuple):
    """A template as a member sees it."""

    account: Account
    generator: Generator
    contact: Contact


@pages.get("/<slug>/generators/<id:generator_id>")
def show(slug: str, generator_id: int) -> str:
    return _page(slug, lambda books: find_generator(books, generator_id))


@pages.get("/<slug>/recurring_generators/<id:recurring_id>")
def show_recurring(slug: str, recurring_id: int) -> str:
    return _page(slug, lambda books: find_recurring(books, recurring_id))


def _page(slug: str, find: Callable[[Books], Generator]) -> str:
    def work(books: Books) -> Looked:
        generator = find(books)
        return Looked(books.account, generator, find_contact(books, generator.contact_id))

    return render_template("generators/page.html", **read_books(slug, work, "invoices")._asdict())
