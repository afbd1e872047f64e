"""What has arrived of a request, and how a request waits without holding a thread."""

import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import msgspec

from faktura.wire.safety import Headers

KEY = "faktura.arrival"
"""Where the server puts the Arrival in the WSGI environment; where there is none, bodies are read from `wsgi.input`."""

FIRST_BYTES = 64 * 1024
"""The most of a body that is read before the request's credentials are known to be good."""


LONG = 20_000
"""Bytes of a body above which a request takes so long that it waits for others of its sort: 250 lines, or a file."""


class Repeat(msgspec.Struct, frozen=True):
    """What the same request is answered again as long as nothing changed.

    `count` counts it once more against its quota and gives the headers that say what is left of that, or None where the
    answer may be another one by now.
    """

    status: int
    headers: Headers
    body: bytes
    count: Callable[[], Headers | None]


class Arrival(msgspec.Struct):
    """`body` is what was read so far; it is `whole`, or `cut` where it ended before its announced end or was garbled.

    A request that paused runs again from its start. `seen` is what its door keeps from the first run for the second
    (what is left of its quota, so that it counts once; `counted` says the same of its account's), `resume` what the
    second run is to answer with, where the first said so. `repeat` comes back from an application that asked the
    database nothing. `answered` is called with the status once that is sure: after a commit, and all waits. `leave` is
    called when the server has done with it, answered or not.
    """

    body: bytes = b""
    whole: bool = True
    cut: bool = False
    seen: Any = None
    counted: bool = False
    resume: Callable[[], Any] | None = None
    repeat: Repeat | None = None
    began: float = msgspec.field(default_factory=time.monotonic)
    answered: Callable[[int], None] | None = None
    leave: Callable[[], None] | None = None

    def end(self, status: int) -> None:
        """Say how it was answered in the end, to whoever wants to know; what is held for that is let go."""
        answered, self.answered = self.answered, None
        if answered is not None:
            answered(status)

    def let_go(self) -> None:
        """Nothing more is done for it."""
        leave, self.leave = self.leave, None
        if leave is not None:
            leave()


class Pause(BaseException):
    """Raised through the whole application: the request waits, its thread is free meanwhile, then it runs again."""


class ReadOn(Pause):
    """Credentials are good: read the rest of the body, and no more of it than one byte above `most_bytes`.

    A body of more than `most_bytes` is what the door refuses as too large when it runs again: `whole` does not matter
    then, so that whoever reads may stop there.
    """

    def __init__(self, most_bytes: int) -> None:
        super().__init__(most_bytes)
        self.most_bytes = most_bytes


class GoOn(Pause):
    """Go on where waiting is allowed, and what was written is committed: `resume` makes the answer."""

    def __init__(self, resume: Callable[[], Any]) -> None:
        super().__init__()
        self.resume = resume


class WaitFor(Pause):
    """Wait until the future is done, at most so many seconds; then `resume` makes the answer, whatever became of it.

    Without `resume` the request begins only then.
    """

    def __init__(self, future: Future[Any], seconds: float, resume: Callable[[], Any] | None) -> None:
        super().__init__(seconds)
        self.future = future
        self.seconds = seconds
        self.resume = resume
