"""Links to a contact's own page: made, told once, seen to be opened, ended."""

from flask import render_template, session, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.contact_links import end_contact_link, links_of_contact, make_contact_link
from faktura.core.contacts import find_contact
from faktura.web.contacts import pages
from faktura.web.door.addresses import without_root
from faktura.web.door.books import read_books
from faktura.web.door.database import service
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.forms.saving import save, secret_of

TOLD = "link of a contact"
"""Where the session has a secret until the next page, which tells it."""


@pages.get("/<slug>/subjects/<id:contact_id>/links")
def links(slug: str, contact_id: int) -> str:
    return _page(slug, contact_id, NOTHING.filled(), session.pop(TOLD, ""))


@pages.post("/<slug>/subjects/<id:contact_id>/links")
@keeps_typed
def make_link(slug: str, contact_id: int) -> Response:
    """The secret follows from the form, so that one that was sent twice makes and tells one link."""
    filled = NOTHING.posted()
    secret = secret_of(filled, service().secret_key)
    response = save(
        slug,
        filled,
        lambda books, _: make_contact_link(books, contact_id, secret),
        then=lambda _: url_for("contacts.links", slug=slug, contact_id=contact_id),
        again=lambda filled: _page(slug, contact_id, filled),
        scope="invoices",
    )
    if response.location:
        session[TOLD] = secret
    return response


@pages.post("/<slug>/subjects/<id:contact_id>/links/<id:link_id>/end")
@keeps_typed
def end_link(slug: str, contact_id: int, link_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: end_contact_link(books, contact_id, link_id),
        then=lambda _: url_for("contacts.links", slug=slug, contact_id=contact_id),
        again=lambda filled: _page(slug, contact_id, filled),
        done=lazy_gettext("The link opens nothing any more."),
        scope="invoices",
    )


def _page(slug: str, contact_id: int, filled: Filled, secret: str = "") -> str:
    def work(books: Books) -> dict[str, object]:
        contact = find_contact(books, contact_id)
        return {"account": books.account, "contact": contact, "links": links_of_contact(books, contact_id)}

    found = read_books(slug, work, "invoices")
    address = without_root(service().public_url) + url_for("portal.show", slug=slug, secret=secret) if secret else ""
    return render_template("contacts/links.html", filled=filled, address=address, **found)
