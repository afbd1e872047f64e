"""The sandbox's own receiver is told of the events that somebody wants to see."""

from collections.abc import Sequence

from faktura.core.books.books import Books
from faktura.core.books.listeners import TELLERS
from faktura.core.errors import Given
from faktura.core.subscriptions import Subscription, change_subscription, subscribe_itself, unsubscribe
from faktura.sandbox.example.webhooks import RECEIVER
from faktura.sandbox.stories.triggers import triggers


class UnknownEvent(ValueError):  # noqa: N818 (says what the name is)
    """No door has an event of that name; the text says which there are."""


def hear_of(books: Books, names: Sequence[str], web_root: str) -> Subscription:
    """Have the receiver told of these events of the firm, or of all of a door where none is named, and of no others.

    Raises:
        UnknownEvent: one of them is none, or no door has all of them.

    """
    every = [one.name for one in triggers()]
    if unknown := next((name for name in names if name not in every), None):
        message = f"There is no event {unknown}; there are {', '.join(every)}"
        raise UnknownEvent(message)
    door = next((door for door, teller in TELLERS.items() if all(map(teller.knows, names))), None)
    if door is None:
        message = f"No door has all of {', '.join(names)}; each of them is told at a door of its own"
        raise UnknownEvent(message)
    wanted = tuple(names) or tuple(name for of_noun in TELLERS[door].names.values() for name in of_noun)
    url = web_root + RECEIVER
    given = Given({"url": url, "events": wanted, "active": True})
    ours = next((one for one in books.all(Subscription) if one.application_id is None and one.url == url), None)
    if ours is not None and ours.door != door:
        unsubscribe(books, ours)
        ours = None
    if ours is None:
        return subscribe_itself(books, given, "", door, web_root, confirmed=True)
    return change_subscription(books, ours, given, "")
