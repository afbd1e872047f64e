"""Two contacts that are one: which of them it is with, then field by field what the kept one says."""

from typing import Any

from flask import abort, render_template, request, url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.contacts import STREET_LINE, Contact, find_contact
from faktura.core.errors import Given
from faktura.core.merging import merge_contacts
from faktura.core.people.accounts import Account
from faktura.web.contacts import pages
from faktura.web.contacts.form import CONTACT
from faktura.web.contacts.pick import contacts_offered
from faktura.web.door.books import read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.lists import id_asked
from faktura.web.forms.fields import Choice, Pick, YesNo
from faktura.web.forms.form import Filled, Form
from faktura.web.forms.saving import save

OTHER = Form(Pick("other", lazy_gettext("The same as"), endpoint="contacts.pick", required=True))

KEPT, GONE = "kept", "gone"


@pages.get("/<slug>/subjects/<id:contact_id>/merge")
def merge(slug: str, contact_id: int) -> str:
    other_id, words = id_asked("other"), request.args.get("other-words", "").strip()
    if other_id is not None and other_id != contact_id:
        account, kept, gone = _both(slug, contact_id, other_id)
        return _choosing(account, kept, gone, _form(kept, gone).filled(_first(kept, gone)))
    account, contact, offered = read_books(
        slug, lambda books: (books.account, find_contact(books, contact_id), contacts_offered(books, words))
    )
    others = [option for option in offered if option.id != contact_id] if words else []
    filled = OTHER.filled().offering("other", others)
    return render_template("contacts/merge.html", account=account, contact=contact, filled=filled, words=words)


@pages.post("/<slug>/subjects/<id:contact_id>/merge")
@keeps_typed
def merge_now(slug: str, contact_id: int) -> Response:
    other_id = id_asked("other") or abort(404)
    account, kept, gone = _both(slug, contact_id, other_id)
    return save(
        slug,
        _form(kept, gone).posted(),
        lambda books, given: merge_contacts(books, contact_id, other_id, _taken_over(gone, given)),
        then=lambda _: url_for("contacts.show", slug=slug, contact_id=contact_id),
        again=lambda filled: _choosing(account, kept, gone, filled),
        done=lazy_gettext("The two contacts are one now."),
    )


def _both(slug: str, kept_id: int, gone_id: int) -> tuple[Account, Contact, Contact]:
    def work(books: Books) -> tuple[Account, Contact, Contact]:
        return books.account, find_contact(books, kept_id), find_contact(books, gone_id)

    return read_books(slug, work)


def _choosing(account: Account, kept: Contact, gone: Contact, filled: Filled) -> str:
    return render_template("contacts/merging.html", account=account, kept=kept, gone=gone, filled=filled)


def _form(kept: Contact, gone: Contact) -> Form:
    """A choice for each field in which the two differ."""
    return Form(*(Choice(name, _label(name), options=_options(name, kept, gone)) for name in _differing(kept, gone)))


def _differing(kept: Contact, gone: Contact) -> list[str]:
    texts = [name for name, field in CONTACT.fields.items() if not isinstance(field, YesNo)]
    return [name for name in texts if name != STREET_LINE and getattr(kept, name) != getattr(gone, name)]


def _label(name: str) -> Any:
    return CONTACT.fields[name].label


def _options(name: str, kept: Contact, gone: Contact) -> Any:
    words = [(which, str(getattr(contact, name) or "–")) for which, contact in ((KEPT, kept), (GONE, gone))]
    return lambda: words


def _first(kept: Contact, gone: Contact) -> dict[str, str]:
    """What the kept one does not say, it takes over."""
    return {name: KEPT if getattr(kept, name) or not getattr(gone, name) else GONE for name in _differing(kept, gone)}


def _taken_over(gone: Contact, chosen: Given) -> Given:
    return Given({name: getattr(gone, name) for name, which in chosen.items() if which == GONE})
