"""What is done with a contact: a registry is asked about it; it is deleted, where nothing names it."""

from flask import render_template, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.books.uses import in_use
from faktura.core.contacts import delete_contact, find_contact
from faktura.core.invoices.record import Invoice
from faktura.core.registries.payers import note_asked
from faktura.outside.registries.payer import question_about
from faktura.web.contacts import pages
from faktura.web.contacts.page import documents_of, last_documents
from faktura.web.door.books import may, read_books
from faktura.web.door.database import service
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.forms.saving import save
from faktura.web.registries.asking import asked_now


@pages.post("/<slug>/subjects/<id:contact_id>/check")
def check(slug: str, contact_id: int) -> Response:
    return asked_now(
        slug,
        lambda books: question_about(service().registries, books.account, find_contact(books, contact_id)),
        lambda books, answer: note_asked(books, contact_id, answer),
        url_for("contacts.show", slug=slug, contact_id=contact_id),
    )


@pages.get("/<slug>/subjects/<id:contact_id>/delete")
def delete(slug: str, contact_id: int) -> str:
    return _before_deleting(slug, contact_id, NOTHING.filled())


@pages.post("/<slug>/subjects/<id:contact_id>/delete")
@keeps_typed
def delete_now(slug: str, contact_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: delete_contact(books, contact_id),
        then=lambda _: url_for("contacts.show_all", slug=slug),
        again=lambda filled: _before_deleting(slug, contact_id, filled),
        done=lazy_gettext("The contact was deleted."),
    )


def _before_deleting(slug: str, contact_id: int, filled: Filled) -> str:
    """With the documents that name it, as far as the person may see them."""

    def work(books: Books) -> dict[str, object]:
        contact = find_contact(books, contact_id)
        return {
            "account": books.account,
            "contact": contact,
            "held": in_use(books, contact),
            "documents": last_documents(books, contact),
            "count": books.count(Invoice, documents_of(contact)) if may("invoices") else 0,
        }

    return render_template("contacts/delete.html", filled=filled, **read_books(slug, work))
