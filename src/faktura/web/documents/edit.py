"""A document that was issued is changed; what somebody else changed since it was opened is kept, or shown beside."""

from http import HTTPStatus

from flask import make_response, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.documents.merge import as_it_was
from faktura.core.errors import Given, WrongState
from faktura.core.invoices.drafts import drop_draft
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.merge import change_since, merge_typed
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.mark import held_by_ksef
from faktura.web.documents import pages
from faktura.web.documents.drafts import draft_named
from faktura.web.documents.editor import LONGEST_FORM, page, posted
from faktura.web.documents.fields import Desk, change_told, desk_for, editor, shown_of
from faktura.web.documents.meeting import met
from faktura.web.door.bodies import takes_up_to
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.form import Filled
from faktura.web.forms.saving import save
from faktura.web.forms.sentences import reason


@pages.get("/<slug>/invoices/<id:invoice_id>/edit")
def edit(slug: str, invoice_id: int) -> Response:
    def work(books: Books) -> tuple[Desk, Invoice]:
        invoice = find_invoice(books, invoice_id)
        return desk_for(books, invoice, invoice.taxable_on or invoice.issued_on), invoice

    desk, invoice = read_books(slug, work, "invoices", "write")
    filled = editor(desk).filled(**shown_of(invoice))
    held = "locked" if invoice.locked_at is not None else held_by_ksef(invoice.ksef)
    if held is not None:
        return make_response(page(slug, filled.saying(reason(WrongState(held)))), HTTPStatus.CONFLICT)
    return make_response(page(slug, filled))


@pages.post("/<slug>/invoices/<id:invoice_id>/edit")
@takes_up_to(LONGEST_FORM)
@keeps_typed
def change(slug: str, invoice_id: int) -> Response:
    filled = posted(slug).having("changes", str(invoice_id))
    return save(
        slug,
        filled,
        lambda books, given: _changed(books, invoice_id, given, filled.once),
        then=lambda _: url_for("invoices.show", slug=slug, invoice_id=invoice_id),
        again=lambda refused: page(slug, read_books(slug, lambda books: _met(books, invoice_id, refused), "invoices")),
        done=lazy_gettext("The document was changed."),
        scope="invoices",
    )


def _changed(books: Books, invoice_id: int, given: Given, once: str) -> Invoice:
    now = find_invoice(books, invoice_id)
    version, values = given.get("version") or now.version, change_told(given, now)
    kept = change_since(books, invoice_id, version, values, confirmed=given["confirmed"])
    if (draft_id := draft_named(books, given.get("draft"), once)) is not None:
        drop_draft(books, draft_id)
    return kept


def _met(books: Books, invoice_id: int, filled: Filled) -> Filled:
    now, given = find_invoice(books, invoice_id), filled.given()
    if (version := given.get("version")) in {None, now.version}:
        return filled
    merged = merge_typed(books, now, version, change_told(given, now))
    return met(filled, filled.form.filled(**shown_of(now)), as_it_was(books, now, version), merged)
