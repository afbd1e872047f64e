"""An e-invoice of the inbox is booked by one press, or once somebody has looked at it; or its file goes elsewhere."""

from typing import NamedTuple

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.people.accounts import Account
from faktura.core.received.book import attach_to_same, book_scan, find_told
from faktura.core.received.record import Expense
from faktura.core.received.scans import find_scan
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.expenses.page import address_of
from faktura.web.forms.fields import YesNo
from faktura.web.forms.form import NOTHING, Filled, Form
from faktura.web.forms.saving import save
from faktura.web.inbox import pages
from faktura.web.inbox.told import DOUBTS, Look, look_at

BOOK = Form(
    YesNo("confirmed", lazy_gettext("I have looked at it: it is right so")),
    YesNo("prepaid", lazy_gettext("Record what was paid before as a payment")),
)


class Looked(NamedTuple):
    account: Account
    scan: Expense
    look: Look


@pages.get("/<slug>/inbox/<id:told_id>/book")
def look(slug: str, told_id: int) -> str:
    return _page(slug, told_id, BOOK.filled())


@pages.post("/<slug>/inbox/<id:told_id>/book")
@keeps_typed
def book(slug: str, told_id: int) -> Response:
    return save(
        slug,
        BOOK.posted(),
        lambda books, given: _booked(books, told_id, given),
        then=lambda expense_id: address_of(slug, expense_id),
        again=lambda filled: _page(slug, told_id, filled),
        done=lazy_gettext("The expense was entered."),
        scope="expenses",
    )


@pages.post("/<slug>/inbox/<id:told_id>/attach")
@keeps_typed
def attach(slug: str, told_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: attach_to_same(books, told_id),
        then=lambda expense_id: address_of(slug, expense_id),
        again=lambda filled: _page(slug, told_id, BOOK.filled().saying(*filled.said)),
        done=lazy_gettext("The file lies beside the expense."),
        scope="expenses",
    )


def _booked(books: Books, scan_id: int, given: Given) -> Expense:
    return book_scan(books, scan_id, confirmed=bool(given.get("confirmed")), prepaid=bool(given.get("prepaid")))


def _page(slug: str, scan_id: int, filled: Filled) -> str:
    def work(books: Books) -> Looked:
        scan = find_scan(books, scan_id)
        return Looked(books.account, scan, look_at(books, find_told(scan)))

    looked = read_books(slug, work, "expenses", "write")
    back = url_for("inbox.show_all", slug=slug)
    return render_template("inbox/book.html", **looked._asdict(), doubts=DOUBTS, filled=filled, back=back)
