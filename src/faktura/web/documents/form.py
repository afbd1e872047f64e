"""A document is typed and issued: a new one, or a copy of another."""

from flask import make_response, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.documents.checks import Rules
from faktura.core.errors import Given
from faktura.core.invoices.correct import find_copyable
from faktura.core.invoices.drafts import issue_draft
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.outputs.e_invoices.ksef import send
from faktura.web.documents import pages
from faktura.web.documents.drafts import draft_named
from faktura.web.documents.editor import LONGEST_FORM, page, posted, with_a_spare_line
from faktura.web.documents.fields import (
    MARGIN,
    NEW_KINDS,
    OSS,
    Desk,
    copy_of,
    desk_for,
    desk_of,
    desk_of_oss,
    editor,
    new_lines,
    told,
    usual,
)
from faktura.web.door.bodies import takes_up_to
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.lists import id_asked
from faktura.web.door.sizes import is_part
from faktura.web.forms.saving import save

OF_PEOPLE = Rules(whole_seller=True)
"""Programs issue by their contract; people are told before what their firm has not said yet."""


@pages.get("/<slug>/invoices/new")
def new(slug: str) -> str:
    kind, contact_id = request.args.get("kind", ""), id_asked("subject")

    def work(books: Books) -> tuple[Desk, Contact | None]:
        contact = None if contact_id is None else books.look_up(Contact, id=contact_id)
        if kind == OSS:
            return desk_of_oss(books, contact.country if contact else None), contact
        return desk_of(books, of_margin=kind == MARGIN), contact

    desk, contact = read_books(slug, work, "invoices", "write")
    first = {**usual(desk), "contact_id": contact} | ({"kind": kind} if kind in NEW_KINDS else {})
    return page(slug, editor(desk).filled(**first))


@pages.get("/<slug>/invoices/<id:invoice_id>/copy")
def copy(slug: str, invoice_id: int) -> str:
    def work(books: Books) -> tuple[Desk, Invoice]:
        invoice = find_copyable(books, invoice_id)
        return desk_for(books, invoice), invoice

    desk, invoice = read_books(slug, work, "invoices", "write")
    return page(slug, editor(desk).filled(**(dict(usual(desk)) | copy_of(invoice))))


@pages.post("/<slug>/invoices/new")
@takes_up_to(LONGEST_FORM)
@keeps_typed
def issue(slug: str) -> Response:
    filled, to_ksef = posted(slug), request.form.get("then") == "ksef"
    return save(
        slug,
        filled,
        lambda books, given: _issued(books, given, filled.once, to_ksef=to_ksef),
        then=lambda invoice_id: url_for(_leads_to(), slug=slug, invoice_id=invoice_id),
        again=lambda filled: page(slug, filled),
        done=lazy_gettext("The document was issued."),
        scope="invoices",
    )


@pages.post("/<slug>/invoices/totals")
@takes_up_to(LONGEST_FORM)
@keeps_typed
def totals(slug: str) -> Response:
    """What it comes to as it is typed; without a script that is the whole page again, with one more line to fill."""
    filled = posted(slug)
    if is_part():
        return make_response(page(slug, filled, "documents/recount.html"))
    return make_response(page(slug, with_a_spare_line(filled, request.form.get("without", "")).unread()))


def _leads_to() -> str:
    """To the document, or to its letter, which is seen before it leaves."""
    return "invoices.send" if request.form.get("then") == "send" else "invoices.show"


def _issued(books: Books, given: Given, once: str, *, to_ksef: bool) -> Invoice:
    """Nothing is issued where KSeF would refuse what is to go there at once."""
    draft_id, values = draft_named(books, given.get("draft"), once), new_lines(told(given))
    issued = (
        issue_invoice(books, values, OF_PEOPLE) if draft_id is None else issue_draft(books, draft_id, values, OF_PEOPLE)
    )
    if to_ksef:
        send(books, issued.id)
    return issued
