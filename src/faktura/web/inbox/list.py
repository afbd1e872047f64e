"""What waits in the inbox, and how a file is put there."""

from typing import NamedTuple

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import Given, Invalid, Problem
from faktura.core.ksef.connection import connection_of
from faktura.core.people.accounts import Account
from faktura.core.received.record import Expense
from faktura.core.received.scans import INBOX, MOST_MEGABYTES, add_scan
from faktura.store.queries import Condition, Selection
from faktura.web.door.bodies import takes_up_to
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.lists import Rows, rows_asked
from faktura.web.forms.fields import File
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save
from faktura.web.inbox import pages
from faktura.web.inbox.told import DOUBTS, UNREAD, Look, looks_at

UPLOAD = Form(
    File(
        "content",
        lazy_gettext("File"),
        accept=".pdf,.xml,.isdoc,.isdocx,image/*",
        hint=lazy_gettext(
            "Choose it or drop it here: a PDF, an e-invoice (ISDOC, XML) or a picture, up to 15 MB. What it says is "
            "read for you."
        ),
    )
)


FILES = Selection((*INBOX.conditions, Condition("source", "in", ("uploaded", "entered"))), order=INBOX.order)
"""What came from KSeF has a page of its own."""


class Waiting(NamedTuple):
    account: Account
    rows: Rows[Expense]
    looks: dict[int, Look]
    connected: bool


@pages.get("/<slug>/inbox")
def show_all(slug: str) -> str:
    return inbox_page(slug, UPLOAD.filled())


@pages.post("/<slug>/inbox")
@takes_up_to((MOST_MEGABYTES + 1) * 1_000_000)
@keeps_typed
def upload(slug: str) -> Response:
    return save(
        slug,
        UPLOAD.posted(),
        lambda books, given: add_scan(books, _told(given)),
        then=lambda _: url_for("inbox.show_all", slug=slug),
        again=lambda filled: inbox_page(slug, filled),
        done=lazy_gettext("The file is in the inbox."),
        scope="expenses",
    )


def inbox_page(slug: str, filled: Filled) -> str:
    """The list, also after a verb that has no page of its own was refused."""

    def work(books: Books) -> Waiting:
        rows = rows_asked(books, Expense, FILES)
        return Waiting(books.account, rows, looks_at(books, rows.records), connection_of(books) is not None)

    waiting = read_books(slug, work, "expenses")
    return render_template("inbox/list.html", **waiting._asdict(), doubts=DOUBTS, unread=UNREAD, filled=filled)


def _told(given: Given) -> Given:
    if (file := given.get("content")) is None:
        raise Invalid({"content": [Problem("blank")]})
    return Given({"content": file.content, "filename": file.filename, "read": True})
