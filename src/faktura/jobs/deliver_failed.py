"""What a program did not take is sent to it once more, a hundred messages at a time."""

import contextlib

from faktura.core.books.books import Books
from faktura.core.deliveries import deliver_failed_again
from faktura.core.errors import WrongState
from faktura.core.subscriptions import Subscription


def do(books: Books, subscription_id: int, last_id: int) -> None:
    """Nothing is sent to whoever is gone, or wants to hear nothing any more."""
    subscription = books.look_up(Subscription, id=subscription_id)
    if subscription is not None:
        with contextlib.suppress(WrongState):
            deliver_failed_again(books, subscription, last_id)
