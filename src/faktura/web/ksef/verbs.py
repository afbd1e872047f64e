"""A document is sent to KSeF by one press, issued beside it, and taken back as long as it waits."""

from flask import url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.ksef.sendings import withdraw
from faktura.outputs.e_invoices.ksef import send
from faktura.outputs.e_invoices.ksef_offline import send_offline
from faktura.web.documents.page import address_of, document_page
from faktura.web.door.database import service
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import Words
from faktura.web.forms.form import NOTHING
from faktura.web.forms.saving import Undoable, Verb, save
from faktura.web.ksef import pages


@pages.post("/<slug>/ksef/<id:invoice_id>/send")
@keeps_typed
def send_now(slug: str, invoice_id: int) -> Response:
    """For the first time, or again."""

    def verb(books: Books, _: Given) -> None:
        send(books, invoice_id)

    back = url_for("ksef.take_back", slug=slug, invoice_id=invoice_id)
    return _pressed(slug, invoice_id, verb, Undoable(lazy_gettext("The document goes to KSeF."), lambda _: back))


@pages.post("/<slug>/ksef/<id:invoice_id>/send-offline")
@keeps_typed
def send_beside(slug: str, invoice_id: int) -> Response:
    """It goes there as soon as that is possible."""
    key = service().secret_key

    def verb(books: Books, _: Given) -> None:
        send_offline(books, invoice_id, key)

    done = lazy_gettext("The document is issued, and its print has both codes. It goes to KSeF by itself.")
    return _pressed(slug, invoice_id, verb, done)


@pages.post("/<slug>/ksef/<id:invoice_id>/take-back")
@keeps_typed
def take_back(slug: str, invoice_id: int) -> Response:
    def verb(books: Books, _: Given) -> None:
        withdraw(books, invoice_id)

    done = lazy_gettext("The document was taken back, and does not go to KSeF.")
    return _pressed(slug, invoice_id, verb, done)


def _pressed(slug: str, invoice_id: int, verb: Verb, done: Words | Undoable) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        verb,
        then=lambda _: f"{address_of(slug, invoice_id)}#ksef",
        again=lambda filled: document_page(slug, invoice_id, filled),
        done=done,
        scope="invoices",
    )
