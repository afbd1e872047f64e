"""What is done with a file of the inbox: it is downloaded, read again and thrown away."""

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.received.find import file_of
from faktura.core.received.reading import ask_to_read
from faktura.core.received.scans import delete_scan, find_scan
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.expenses.page import sent_as_file
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.forms.saving import save
from faktura.web.inbox import pages
from faktura.web.inbox.list import UPLOAD, inbox_page


@pages.get("/<slug>/inbox/<id:scan_id>/file")
def download(slug: str, scan_id: int) -> Response:
    return sent_as_file(read_books(slug, lambda books: file_of(books, find_scan(books, scan_id)), "expenses"))


@pages.post("/<slug>/inbox/<id:scan_id>/read")
@keeps_typed
def read(slug: str, scan_id: int) -> Response:
    return save(
        slug,
        UPLOAD.posted(),
        lambda books, _: ask_to_read(books, scan_id),
        then=lambda _: url_for("inbox.show_all", slug=slug),
        again=lambda filled: inbox_page(slug, filled),
        done=lazy_gettext("The file will be read in a moment."),
        scope="expenses",
    )


@pages.get("/<slug>/inbox/<id:scan_id>/delete")
def delete(slug: str, scan_id: int) -> str:
    return _before_deleting(slug, scan_id, NOTHING.filled())


@pages.post("/<slug>/inbox/<id:scan_id>/delete")
@keeps_typed
def delete_now(slug: str, scan_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: delete_scan(books, scan_id),
        then=lambda _: url_for("inbox.show_all", slug=slug),
        again=lambda filled: _before_deleting(slug, scan_id, filled),
        done=lazy_gettext("The file was deleted."),
        scope="expenses",
    )


def _before_deleting(slug: str, scan_id: int, filled: Filled) -> str:
    account, scan = read_books(slug, lambda books: (books.account, find_scan(books, scan_id)), "expenses", "write")
    return render_template("inbox/delete.html", account=account, scan=scan, filled=filled)
