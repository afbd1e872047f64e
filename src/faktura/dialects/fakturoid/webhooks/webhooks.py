"""Webhooks (2.18): subscriptions of the program that calls, and what could not be delivered to it."""

from typing import Any

from msgspec import Raw

from faktura.core.deliveries import Attempt, Delivery, failed_deliveries
from faktura.core.errors import NotFound
from faktura.core.people.tokens import Visitor
from faktura.core.subscriptions import (
    Subscription,
    authorization_of,
    change_subscription,
    find_subscription,
    subscribe,
    subscriptions_of,
    unsubscribe,
)
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.paging import PAGE, PAGE_LENGTH, offset_of
from faktura.dialects.fakturoid.door.values import BOOLEAN, INTEGER, MOMENT, TEXT
from faktura.dialects.fakturoid.webhooks.names import EVENTS
from faktura.store.queries import Condition, Selection
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint
from faktura.wire.fields import Field, Kind, Shape, Unreadable, list_of, read_only
from faktura.wire.rendered import encode

DOOR = "fakturoid"


def _read_events(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        raise Unreadable("not_in_list")
    return tuple(dict.fromkeys(value))


NAMES = Kind({"type": "array", "items": {"type": "string", "enum": list(EVENTS)}}, _read_events, list)


def _secret(subscription: Subscription, view: View) -> str | None:
    return authorization_of(subscription, view.secret_key)


WEBHOOK: Shape[Subscription, View] = Shape(
    "webhook",
    Subscription,
    (
        read_only("id", INTEGER, nullable=False),
        read_only("failed_deliveries_uuid", TEXT, "reference", nullable=False),
        Field("webhook_url", TEXT, "url", nullable=False, required=True),
        Field("auth_header", TEXT, "authorization", showing=_secret),
        Field("active", BOOLEAN, nullable=False),
        Field("events", NAMES, nullable=False, required=True),
        read_only("url", TEXT, "id", nullable=False, showing=lambda s, view: f"{view.api_url}/webhooks/{s.id}.json"),
        read_only("created_at", MOMENT, nullable=False),
        read_only("updated_at", MOMENT, nullable=False),
    ),
    example={"webhook_url": "https://shop.example/hooks", "events": ["invoice_paid"]},
)

ATTEMPT: Shape[Attempt, View] = Shape(
    "delivery",
    Attempt,
    (
        read_only("id", INTEGER, nullable=False),
        read_only("request_id", TEXT, "reference", nullable=False),
        read_only("response_status", TEXT, "status", nullable=False),
        read_only("response_content_type", TEXT, "content_type"),
        # Where there was no answer, the words of the network are none.
        read_only("response_body", TEXT, "answer", showing=lambda a, _: a.answer if a.status.isdecimal() else None),
        read_only("started_at", MOMENT, nullable=False),
        read_only("finished_at", MOMENT, nullable=False),
        read_only("created_at", MOMENT, "finished_at", nullable=False),
    ),
)

PAYLOAD = Kind({"type": "object"}, dict)

FAILED: Shape[Delivery, View] = Shape(
    "failed_delivery",
    Delivery,
    (
        read_only("id", INTEGER, nullable=False),
        read_only("event_name", TEXT, "event", nullable=False),
        read_only("idempotency_key", TEXT, nullable=False),
        read_only("url", TEXT, nullable=False),
        read_only("body", PAYLOAD, nullable=False, showing=lambda delivery, _: Raw(delivery.body.encode())),
        read_only("created_at", MOMENT, nullable=False),
        read_only("updated_at", MOMENT, nullable=False),
        read_only(
            "deliveries",
            list_of(ATTEMPT),
            nullable=False,
            showing=lambda delivery, view: [ATTEMPT.show(one, view) for one in reversed(delivery.attempts)],
        ),
    ),
)


def list_webhooks(call: Call) -> Answer:
    return call.page(WEBHOOK, subscriptions_of(DOOR, _program(call).application_id))


def read_webhook(call: Call) -> Answer:
    return call.shown(WEBHOOK, _own(call))


def create_webhook(call: Call) -> Answer:
    program, view = _program(call), call.view
    added = subscribe(
        call.books,
        call.given(WEBHOOK),
        call.service.secret_key,
        door=DOOR,
        application_id=program.application_id,
        grant_id=program.grant_id,
        user_id=program.user_id,
        api_root=view.api_root,
        web_root=view.web_root,
    )
    return call.created(WEBHOOK, added)


def change_webhook(call: Call) -> Answer:
    return call.shown(
        WEBHOOK, change_subscription(call.books, _own(call), call.given(WEBHOOK), call.service.secret_key)
    )


def delete_webhook(call: Call) -> Answer:
    unsubscribe(call.books, _own(call))
    return NO_CONTENT


def list_failed_deliveries(call: Call) -> Answer:
    """Those alone that are about what the caller is let into."""
    program = _program(call)
    subscription = call.books.look_up(Subscription, reference=call.ids["failed_deliveries_uuid"].lower())
    if subscription is None or subscription.application_id != program.application_id:
        raise NotFound(Subscription.table_name)
    failed = failed_deliveries(subscription)
    chosen = Selection((*failed.conditions, Condition("scope", "in", ("", *program.scopes))), order=failed.order)
    found = call.books.some_in_order(Delivery, chosen, PAGE_LENGTH, offset_of(call.query))
    return Answer(200, encode([FAILED.show(delivery, call.view) for delivery in found]))


def _own(call: Call) -> Subscription:
    return find_subscription(call.books, call.id, DOOR, _program(call).application_id)


def _program(call: Call) -> Visitor:
    """The program that calls, which sees nothing of what others subscribed to."""
    if not isinstance(call.caller, Visitor):
        raise NotFound(Subscription.table_name)
    return call.caller


MANY = "/accounts/{slug}/webhooks.json"
ONE = "/accounts/{slug}/webhooks/{id}.json"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=MANY,
        serve=list_webhooks,
        about="List the webhooks of the program that asks",
        parameters=(PAGE,),
        answers={200: [WEBHOOK]},
    ),
    Endpoint(method="GET", path=ONE, serve=read_webhook, about="Read a webhook", answers={200: WEBHOOK}),
    Endpoint(
        method="POST", path=MANY, serve=create_webhook, about="Create a webhook", takes=WEBHOOK, answers={201: WEBHOOK}
    ),
    Endpoint(
        method="PATCH", path=ONE, serve=change_webhook, about="Change a webhook", takes=WEBHOOK, answers={200: WEBHOOK}
    ),
    Endpoint(method="DELETE", path=ONE, serve=delete_webhook, about="Delete a webhook", answers={204: None}),
    Endpoint(
        method="GET",
        path="/accounts/{slug}/webhooks/{failed_deliveries_uuid}/failed_deliveries.json",
        serve=list_failed_deliveries,
        about="List what could not be delivered to a webhook",
        parameters=(PAGE,),
        answers={200: [FAILED]},
    ),
)
