"""A program is told of an event at its address; one that did not take the last thing it was told has another lane."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from faktura.core.books.books import Books
from faktura.core.books.listeners import TELLERS, Terms
from faktura.core.deliveries import Attempt, Message, Notice, is_in_trouble, message_of, note_delivery, note_failure
from faktura.core.subscriptions import authorization_of, terms_of
from faktura.jobs import Elsewhere, Errand, Later, NotTaken, doubling, nothing_more

LANE = "webhooks"

DELAYS = doubling(dt.timedelta(seconds=30), dt.timedelta(minutes=8), dt.timedelta(minutes=16))
"""Five, each twice the one before."""

SLOWLY = "deliver_slowly"


class NotDelivered(NotTaken):
    """Its receiver did not take it."""


def go_out(errand: Errand, *notice: Any) -> Callable[[Books], None]:
    """Tell it, unless its receiver was in trouble: that one holds up nobody's first try.

    Raises:
        NotDelivered: the receiver did not take it, which is tried again.
        Elsewhere: it did not take what it was told before this.

    """
    told = notice_of(notice)
    if errand.read(lambda books: is_in_trouble(books, told.subscription_id)):
        raise Elsewhere(SLOWLY)
    return deliver(errand, told)


def refused(books: Books, _error: Exception, *notice: Any) -> None:
    """What was tried for the last time has failed."""
    note_delivery(books, notice_of(notice), "failed")


def notice_of(arguments: Sequence[Any]) -> Notice:
    """What the job was put with."""
    return msgspec.convert(arguments, Notice)


def deliver(errand: Errand, notice: Notice) -> Callable[[Books], None]:
    """Nothing is sent to whoever is gone or was put out; what one switched off would have been told has failed."""
    message = errand.read(lambda books: message_of(books, notice))
    if message is None:
        return nothing_more
    if message.subscription.state != "active":
        return lambda books: note_delivery(books, notice, "failed")
    attempt = send(errand, message, {"Idempotency-Key": notice.idempotency_key})
    terms = terms_of(message.subscription.door)
    if attempt.arrived if terms is None else attempt.status in terms.taken:
        return lambda books: note_delivery(books, notice, "delivered", attempt)
    if terms is not None:
        return _go_on(errand, notice, terms, message.tried % terms.off_after + 1, attempt)
    delay = DELAYS[errand.attempts - 1] if errand.attempts <= len(DELAYS) else None
    next_try_at = None if delay is None else attempt.finished_at + delay
    errand.write(lambda books: note_delivery(books, notice, "waiting", attempt, next_try_at))
    raise NotDelivered(attempt.status)


def _go_on(errand: Errand, notice: Notice, terms: Terms, failures: int, attempt: Attempt) -> Callable[[Books], None]:
    """It is tried until the terms end it, after the usual delays with twice as long a one each time."""
    if failures >= terms.off_after:
        return lambda books: note_failure(books, notice, terms, failures, attempt, None)
    delay = DELAYS[failures - 1] if failures <= len(DELAYS) else DELAYS[-1] * 2 ** (failures - len(DELAYS))
    next_try_at = attempt.finished_at + delay
    errand.write(lambda books: note_failure(books, notice, terms, failures, attempt, next_try_at))
    raise Later(delay, f"its receiver did not take it: {attempt.status}")


def send(errand: Errand, message: Message, headers: Mapping[str, str]) -> Attempt:
    """Send it; a secret that this server cannot read any more is not left out, for then anybody could have sent it."""
    subscription, secret, started_at = message.subscription, "", errand.clock.now()
    if subscription.authorization is not None:
        opened = authorization_of(subscription, errand.reach.secret_key)
        if opened is None:
            why = "FAKTURA_SECRET_KEY is another one than when the Authorization was given"
            return Attempt(0, "", "unknown_error", started_at, started_at, answer=why)
        secret = opened
    leaving = TELLERS[subscription.door].send(message.body, secret, message.tried + 1)
    told = errand.reach.client.tell(subscription.url, leaving.body, {**headers, **leaving.headers})
    return Attempt(
        0, "", told.status, started_at, errand.clock.now(), content_type=told.content_type, answer=told.answer
    )
