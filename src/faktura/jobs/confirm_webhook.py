"""A new address of a webhook is asked whether it wants to be told: it answers what it was asked."""

from collections.abc import Callable

import msgspec

from faktura.core.books.books import Books
from faktura.core.deliveries import Message
from faktura.core.subscriptions import Subscription, confirm, terms_of
from faktura.core.todos import put_on_list
from faktura.jobs import Errand, nothing_more
from faktura.jobs.deliver import DELAYS, NotDelivered, send

__all__ = ["DELAYS", "LANE", "go_out", "refused"]

LANE = "slow_webhooks"


def go_out(errand: Errand, subscription_id: int, code: str) -> Callable[[Books], None]:
    """Ask, unless nobody waits for the answer any more.

    Raises:
        NotDelivered: it did not answer, or something else, which is tried again.

    """
    asked = errand.read(lambda books: books.look_up(Subscription, id=subscription_id))
    terms = None if asked is None else terms_of(asked.door)
    if asked is None or terms is None or asked.state != "to_confirm":
        return nothing_more
    question = terms.ask(code)
    attempt = send(errand, Message(asked, question), {})
    if attempt.status not in terms.taken or not _same(attempt.answer, question):
        raise NotDelivered(attempt.status)
    return lambda books: confirm(books, asked)


def refused(books: Books, _error: Exception, subscription_id: int, _code: str) -> None:
    """It stays unconfirmed until an owner saves it once more."""
    subscription = books.look_up(Subscription, id=subscription_id)
    if subscription is not None and subscription.state == "to_confirm":
        put_on_list(books, "webhook_failed", subscription)


def _same(answer: str | None, question: str) -> bool:
    try:
        return bool(msgspec.json.decode(answer or "") == msgspec.json.decode(question))
    except msgspec.DecodeError:
        return False
