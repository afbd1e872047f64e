"""A program that did not take the last thing it was told is told on, where it keeps only its like waiting."""

from collections.abc import Callable
from typing import Any

from faktura.core.books.books import Books
from faktura.core.deliveries import rest_of
from faktura.jobs import Errand, Later
from faktura.jobs.deliver import DELAYS, deliver, notice_of, refused

__all__ = ["DELAYS", "LANE", "go_out", "refused"]

LANE = "slow_webhooks"


def go_out(errand: Errand, *notice: Any) -> Callable[[Books], None]:
    """Tell it, unless it let us wait a moment ago: meanwhile others of its account are told.

    Raises:
        NotDelivered: the receiver did not take it, which is tried again.
        Later: it rests for as long as it let us wait.

    """
    told = notice_of(notice)
    if rest := errand.read(lambda books: rest_of(books, told.subscription_id)):
        raise Later(rest, "its receiver let the last one wait")
    return deliver(errand, told)
