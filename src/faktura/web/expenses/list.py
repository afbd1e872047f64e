"""The expenses of an account: under heads, looked for, filtered and sorted, all in the address."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from flask import request
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.countries.pl.lists import cost_categories
from faktura.core.documents.status import status_of
from faktura.core.people.accounts import Account
from faktura.core.received.listing import PARTS, Filters, Part, chosen_by, counts
from faktura.core.received.record import Expense
from faktura.store.queries import Order
from faktura.web.door.books import read_books
from faktura.web.door.lists import Rows, id_asked, order_of, rows_asked, sort_asked
from faktura.web.door.names import ACCOUNTINGS, EXPENSE_KINDS, categories
from faktura.web.door.sizes import sized
from faktura.web.expenses import pages
from faktura.web.forms.fields import Choice, Date, Text
from faktura.web.forms.form import Filled, Form

SORTS = {
    "entered": (Order("id"),),
    "number": (Order("number"),),
    "issued": (Order("issued_on"), Order("number")),
    "due": (Order("due_on"), Order("number")),
    "total": (Order("gross_total"), Order("number")),
}
USUAL = "-entered"

PART_NAMES: Mapping[Part, Any] = {
    "all": lazy_gettext("All"),
    "unpaid": lazy_gettext("Unpaid"),
    "overdue": lazy_gettext("Overdue"),
    "paid": lazy_gettext("Paid"),
}

FILTERS = Form(
    Text("query", lazy_gettext("Search expenses")),
    Choice("kind", lazy_gettext("Kind"), options=EXPENSE_KINDS.items, empty=lazy_gettext("All")),
    Choice("accounting", lazy_gettext("Books"), options=ACCOUNTINGS.items, empty=lazy_gettext("All")),
    Choice("category", lazy_gettext("Category"), options=categories, empty=lazy_gettext("All")),
    Date("since", lazy_gettext("From")),
    Date("until", lazy_gettext("To")),
    Text("tag", lazy_gettext("Tag")),
)


NARROWING = ("kind", "accounting", "category", "since", "until", "tag")

CHOICES: Mapping[str, Collection[str]] = {
    "kind": EXPENSE_KINDS,
    "accounting": ACCOUNTINGS,
    "category": cost_categories(),
}
"""What a filter may be of."""


class Asked(NamedTuple):
    """What the address asks for: fields as they stand in it, and what they come to."""

    filled: Filled
    filters: Filters
    sort: str

    @property
    def narrowed(self) -> bool:
        return any(getattr(self.filters, name) for name in NARROWING)


class Found(NamedTuple):
    """A page of the list with its head; each expense with its status of today."""

    account: Account
    contact: Contact | None
    rows: Rows[Expense]
    entries: Sequence[tuple[Expense, str]]
    counts: Mapping[Part, int]


@pages.get("/<slug>/expenses")
def show_all(slug: str) -> Response:
    asked = _asked()
    found = read_books(slug, lambda books: _found(books, asked), "expenses")
    shown = found._asdict() | {"asked": asked, "parts": PART_NAMES, "narrowing": NARROWING}
    return sized("expenses/list.html", "expenses/rows.html", **shown)


def _asked() -> Asked:
    """What is no value of its field filters nothing, and stands in it with a reason."""
    filled = FILTERS.asked()
    given = {name: value for name, value in filled.given().items() if value is not None}
    values = {name: value for name, value in given.items() if value in CHOICES.get(name, {value})}
    part: Any = request.args.get("part", "all")
    filters = Filters(
        part=part if part in PARTS else "all",
        text=values.pop("query", ""),
        contact_id=id_asked("subject"),
        **values,
    )
    return Asked(filled, filters, sort_asked(SORTS, USUAL))


def _found(books: Books, asked: Asked) -> Found:
    rows = rows_asked(books, Expense, chosen_by(asked.filters, order_of(SORTS, asked.sort)))
    contact_id = asked.filters.contact_id
    return Found(
        books.account,
        None if contact_id is None else books.look_up(Contact, id=contact_id),
        rows,
        [(expense, status_of(expense, books.today)) for expense in rows.records],
        counts(books),
    )
