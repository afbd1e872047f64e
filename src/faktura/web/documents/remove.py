"""A document is thrown away, where nothing rests on it; and its private note, which accountants may write, too."""

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.invoices.change import change_invoice, delete_invoice, holding
from faktura.core.invoices.find import find_invoice
from faktura.web.documents import pages
from faktura.web.documents.page import address_of
from faktura.web.documents.showing import entries_of
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import Paragraphs
from faktura.web.forms.form import NOTHING, Filled, Form
from faktura.web.forms.saving import save

NOTE = Form(
    Paragraphs("private_note", lazy_gettext("Private note"), hint=lazy_gettext("Only members of the account see it."))
)


@pages.get("/<slug>/invoices/<id:invoice_id>/delete")
def delete(slug: str, invoice_id: int) -> str:
    return _before_deleting(slug, invoice_id, NOTHING.filled())


@pages.post("/<slug>/invoices/<id:invoice_id>/delete")
@keeps_typed
def delete_now(slug: str, invoice_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: delete_invoice(books, invoice_id),
        then=lambda _: url_for("invoices.show_all", slug=slug),
        again=lambda filled: _before_deleting(slug, invoice_id, filled),
        done=lazy_gettext("The document was deleted."),
        scope="invoices",
    )


@pages.get("/<slug>/invoices/<id:invoice_id>/note")
def note(slug: str, invoice_id: int) -> str:
    invoice = read_books(slug, lambda books: find_invoice(books, invoice_id), "invoices", "note")
    return _note_page(slug, invoice_id, NOTE.filled(invoice))


@pages.post("/<slug>/invoices/<id:invoice_id>/note")
@keeps_typed
def note_now(slug: str, invoice_id: int) -> Response:
    return save(
        slug,
        NOTE.posted(),
        lambda books, given: change_invoice(books, invoice_id, given),
        then=lambda _: address_of(slug, invoice_id),
        again=lambda filled: _note_page(slug, invoice_id, filled),
        done=lazy_gettext("The note was kept."),
        scope="invoices",
        deed="note",
    )


def _before_deleting(slug: str, invoice_id: int, filled: Filled) -> str:
    def work(books: Books) -> dict[str, object]:
        invoice = find_invoice(books, invoice_id)
        held = entries_of(books, holding(books, invoice))
        return {"account": books.account, "invoice": invoice, "held": held}

    values = read_books(slug, work, "invoices", "write")
    return render_template("documents/delete.html", filled=filled, **values)


def _note_page(slug: str, invoice_id: int, filled: Filled) -> str:
    account, invoice = read_books(
        slug, lambda books: (books.account, find_invoice(books, invoice_id)), "invoices", "note"
    )
    return render_template("documents/note.html", account=account, invoice=invoice, filled=filled)
