"""What a program was told of an event, how often that was tried, and what came of it."""

import datetime as dt
from typing import Literal, NamedTuple

import msgspec
import sqlalchemy as sa

from faktura.core.books import jobs_to_do
from faktura.core.books.books import Books
from faktura.core.books.listeners import TELLERS, Seen, Terms, in_order_of
from faktura.core.errors import WrongState
from faktura.core.subscriptions import Subscription, give_up, listener_of, may_hear
from faktura.core.todos import open_todo, put_on_list, take_off_list
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import Tenant, changed, index, record, unique
from faktura.store.statements import Query
from faktura.store.transaction import columns_of

KEPT_FOR = dt.timedelta(days=30)

SOON = dt.timedelta(seconds=5)
"""Whoever answers later than this is told where nobody's first try waits."""

AGAIN = "deliver_slowly"
FAILED_AGAIN = "deliver_failed"
MAIL = "mail_failing_webhook"

MOST_AT_ONCE = 100
"""Each is a message."""

State = Literal["waiting", "delivered", "failed"]


class Attempt(msgspec.Struct, frozen=True):
    """One time that it was sent: the `status` of HTTP, or in a word why there is none, and how the answer begins.

    It gets its id and, where it has none, its reference when it is written down.
    """

    id: int
    reference: str
    status: str
    started_at: dt.datetime
    finished_at: dt.datetime
    content_type: str | None = None
    answer: str | None = None

    @property
    def arrived(self) -> bool:
        return self.status.isdecimal() and self.status.startswith("2")

    @property
    def milliseconds(self) -> int:
        return (self.finished_at - self.started_at) // dt.timedelta(milliseconds=1)


class Notice(msgspec.Struct, frozen=True, array_like=True):
    """What is to be told: its key is the same each time that it is sent; `scope` one must be let into to hear it.

    From what was `seen` the message is written the first time; from then on it stands with the delivery.
    """

    subscription_id: int
    event: str
    scope: str
    idempotency_key: str
    seen: Seen | None = None


@record(
    "deliveries",
    unique("account_id", "idempotency_key"),
    index("account_id", "subscription_id", "id"),
    index("account_id", "subscription_id", "state", "id"),
    index("account_id", "subscription_id", "updated_at"),
    index("expires_at", over_all_accounts="a job of the house forgets what expired"),
    paged=False,
    belongs={"subscription_id": "subscriptions"},
)
class Delivery(Tenant):
    """A notice that was sent, or would have been, to `url`; the last attempt is the last of `attempts`.

    `about` is the record in a word. What waits is sent again at `next_try_at`.
    """

    subscription_id: int
    event: str
    scope: str
    idempotency_key: str
    about: str
    url: str
    body: str
    expires_at: dt.datetime
    state: State = "waiting"
    next_try_at: dt.datetime | None = None
    attempts: tuple[Attempt, ...] = ()


class Message(NamedTuple):
    """What is sent, to whom, and how often it was tried before."""

    subscription: Subscription
    body: str
    tried: int = 0


def message_of(books: Books, notice: Notice) -> Message | None:
    """The same each time; None where the program is gone or was put out, or nobody remembers what it was."""
    subscription = books.look_up(Subscription, id=notice.subscription_id)
    if subscription is None or not may_hear(books, subscription, notice.scope):
        return None
    kept = books.look_up(Delivery, idempotency_key=notice.idempotency_key)
    if kept is not None:
        return Message(subscription, kept.body, len(kept.attempts))
    return None if notice.seen is None else Message(subscription, _written(books, subscription, notice.seen))


def note_delivery(
    books: Books,
    notice: Notice,
    state: State,
    attempt: Attempt | None = None,
    next_try_at: dt.datetime | None = None,
) -> None:
    """Write down what came of a notice; where its program is gone, nobody asks."""
    subscription = books.look_up(Subscription, id=notice.subscription_id)
    if subscription is None:
        return
    old = books.look_up(Delivery, idempotency_key=notice.idempotency_key)
    if old is None:
        if notice.seen is None:
            return
        old = _first_noted(books, subscription, notice, notice.seen)
    attempts = old.attempts if attempt is None else (*old.attempts, _named(books, attempt))
    books.change(old, changed(old, url=subscription.url, state=state, next_try_at=next_try_at, attempts=attempts))
    if state == "delivered":
        take_off_list(books, "webhook_failed", subscription)
    elif state == "failed" and subscription.active:
        put_on_list(books, "webhook_failed", subscription)


def note_failure(
    books: Books, notice: Notice, terms: Terms, failures: int, attempt: Attempt, next_try_at: dt.datetime | None
) -> None:
    """The same of a message that failed so many times, with what the terms of its door make of that.

    Its owner gets one mail until something arrives again. With no next try the webhook is switched off.
    """
    note_delivery(books, notice, "failed" if next_try_at is None else "waiting", attempt, next_try_at)
    subscription = books.look_up(Subscription, id=notice.subscription_id)
    if subscription is None or not subscription.active:
        return
    if next_try_at is None:
        give_up(books, subscription)
    elif failures == terms.mail_after and open_todo(books, "webhook_failed", subscription) is None:
        put_on_list(books, "webhook_failed", subscription)
        books.later(MAIL, subscription.id, books.tx.chance.uuid(MAIL))


def _named(books: Books, attempt: Attempt) -> Attempt:
    reference = attempt.reference or books.tx.chance.uuid("attempts")
    return msgspec.structs.replace(attempt, id=books.next_ids(Delivery, 1)[0], reference=reference)


def _first_noted(books: Books, subscription: Subscription, notice: Notice, seen: Seen) -> Delivery:
    return books.add(
        Delivery,
        subscription_id=subscription.id,
        event=notice.event,
        scope=notice.scope,
        idempotency_key=notice.idempotency_key,
        about=seen.about,
        url=subscription.url,
        body=_written(books, subscription, seen),
        expires_at=books.now + KEPT_FOR,
    )


def _written(books: Books, subscription: Subscription, seen: Seen) -> str:
    return TELLERS[subscription.door].write(books, seen.event, listener_of(subscription), seen.at)


def deliver_again(books: Books, delivery: Delivery) -> Delivery:
    """Have something sent once more, as often as the first time; it holds up nobody's first try.

    Raises:
        WrongState: it waits to be sent already, or its program wants to hear nothing now.

    """
    if delivery.state == "waiting":
        raise WrongState("under_way")
    subscription = books.find(Subscription, delivery.subscription_id)
    if subscription.state != "active":
        raise WrongState("switched_off")
    arguments = (subscription.id, delivery.event, delivery.scope, delivery.idempotency_key)
    in_order = in_order_of(subscription.id, delivery.about)
    jobs_to_do.put(books.tx, books.account.id, AGAIN, arguments, books.now, books.now, in_order)
    return books.change(delivery, changed(delivery, state="waiting", next_try_at=books.now))


def deliver_failed_again(books: Books, subscription: Subscription, last_id: int | None = None) -> None:
    """The same of everything that was given up, up to that one: some now, the others soon.

    Raises:
        WrongState: its program wants to hear nothing now.

    """
    if subscription.state != "active":
        raise WrongState("switched_off")
    if last_id is None:
        newest = books.stamps(Delivery, failed_deliveries(subscription), 1, 0)
        last_id = newest[0][0] if newest else 0
    conditions = (*failed_deliveries(subscription).conditions, Condition("id", "lteq", last_id))
    found = books.some_in_order(Delivery, Selection(conditions, order=(Order("id"),)), MOST_AT_ONCE)
    for delivery in found:
        deliver_again(books, delivery)
    if len(found) == MOST_AT_ONCE:
        books.later(FAILED_AGAIN, subscription.id, last_id)


def is_in_trouble(books: Books, subscription_id: int) -> bool:
    """Whether the last thing that was sent to a program did not arrive, or let us wait."""
    last = _last(books, subscription_id)
    return last is not None and (last.state != "delivered" or _waited(last) > SOON)


def rest_of(books: Books, subscription_id: int) -> dt.timedelta:
    """How long a program that let us wait is left alone: as long as it did, so that others have half of the time."""
    last = _last(books, subscription_id)
    if last is None or _waited(last) <= SOON:
        return dt.timedelta()
    return max(last.attempts[-1].finished_at + _waited(last) - books.now, dt.timedelta())


def _last(books: Books, subscription_id: int) -> Delivery | None:
    found = books.tx.records(Delivery, _LAST, account_id=books.account.id, subscription_id=subscription_id)
    return found[0] if found else None


def _waited(delivery: Delivery) -> dt.timedelta:
    """By its last attempt."""
    tried = delivery.attempts[-1:]
    return tried[0].finished_at - tried[0].started_at if tried else dt.timedelta()


def deliveries_of(subscription: Subscription) -> Selection:
    """What was sent, the newest first."""
    return Selection((Condition("subscription_id", "eq", subscription.id),), order=(Order("id", descending=True),))


def failed_deliveries(subscription: Subscription) -> Selection:
    """What was given up, the newest first."""
    chosen = deliveries_of(subscription)
    return Selection((*chosen.conditions, Condition("state", "eq", "failed")), order=chosen.order)


_d = Delivery.table.c

_LAST = Query(
    sa.select(*columns_of(Delivery))
    .where(_d.account_id == sa.bindparam("account_id"), _d.subscription_id == sa.bindparam("subscription_id"))
    .order_by(_d.updated_at.desc())
    .limit(1)
)
