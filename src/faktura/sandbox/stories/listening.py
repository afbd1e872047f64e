"""The sandbox's own receiver is told of the events that somebody wants to see."""

from collections.abc import Sequence

from faktura.core.books.books import Books
from faktura.core.books.listeners import TELLERS
from faktura.core.errors import Given
from faktura.core.subscriptions import Subscription, change_subscription, subscribe_itself
from faktura.sandbox.example.webhooks import RECEIVER
from faktura.sandbox.stories.triggers import triggers


class UnknownEvent(ValueError):  # noqa: N818 (says what the name is)
    """No door has an event of that name; the text says which there are."""


def hear_of(books: Books, names: Sequence[str], web_root: str) -> Subscription:
    """Have the receiver told of these events of the firm, or of all where none is named, and of no others.

    Raises:
        UnknownEvent: one of them is none.

    """
    every = [one.name for one in triggers()]
    if unknown := next((name for name in names if name not in every), None):
        message = f"There is no event {unknown}; there are {', '.join(every)}"
        raise UnknownEvent(message)
    url, wanted = web_root + RECEIVER, tuple(names or every)
    given = Given({"url": url, "events": wanted, "active": True})
    door = next(door for door, teller in TELLERS.items() if teller.knows(wanted[0]))
    ours = next((one for one in books.all(Subscription) if one.application_id is None and one.url == url), None)
    if ours is None:
        return subscribe_itself(books, given, "", door, web_root)
    return change_subscription(books, ours, given, "")
