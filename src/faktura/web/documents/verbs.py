"""What is done with a document by one press: its events, its links, a letter that is sent again, a file taken away."""

from collections.abc import Mapping
from typing import NamedTuple

from flask import url_for
from flask_babel import lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.invoices.change import change_invoice
from faktura.core.invoices.events import fire
from faktura.core.invoices.files import remove_file
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.payment_links import offer_payment, withdraw_payment_link
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.sharing import prolong_share_link, share, stop_sharing
from faktura.core.messages import send_again
from faktura.core.people.roles import Deed
from faktura.web.documents import pages
from faktura.web.documents.page import address_of, document_page
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import Words
from faktura.web.forms.form import NOTHING
from faktura.web.forms.saving import Undoable, Verb, save


class Fired(NamedTuple):
    """An event of the core, what is said afterwards, and the last word of the address that takes it back."""

    event: str
    done: Words
    undo: str = ""
    deed: Deed = "write"


FIRED: Mapping[str, Fired] = {
    "mark-as-sent": Fired("mark_as_sent", lazy_gettext("The document is marked as sent.")),
    "cancel": Fired("cancel", lazy_gettext("The document was cancelled."), "undo-cancel"),
    "undo-cancel": Fired("undo_cancel", lazy_gettext("The document holds again."), "cancel"),
    "uncollectible": Fired("mark_as_uncollectible", lazy_gettext("The document was given up."), "undo-uncollectible"),
    "undo-uncollectible": Fired("undo_uncollectible", lazy_gettext("The document is owed again."), "uncollectible"),
    "lock": Fired("lock", lazy_gettext("The document is locked."), "unlock", "lock"),
    "unlock": Fired("unlock", lazy_gettext("The document is unlocked."), "lock", "lock"),
}


@keeps_typed
def fire_now(slug: str, invoice_id: int, verb: str) -> Response:
    event, done, undo, deed = FIRED[verb]
    back = url_for("invoices.fire", slug=slug, invoice_id=invoice_id, verb=undo) if undo else ""
    return _pressed(slug, invoice_id, lambda books, _: fire(books, invoice_id, event), done, undo=back, deed=deed)


for name in FIRED:
    pages.add_url_rule(
        f"/<slug>/invoices/<id:invoice_id>/{name}", "fire", fire_now, methods=["POST"], defaults={"verb": name}
    )


@keeps_typed
def switch_reminders(slug: str, invoice_id: int, verb: str) -> Response:
    off = verb == "reminders-off"
    other = "reminders-on" if off else "reminders-off"
    back = url_for("invoices.switch_reminders", slug=slug, invoice_id=invoice_id, verb=other)

    def switch(books: Books, _: Given) -> Invoice:
        return change_invoice(books, invoice_id, Given({"reminders_off": off}))

    done = lazy_gettext("The customer is left alone.") if off else lazy_gettext("The customer is reminded again.")
    return _pressed(slug, invoice_id, switch, done, undo=back)


for name in ("reminders-off", "reminders-on"):
    pages.add_url_rule(
        f"/<slug>/invoices/<id:invoice_id>/{name}",
        "switch_reminders",
        switch_reminders,
        methods=["POST"],
        defaults={"verb": name},
    )


@pages.post("/<slug>/invoices/<id:invoice_id>/share")
@keeps_typed
def share_now(slug: str, invoice_id: int) -> Response:
    done = lazy_gettext("The link is good for a month. Copy it and send it to whoever is to see the document.")
    return _pressed(slug, invoice_id, lambda books, _: share(books, find_invoice(books, invoice_id)), done)


@pages.post("/<slug>/invoices/<id:invoice_id>/share/prolong")
@keeps_typed
def prolong(slug: str, invoice_id: int) -> Response:
    done = lazy_gettext("The link is good for another month.")
    return _pressed(slug, invoice_id, lambda books, _: prolong_share_link(books, find_invoice(books, invoice_id)), done)


@pages.post("/<slug>/invoices/<id:invoice_id>/share/stop")
@keeps_typed
def stop(slug: str, invoice_id: int) -> Response:
    def verb(books: Books, _: Given) -> None:
        stop_sharing(books, find_invoice(books, invoice_id))

    return _pressed(slug, invoice_id, verb, lazy_gettext("The link opens nothing any more."))


@pages.post("/<slug>/invoices/<id:invoice_id>/payment-link")
@keeps_typed
def offer(slug: str, invoice_id: int) -> Response:
    done = lazy_gettext("The customer finds the link on the document, on paper and in letters about it.")
    return _pressed(slug, invoice_id, lambda books, _: offer_payment(books, find_invoice(books, invoice_id)), done)


@pages.post("/<slug>/invoices/<id:invoice_id>/payment-link/withdraw")
@keeps_typed
def withdraw(slug: str, invoice_id: int) -> Response:
    def verb(books: Books, _: Given) -> None:
        withdraw_payment_link(books, find_invoice(books, invoice_id))

    done, back = lazy_gettext("The link was taken away."), url_for("invoices.offer", slug=slug, invoice_id=invoice_id)
    return _pressed(slug, invoice_id, verb, done, undo=back)


@pages.post("/<slug>/invoices/<id:invoice_id>/files/<id:attachment_id>/remove")
@keeps_typed
def take_away(slug: str, invoice_id: int, attachment_id: int) -> Response:
    done = lazy_gettext("The file was taken away.")
    return _pressed(slug, invoice_id, lambda books, _: remove_file(books, invoice_id, attachment_id), done)


@pages.post("/<slug>/invoices/<id:invoice_id>/letters/<id:message_id>/again")
@keeps_typed
def send_once_more(slug: str, invoice_id: int, message_id: int) -> Response:
    def verb(books: Books, _: Given) -> None:
        send_again(books, find_invoice(books, invoice_id), message_id)

    return _pressed(slug, invoice_id, verb, lazy_gettext("The letter goes out again."))


def _pressed(slug: str, invoice_id: int, verb: Verb, done: Words, *, undo: str = "", deed: Deed = "write") -> Response:
    return save(
        slug,
        NOTHING.posted(),
        verb,
        then=lambda _: address_of(slug, invoice_id),
        again=lambda filled: document_page(slug, invoice_id, filled),
        done=Undoable(done, lambda _: undo) if undo else done,
        scope="invoices",
        deed=deed,
    )
