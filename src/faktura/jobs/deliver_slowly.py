"""A program that did not take the last thing it was told is told on, where it keeps only its like waiting."""

from collections.abc import Callable
from typing import Any

from faktura.core.books.books import Books
from faktura.jobs import Errand
from faktura.jobs.deliver import DELAYS, deliver, notice_of, refused

__all__ = ["DELAYS", "LANE", "go_out", "refused"]

LANE = "slow_webhooks"


def go_out(errand: Errand, *notice: Any) -> Callable[[Books], None]:
    """Tell it.

    Raises:
        NotDelivered: the receiver did not take it, which is tried again.

    """
    return deliver(errand, notice_of(notice))
