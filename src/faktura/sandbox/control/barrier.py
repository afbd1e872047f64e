"""A barrier that whoever changes a world goes through; it is closed while all of it has to stand still."""

import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from contextlib import closing, contextmanager, nullcontext
from typing import Any

import msgspec

from faktura.dialects import WsgiApplication
from faktura.wire.arrival import KEY, Arrival, WaitFor
from faktura.wire.safety import Headers

PATIENCE = 5.0
"""Seconds for which those inside are waited for."""

LONGEST = 60.0
"""Seconds after which whoever waits outside looks again whether the barrier is open."""

CONTROL = "/sandbox"
"""Below it nobody changes a world but by its control, which closes the barrier where it needs to."""


class Busy(Exception):  # noqa: N818 (says what a world is)
    """Those inside did not come to their end in time; the text says who they are."""


class Barrier:
    """Lets any number in; `closed`, it waits until they are out and keeps others waiting."""

    def __init__(self, who: str) -> None:
        self._who = who
        self._inside = 0
        self._closed = False
        self._opened: Future[None] = Future()
        self._moved = threading.Condition()

    def enter_now(self) -> Future[None] | None:
        """Enter where the barrier is open; where it is not, what is done as soon as it is."""
        with self._moved:
            if self._closed:
                return self._opened
            self._inside += 1
            return None

    def leave(self) -> None:
        with self._moved:
            self._inside -= 1
            self._moved.notify_all()

    @contextmanager
    def inside(self) -> Iterator[None]:
        with self._moved:
            self._moved.wait_for(lambda: not self._closed)
            self._inside += 1
        try:
            yield
        finally:
            self.leave()

    @contextmanager
    def closed(self, patience: float = PATIENCE) -> Iterator[None]:
        """Keep everybody out.

        Raises:
            Busy: not everybody left in time; the barrier is open again.

        """
        until = time.monotonic() + patience
        with self._moved:
            if not self._moved.wait_for(lambda: not self._closed, patience):
                raise Busy("The sandbox is being changed as a whole just now")
            self._closed, self._opened = True, Future()
        try:
            with self._moved:
                if not self._moved.wait_for(lambda: not self._inside, max(0, until - time.monotonic())):
                    raise Busy(f"{self._who} did not end within {patience:g} s: {self._inside}. Nothing was done.")
            yield
        finally:
            with self._moved:
                self._closed = False
                self._moved.notify_all()
            self._opened.set_result(None)


def through(barrier: Barrier, app: WsgiApplication) -> WsgiApplication:
    """The application behind the barrier: a request is inside until it is answered, however often it waits and runs."""

    def serve(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path: str = environ["PATH_INFO"]
        if path == CONTROL or path.startswith(f"{CONTROL}/"):
            answer: Iterable[bytes] = app(environ, start_response)
            return answer
        arrival: Arrival | None = environ.get(KEY)
        if arrival is None:
            with barrier.inside():
                return [_whole(app(environ, start_response))]
        if arrival.leave is None:
            if (opened := barrier.enter_now()) is not None:
                # Threads are shared by all worlds: none of them waits here.
                raise WaitFor(opened, LONGEST, None)
            arrival.leave = barrier.leave
        answer = app(environ, start_response)
        if (repeat := arrival.repeat) is not None:
            arrival.repeat = msgspec.structs.replace(repeat, count=_counted_inside(barrier, repeat.count))
        return answer

    return serve


def _counted_inside(barrier: Barrier, count: Callable[[], Headers | None]) -> Callable[[], Headers | None]:
    """What is answered again without the application is counted while nobody looks at the whole."""

    def counted() -> Headers | None:
        if barrier.enter_now() is not None:
            return None
        try:
            return count()
        finally:
            barrier.leave()

    return counted


def _whole(answer: Any) -> bytes:
    with closing(answer) if hasattr(answer, "close") else nullcontext(answer):
        return b"".join(answer)
