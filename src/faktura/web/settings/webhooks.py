"""Webhooks of an account, its own and those of programs: added, changed, deleted."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from flask import abort, render_template, request, url_for
from flask_babel import gettext, lazy_gettext
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.books.listeners import TELLERS
from faktura.core.deliveries import Delivery, failed_deliveries
from faktura.core.errors import Given
from faktura.core.subscriptions import (
    Listening,
    State,
    Subscription,
    all_subscriptions,
    change_by_hand,
    listening,
    subscribe_itself,
    terms_of,
    unsubscribe,
)
from faktura.web.door.books import read_books
from faktura.web.door.database import service
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.forms.fields import Several, Text, Words, YesNo
from faktura.web.forms.form import NOTHING, Filled, Form
from faktura.web.forms.saving import save
from faktura.web.settings import pages
from faktura.web.settings.confirm import asked

WEBHOOK = Form(
    Text("url", lazy_gettext("Address"), type="url", hint="https://…", required=True, first=True),
    Text(
        "authorization",
        lazy_gettext("Authorization"),
        hint=lazy_gettext(
            "Sent in the header of that name, and shown to nobody. For another address it is typed again."
        ),
        autocomplete="off",
    ),
    YesNo("without", lazy_gettext("Send no Authorization any more")),
    YesNo("active", lazy_gettext("Switched on")),
    YesNo("discreet", lazy_gettext("Leave out confidential data")),
    Several("events", lazy_gettext("Events")),
)

NOUNS: Mapping[str, Words] = {
    "invoice": lazy_gettext("Documents"),
    "generator": lazy_gettext("Templates"),
    "recurring_generator": lazy_gettext("Recurring"),
    "expense": lazy_gettext("Expenses"),
    "inbox_file": lazy_gettext("Inbox"),
    "inventory_item": lazy_gettext("Products"),
    "inventory_move": lazy_gettext("Stock moves"),
    "subject": lazy_gettext("Contacts"),
}
"""What the nouns of events are called."""

STATES: Mapping[State, Words] = {
    "to_confirm": lazy_gettext("To be verified"),
    "active": lazy_gettext("Active"),
    "off": lazy_gettext("Switched off"),
}
"""Of one that a door has terms for; whoever is given up is so by name."""


@pages.get("/<slug>/settings/webhooks")
def webhooks(slug: str) -> str:
    def work(books: Books) -> dict[str, object]:
        return {"account": books.account, "webhooks": [(one, _failed(books, one)) for one in all_subscriptions(books)]}

    found = read_books(slug, work, deed="manage")
    return render_template("settings/webhooks.html", doors=_doors(), state_of=_state_of, **found)


@pages.get("/<slug>/settings/webhooks/new")
def new_webhook(slug: str) -> str:
    return _form(slug, WEBHOOK.filled(active=True))


@pages.post("/<slug>/settings/webhooks/new")
@keeps_typed
def add_webhook(slug: str) -> Response:
    key, door, root = service().secret_key, _door(), service().public_url
    return save(
        slug,
        WEBHOOK.posted(),
        lambda books, given: subscribe_itself(books, _meant(given), key, door, root),
        then=lambda _: url_for("settings.webhooks", slug=slug),
        again=lambda filled: _form(slug, filled),
        done=lazy_gettext("The webhook was added."),
        deed="manage",
    )


@pages.get("/<slug>/settings/webhooks/<id:webhook_id>")
def webhook(slug: str, webhook_id: int) -> str:
    found = read_books(slug, lambda books: books.find(Subscription, webhook_id), deed="manage")
    return _form(slug, WEBHOOK.filled(found, authorization="", without=False), webhook_id)


@pages.post("/<slug>/settings/webhooks/<id:webhook_id>")
@keeps_typed
def change_webhook(slug: str, webhook_id: int) -> Response:
    key = service().secret_key
    return save(
        slug,
        WEBHOOK.posted(),
        lambda books, given: change_by_hand(books, webhook_id, _meant(given), key),
        then=lambda _: url_for("settings.webhooks", slug=slug),
        again=lambda filled: _form(slug, filled, webhook_id),
        done=lazy_gettext("The webhook was changed."),
        deed="manage",
    )


@pages.get("/<slug>/settings/webhooks/<id:webhook_id>/delete")
def delete_webhook(slug: str, webhook_id: int) -> str:
    return _before_deleting(slug, webhook_id, NOTHING.filled())


@pages.post("/<slug>/settings/webhooks/<id:webhook_id>/delete")
@keeps_typed
def delete_webhook_now(slug: str, webhook_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: unsubscribe(books, books.find(Subscription, webhook_id)),
        then=lambda _: url_for("settings.webhooks", slug=slug),
        again=lambda filled: _before_deleting(slug, webhook_id, filled),
        done=lazy_gettext("The webhook was deleted."),
        deed="manage",
    )


def _failed(books: Books, one: Listening) -> int:
    return books.count(Delivery, failed_deliveries(one.subscription))


def _state_of(webhook: Subscription) -> Words | None:
    """In a word, where its door has terms."""
    terms = terms_of(webhook.door)
    if terms is None:
        return None
    if webhook.state == "given_up":
        return gettext("Switched off by %(name)s", name=terms.name)
    return STATES[webhook.state]


def _doors() -> list[tuple[str, str]]:
    """Those whose words a webhook of the account's own may hear, the usual one first."""
    return [(name, TELLERS[name].title) for name in sorted(TELLERS)]


def _door() -> str:
    """The one that is asked for, else the usual one."""
    asked_for = request.args.get("door", min(TELLERS, default=""))
    return asked_for if asked_for in TELLERS else abort(404)


def _meant(given: Given) -> Given:
    """An Authorization that was not typed stays, unless none is wanted."""
    meant = Given({name: value for name, value in given.items() if name not in {"without", "authorization"}})
    meant.unread = given.unread
    if given.get("authorization") or given.get("without"):
        meant["authorization"] = given.get("authorization")
    return meant


def _form(slug: str, filled: Filled, webhook_id: int | None = None) -> str:
    def work(books: Books) -> tuple[object, Listening | None]:
        found = None if webhook_id is None else listening(books, books.find(Subscription, webhook_id))
        return books.account, found

    account, found = read_books(slug, work, deed="manage")
    teller = TELLERS.get(found.subscription.door if found else _door())
    return render_template(
        "settings/webhook.html",
        account=account,
        found=found,
        filled=filled,
        teller=teller,
        nouns=NOUNS,
        state_of=_state_of,
    )


def _before_deleting(slug: str, webhook_id: int, filled: Filled) -> str:
    found = read_books(slug, lambda books: books.find(Subscription, webhook_id), deed="manage")
    return asked(
        slug,
        filled,
        gettext("Delete the webhook"),
        gettext(
            "%(host)s is told nothing any more, and what it was told is forgotten.", host=urlsplit(found.url).netloc
        ),
        gettext("Delete the webhook"),
        url_for("settings.webhooks", slug=slug),
    )
