"""What suppliers sent through KSeF waits to be booked: by the month of its issue, one or several at once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from flask import render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.ksef.connection import KsefConnection, connection_of
from faktura.core.ksef.receive import WAITING, fetch_now
from faktura.core.people.accounts import Account
from faktura.core.received.book import book_scans
from faktura.core.received.record import Expense
from faktura.store.queries import Condition, Selection
from faktura.store.sums import Month as InMonth
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.lists import LARGEST_ID, ROWS, Rows, rows_asked
from faktura.web.forms.fields import Text, YesNo
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save
from faktura.web.inbox import pages
from faktura.web.inbox.told import UNREAD, Look, looks_at

FILTERS = Form(Text("query", lazy_gettext("Search invoices")))
KEPT = ("query", "month")
"""Of an address, what chooses and is no page."""

BOOK = Form(YesNo("prepaid", lazy_gettext("Record what was paid before as payments")))


class Month(NamedTuple):
    """In which some wait, as an address names it, by its first day."""

    name: str
    first: dt.date
    waiting: int


class Received(NamedTuple):
    account: Account
    connection: KsefConnection | None
    months: list[Month]
    rows: Rows[Expense]
    looks: Mapping[int, Look]


@pages.get("/<slug>/inbox/ksef")
def received(slug: str) -> str:
    return _page(slug, BOOK.filled())


@pages.post("/<slug>/inbox/ksef")
@keeps_typed
def book_received(slug: str) -> Response:
    ticked = _ticked()
    return save(
        slug,
        BOOK.posted(),
        lambda books, given: _booked(books, ticked, given),
        then=lambda _: url_for("inbox.received", slug=slug, **_asked()),
        again=lambda filled: _page(slug, filled),
        done=lazy_gettext("What was ready is booked."),
        scope="expenses",
    )


@pages.post("/<slug>/inbox/ksef/fetch")
@keeps_typed
def fetch(slug: str) -> Response:
    return save(
        slug,
        BOOK.posted(),
        lambda books, _: fetch_now(books),
        then=lambda _: url_for("inbox.received", slug=slug),
        again=lambda filled: _page(slug, filled),
        done=lazy_gettext("KSeF is asked for new invoices. They will be here in a moment."),
        scope="expenses",
    )


def _booked(books: Books, ticked: list[int], given: Given) -> None:
    book_scans(books, ticked, prepaid=bool(given.get("prepaid")))


def _ticked() -> list[int]:
    numbers = [text for text in request.form.getlist("id")[:ROWS] if text.isascii() and text.isdecimal()]
    return [int(text) for text in numbers if len(text) <= len(str(LARGEST_ID)) and int(text) <= LARGEST_ID]


def _asked() -> dict[str, Any]:
    return {name: request.args[name] for name in KEPT if request.args.get(name)}


def _page(slug: str, filled: Filled) -> str:
    asked, month = FILTERS.asked(), request.args.get("month", "")

    def work(books: Books) -> Received:
        months = months_waiting(books)
        rows = rows_asked(books, Expense, _chosen(asked.given(), months, month))
        return Received(books.account, connection_of(books), months, rows, looks_at(books, rows.records))

    found = read_books(slug, work, "expenses")
    address = url_for("inbox.book_received", slug=slug, **_asked())
    return render_template(
        "inbox/ksef.html", **found._asdict(), month=month, unread=UNREAD, asked=asked, filled=filled, address=address
    )


def months_waiting(books: Books) -> list[Month]:
    """Those of which invoices wait, the last first."""
    found = books.sums(Expense, Selection(WAITING.conditions), (), (InMonth("issued_on"),))
    months = [Month(one.group[0], dt.date.fromisoformat(f"{one.group[0]}-01"), one.records) for one in found]
    return sorted(months, reverse=True)


def _chosen(given: Given, months: Sequence[Month], name: str) -> Selection:
    """What is no month chooses all."""
    conditions = WAITING.conditions
    for month in months:
        if month.name == name:
            last = (month.first + dt.timedelta(days=31)).replace(day=1) - dt.timedelta(days=1)
            conditions += (Condition("issued_on", "gteq", month.first), Condition("issued_on", "lteq", last))
    return Selection(conditions, given.get("query") or "", WAITING.order)
