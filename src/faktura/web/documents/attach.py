"""A file is put beside a document, for its customer and for whoever keeps the books."""

from flask import render_template
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.documents.attachments import MOST_MEGABYTES
from faktura.core.errors import Given, Invalid, Problem
from faktura.core.invoices.change import change_invoice
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.record import Invoice
from faktura.web.documents import pages
from faktura.web.documents.page import address_of
from faktura.web.door.bodies import takes_up_to
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import File
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save

FILE = Form(
    File(
        "files",
        lazy_gettext("File"),
        required=True,
        hint=lazy_gettext("Whoever opens the document finds it there, its customer as well."),
    )
)

LONGEST_FORM = (MOST_MEGABYTES + 1) * 1_000_000


@pages.get("/<slug>/invoices/<id:invoice_id>/attach")
def attach(slug: str, invoice_id: int) -> str:
    return _page(slug, invoice_id, FILE.filled())


@pages.post("/<slug>/invoices/<id:invoice_id>/attach")
@takes_up_to(LONGEST_FORM)
@keeps_typed
def attach_now(slug: str, invoice_id: int) -> Response:
    return save(
        slug,
        FILE.posted(),
        lambda books, given: _attached(books, invoice_id, given),
        then=lambda _: address_of(slug, invoice_id),
        again=lambda filled: _page(slug, invoice_id, filled),
        done=lazy_gettext("The file was put beside the document."),
        scope="invoices",
    )


def _attached(books: Books, invoice_id: int, given: Given) -> Invoice:
    if (file := given.get("files")) is None:
        raise Invalid({"files": [Problem("blank")]})
    return change_invoice(books, invoice_id, Given({"files": [file.attached]}, given.unread))


def _page(slug: str, invoice_id: int, filled: Filled) -> str:
    account, invoice = read_books(
        slug, lambda books: (books.account, find_invoice(books, invoice_id)), "invoices", "write"
    )
    return render_template("documents/attach.html", account=account, invoice=invoice, filled=filled)
