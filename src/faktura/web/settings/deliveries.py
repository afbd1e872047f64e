"""What a webhook was told and what came of it; what it did not take is delivered again."""

from flask import render_template, request, url_for
from flask_babel import lazy_gettext
from msgspec.structs import replace
from werkzeug.wrappers import Response

from faktura.core.books.books import Books
from faktura.core.deliveries import (
    Delivery,
    deliver_again,
    deliver_failed_again,
    deliveries_of,
    failed_deliveries,
)
from faktura.core.errors import NotFound
from faktura.core.people.users import EVERY_SCOPE
from faktura.core.subscriptions import Subscription
from faktura.store.queries import Condition, Selection
from faktura.web.door.books import may, read_books
from faktura.web.door.expired_forms import keeps_typed
from faktura.web.door.lists import rows_asked
from faktura.web.forms.fields import Words
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.forms.saving import save
from faktura.web.settings import pages

FAILED = "failed"

FAILURES: dict[str, Words] = {
    "timeout": lazy_gettext("did not answer within 30 seconds"),
    "connection_failed": lazy_gettext("could not be reached"),
    "ssl_error": lazy_gettext("cannot be trusted: its certificate is wrong"),
    "unknown_error": lazy_gettext("could not be told"),
}
"""Why an attempt has no status of HTTP."""


@pages.get("/<slug>/settings/webhooks/<id:webhook_id>/deliveries")
def deliveries(slug: str, webhook_id: int) -> str:
    return _list(slug, webhook_id, NOTHING.filled())


@pages.post("/<slug>/settings/webhooks/<id:webhook_id>/deliveries")
@keeps_typed
def deliver_all_again(slug: str, webhook_id: int) -> Response:
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: deliver_failed_again(books, books.find(Subscription, webhook_id)),
        then=lambda _: url_for("settings.deliveries", slug=slug, webhook_id=webhook_id),
        again=lambda filled: _list(slug, webhook_id, filled),
        done=lazy_gettext("What failed is being delivered again."),
        deed="manage",
    )


@pages.get("/<slug>/settings/webhooks/<id:webhook_id>/deliveries/<id:delivery_id>")
def delivery(slug: str, webhook_id: int, delivery_id: int) -> str:
    return _page(slug, webhook_id, delivery_id, NOTHING.filled())


@pages.post("/<slug>/settings/webhooks/<id:webhook_id>/deliveries/<id:delivery_id>")
@keeps_typed
def deliver_one_again(slug: str, webhook_id: int, delivery_id: int) -> Response:
    found = read_books(slug, lambda books: _find(books, webhook_id, delivery_id), deed="manage")
    return save(
        slug,
        NOTHING.posted(),
        lambda books, _: deliver_again(books, books.find(Delivery, found.id)),
        then=lambda _: url_for("settings.delivery", slug=slug, webhook_id=webhook_id, delivery_id=delivery_id),
        again=lambda filled: _page(slug, webhook_id, delivery_id, filled),
        done=lazy_gettext("It is being delivered again."),
        deed="manage",
    )


def _list(slug: str, webhook_id: int, filled: Filled) -> str:
    failed = request.args.get("state") == FAILED

    def work(books: Books) -> dict[str, object]:
        webhook = books.find(Subscription, webhook_id)
        chosen = _open(failed_deliveries(webhook) if failed else deliveries_of(webhook))
        rows = rows_asked(books, Delivery, chosen)
        return {"account": books.account, "webhook": webhook, "rows": rows, "count": _failed(books, webhook)}

    found = read_books(slug, work, deed="manage")
    return render_template("settings/deliveries.html", failed=failed, failures=FAILURES, filled=filled, **found)


def _page(slug: str, webhook_id: int, delivery_id: int, filled: Filled) -> str:
    def work(books: Books) -> dict[str, object]:
        found = _find(books, webhook_id, delivery_id)
        return {"account": books.account, "webhook": books.find(Subscription, webhook_id), "delivery": found}

    found = read_books(slug, work, deed="manage")
    return render_template("settings/delivery.html", failures=FAILURES, filled=filled, **found)


def _find(books: Books, webhook_id: int, delivery_id: int) -> Delivery:
    found = books.find(Delivery, delivery_id)
    if found.subscription_id != webhook_id or found.scope not in _scopes():
        raise NotFound(Delivery.table_name)
    return found


def _open(chosen: Selection) -> Selection:
    """Of those what the person may see."""
    return replace(chosen, conditions=(*chosen.conditions, Condition("scope", "in", _scopes())))


def _scopes() -> tuple[str, ...]:
    return ("", *filter(may, EVERY_SCOPE))


def _failed(books: Books, webhook: Subscription) -> int:
    return books.count(Delivery, failed_deliveries(webhook))
