"""A file of somebody's is looked through: what it is, what would be read from it, and what is wrong with it."""

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.people.accounts import Account
from faktura.core.received.file_checks import MOST_MEGABYTES, FileCheck, find_check, order_check
from faktura.web.door.bodies import takes_up_to
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.sizes import sized
from faktura.web.forms.fields import File
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save
from faktura.web.inbox import pages
from faktura.web.inbox.told import DOUBTS, FORMATS, UNREAD
from faktura.web.inbox.words import NOT_ASKED, SORTS

AGAIN = 2
"""Seconds after which a browser asks again whether it is done."""

FILE = Form(
    File(
        "content",
        lazy_gettext("File"),
        accept=".isdoc,.isdocx,.xml,.pdf,.zip",
        hint=lazy_gettext("ISDOC, ISDOCX, UBL, CII, or a PDF with one of them inside, up to 15 MB."),
    )
)


@pages.get("/<slug>/inbox/check")
def check(slug: str) -> str:
    return _form(slug, FILE.filled())


@pages.post("/<slug>/inbox/check")
@takes_up_to((MOST_MEGABYTES + 1) * 1_000_000)
@keeps_typed
def check_now(slug: str) -> Response:
    return save(
        slug,
        FILE.posted(),
        lambda books, given: order_check(books, _told(given)),
        then=lambda check_id: url_for("inbox.checked", slug=slug, check_id=check_id),
        again=lambda filled: _form(slug, filled),
        scope="expenses",
    )


@pages.get("/<slug>/inbox/check/<id:check_id>")
def checked(slug: str, check_id: int) -> Response:
    """Without scripts the browser loads the page again until it is done."""

    def work(books: Books) -> tuple[Account, FileCheck]:
        return books.account, find_check(books, check_id)

    account, found = read_books(slug, work, "expenses", "write")
    words = {"formats": FORMATS, "sorts": SORTS, "unread": UNREAD, "doubts": DOUBTS, "not_asked": NOT_ASKED}
    answer = sized("inbox/checked.html", "inbox/findings.html", account=account, check=found, **words)
    if found.state == "waiting":
        answer.headers["Refresh"] = str(AGAIN)
    return answer


def _form(slug: str, filled: Filled) -> str:
    account = read_books(slug, lambda books: books.account, "expenses", "write")
    return render_template("inbox/check.html", account=account, filled=filled)


def _told(given: Given) -> Given:
    """The file alone; without one nothing is said of it."""
    file = given.get("content")
    return Given({} if file is None else {"content": file.content, "filename": file.filename})
