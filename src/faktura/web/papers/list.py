"""The papers of an account: those of a kind, and of a month."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import request
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.papers.listing import Filters, chosen_by, counts
from faktura.core.papers.record import Paper, PaperKind
from faktura.core.people.accounts import Account
from faktura.store.queries import Order
from faktura.web.door.books import read_books
from faktura.web.door.lists import Rows, order_of, rows_asked, sort_asked
from faktura.web.door.names import PAPER_KINDS
from faktura.web.door.sizes import sized
from faktura.web.forms.fields import Date
from faktura.web.forms.form import Filled, Form
from faktura.web.papers import pages

SORTS = {
    "issued": (Order("issued_on"), Order("id")),
    "number": (Order("number"), Order("id")),
    "total": (Order("gross_total"), Order("id")),
}
USUAL = "-issued"

MOST_IN_FILE = 10_000

FILTERS = Form(Date("since", lazy_gettext("From")), Date("until", lazy_gettext("To")))


class Asked(NamedTuple):
    """What the address asks for."""

    filled: Filled
    filters: Filters
    sort: str


class Found(NamedTuple):
    account: Account
    rows: Rows[Paper]
    counts: Mapping[PaperKind, int]


@pages.get("/<slug>/papers")
def show_all(slug: str) -> Response:
    asked = asked_for()
    found = read_books(slug, lambda books: _found(books, asked), "invoices")
    return sized(
        "papers/list.html", "papers/rows.html", **found._asdict(), asked=asked, kinds=PAPER_KINDS, most=MOST_IN_FILE
    )


def asked_for() -> Asked:
    """What is no value of its field filters nothing, and stands in it with a reason."""
    filled = FILTERS.asked()
    kind: Any = request.args.get("kind")
    filters = Filters(kind=kind if kind in PAPER_KINDS else None, **filled.given())
    return Asked(filled, filters, sort_asked(SORTS, USUAL))


def _found(books: Books, asked: Asked) -> Found:
    rows = rows_asked(books, Paper, chosen_by(asked.filters, order_of(SORTS, asked.sort)))
    return Found(books.account, rows, counts(books))
