"""The templates of an account, and those that issue by themselves: under heads, looked for and sorted."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import request
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.generators.listing import PARTS, Filters, Part, chosen_by, counts
from faktura.core.generators.record import Generator
from faktura.core.people.accounts import Account
from faktura.store.queries import Order
from faktura.web.door.books import read_books
from faktura.web.door.lists import Rows, id_asked, order_of, rows_asked, sort_asked
from faktura.web.door.sizes import sized
from faktura.web.generators import pages

SORTS = {
    "added": (Order("id"),),
    "name": (Order("name"),),
    "next": (Order("next_on"), Order("name")),
    "total": (Order("gross_total"), Order("name")),
}
USUAL = "-added"

PART_NAMES: Mapping[Part, Any] = {
    "recurring": lazy_gettext("Recurring"),
    "paused": lazy_gettext("Paused"),
    "failed": lazy_gettext("Failed"),
    "finished": lazy_gettext("Finished"),
    "templates": lazy_gettext("Templates"),
}


class Asked(NamedTuple):
    """What the address asks for."""

    filters: Filters
    sort: str

    @property
    def is_filtered(self) -> bool:
        return bool(self.filters.text or self.filters.contact_id or self.filters.part not in {"recurring", "templates"})


class Found(NamedTuple):
    """A page of the list with its head; customers by id."""

    account: Account
    contact: Contact | None
    rows: Rows[Generator]
    customers: Mapping[int, Contact]
    counts: Mapping[Part, int]


@pages.get("/<slug>/recurring_generators")
def show_all(slug: str) -> Response:
    part: Any = request.args.get("part")
    return _list(slug, part if part in PARTS and part != "templates" else "recurring")


@pages.get("/<slug>/generators")
def show_templates(slug: str) -> Response:
    return _list(slug, "templates")


def _list(slug: str, part: Part) -> Response:
    filters = Filters(part, request.args.get("query", "").strip(), id_asked("subject"))
    asked = Asked(filters, sort_asked(SORTS, USUAL))
    found = read_books(slug, lambda books: _found(books, asked), "invoices")
    return sized("generators/list.html", "generators/rows.html", **found._asdict(), asked=asked, parts=PART_NAMES)


def _found(books: Books, asked: Asked) -> Found:
    contact_id = asked.filters.contact_id
    rows = rows_asked(books, Generator, chosen_by(books, asked.filters, order_of(SORTS, asked.sort)))
    customers = books.some(Contact, sorted({one.contact_id for one in rows.records}))
    return Found(
        books.account,
        None if contact_id is None else books.look_up(Contact, id=contact_id),
        rows,
        {one.id: one for one in customers},
        counts(books),
    )
