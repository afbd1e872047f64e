"""How a page waits for what takes its time."""

from concurrent.futures import Future, wait
from typing import Any

from flask import request

from faktura.wire.arrival import KEY, Arrival, WaitFor


def is_done(future: Future[Any], seconds: float) -> bool:
    """Whether the future is done, now or within so many seconds.

    Raises:
        WaitFor: the request waits without a thread, and is run again; then this is asked a second time.

    """
    arrival: Arrival | None = request.environ.get(KEY)
    if arrival is None:
        wait((future,), seconds)
    elif not future.done() and arrival.resume is None:
        raise WaitFor(future, seconds, _ask_again)
    return future.done()


def _ask_again() -> None:
    """The page itself answers when it is run again."""
