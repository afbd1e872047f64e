"""A template is typed: a new one, of a document, or changed; and a new document is typed of one."""

from typing import NamedTuple

from flask import make_response, request
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.contacts import Contact, find_contact
from faktura.core.documents.merge import as_it_was
from faktura.core.errors import Given
from faktura.core.generators.change import add_generator, find_generator
from faktura.core.generators.documents import RULES, document_of, find_repeatable
from faktura.core.generators.merge import change_generator_since, merge_typed
from faktura.core.generators.plan import again_after
from faktura.core.generators.record import Generator
from faktura.core.invoices.record import Invoice
from faktura.web.documents.editor import LONGEST_FORM, with_a_spare_line
from faktura.web.documents.editor import page as document_editor
from faktura.web.documents.fields import Desk, copy_of, desk_of, editor, usual
from faktura.web.documents.meeting import met
from faktura.web.door.bodies import takes_up_to
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.lists import id_asked
from faktura.web.door.sizes import is_part
from faktura.web.forms.form import Filled
from faktura.web.forms.saving import save
from faktura.web.generators import pages
from faktura.web.generators.editor import page, posted
from faktura.web.generators.fields import (
    Table,
    changed_told,
    generator_form,
    of_document,
    shown_of,
    table_of,
    told,
    usual_of,
)
from faktura.web.generators.page import address_of


class Begun(NamedTuple):
    """What a new template is of: a customer, or a document."""

    table: Table
    contact: Contact | None
    invoice: Invoice | None


@pages.get("/<slug>/generators/new")
def new(slug: str) -> str:
    return _new(slug, recurring=False)


@pages.get("/<slug>/recurring_generators/new")
def new_recurring(slug: str) -> str:
    return _new(slug, recurring=True)


@pages.post("/<slug>/generators/new")
@takes_up_to(LONGEST_FORM)
@keeps_typed
def add(slug: str) -> Response:
    return save(
        slug,
        posted(slug),
        lambda books, given: add_generator(books, told(given), RULES),
        then=lambda generator_id: address_of(slug, generator_id),
        again=lambda filled: page(slug, filled),
        done=lazy_gettext("The template was added."),
        scope="invoices",
    )


@pages.get("/<slug>/generators/<id:generator_id>/edit")
def edit(slug: str, generator_id: int) -> str:
    return page(slug, read_books(slug, lambda books: _as_it_is(books, generator_id), "invoices", "write"))


@pages.post("/<slug>/generators/<id:generator_id>/edit")
@takes_up_to(LONGEST_FORM)
@keeps_typed
def change(slug: str, generator_id: int) -> Response:
    return save(
        slug,
        posted(slug).having("changes", str(generator_id)),
        lambda books, given: _changed(books, generator_id, given),
        then=lambda _: address_of(slug, generator_id),
        again=lambda refused: page(
            slug, read_books(slug, lambda books: _met(books, generator_id, refused), "invoices")
        ),
        done=lazy_gettext("The template was changed."),
        scope="invoices",
    )


@pages.post("/<slug>/generators/totals")
@takes_up_to(LONGEST_FORM)
@keeps_typed
def totals(slug: str) -> Response:
    """What its next document comes to as it is typed; without a script that is the whole page, with a line to fill."""
    filled = posted(slug)
    if is_part():
        return make_response(page(slug, filled, "generators/recount.html"))
    return make_response(page(slug, with_a_spare_line(filled, request.form.get("without", "")).unread()))


@pages.get("/<slug>/generators/<id:generator_id>/document")
def new_document(slug: str, generator_id: int) -> str:
    """A document that is like that of today, to be looked through and issued."""

    def work(books: Books) -> tuple[Desk, Invoice]:
        return desk_of(books), document_of(books, find_generator(books, generator_id), books.today).invoice

    desk, invoice = read_books(slug, work, "invoices", "write")
    own = {"taxable_on": invoice.taxable_on, "generator_id": generator_id}
    return document_editor(slug, editor(desk).filled(**{**usual(desk), **copy_of(invoice), **own}))


def _new(slug: str, *, recurring: bool) -> str:
    contact_id, invoice_id = id_asked("subject"), id_asked("document")

    def work(books: Books) -> Begun:
        contact = None if contact_id is None else books.look_up(Contact, id=contact_id)
        return Begun(table_of(books), contact, None if invoice_id is None else find_repeatable(books, invoice_id))

    begun = read_books(slug, work, "invoices", "write")
    first = usual_of(begun.table.desk, recurring=recurring, contact=begun.contact)
    if begun.invoice is not None:
        first |= of_document(begun.invoice)
        first["start_on"] = again_after(begun.invoice.issued_on, begun.table.desk.today)
    return page(slug, generator_form(begun.table, recurring=recurring).filled(**first))


def _as_it_is(books: Books, generator_id: int) -> Filled:
    generator = find_generator(books, generator_id)
    form = generator_form(table_of(books), recurring=generator.recurring)
    return form.filled(**shown_of(generator, find_contact(books, generator.contact_id)))


def _changed(books: Books, generator_id: int, given: Given) -> Generator:
    now = find_generator(books, generator_id)
    return change_generator_since(books, now.id, given.get("version") or now.version, changed_told(given, now))


def _met(books: Books, generator_id: int, filled: Filled) -> Filled:
    now, given = find_generator(books, generator_id), filled.given()
    if (version := given.get("version")) in {None, now.version}:
        return filled
    merged = merge_typed(books, now, version, changed_told(given, now))
    return met(filled, _as_it_is(books, generator_id), as_it_was(books, now, version), merged)
