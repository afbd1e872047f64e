"""Reads that ask the database nothing: answered on the event loop, and kept for the same request."""

import itertools
from collections.abc import Callable, Hashable

from faktura.intake.heads import Environ, Scope
from faktura.intake.responses import Response, encoded
from faktura.store.turns import WouldWait, here
from faktura.wire.arrival import KEY, Arrival, Pause, Repeat

MOST_KEPT = 16 * 1024 * 1024
OVERHEAD = 2000
"""About what an answer costs besides its bytes."""

MOST_HEADERS = 1000
LONGEST_HEADERS = 4096
"""So many clients are told apart by their headers, each of which sends the same ones again and again."""

LUCKIEST = 16


class Quick:
    """Runs reads on the calling thread, which must not wait; one that would have to is to be run on another.

    Where several in a row would have had to wait, only every 16th is tried.
    """

    def __init__(self, run: Callable[[Environ], Response | Pause]) -> None:
        self._run = run
        self._luck = LUCKIEST
        self._asked = 0
        self._headers: dict[Hashable, int] = {}
        self._numbers = itertools.count()
        self._kept: dict[Hashable, tuple[Response, Repeat]] = {}
        self._bytes = 0

    def find(self, scope: Scope) -> Response | None:
        """The answer to the same request, byte for byte and from the same address, if it has the same again."""
        number = self._headers.get(_headers(scope))
        if number is None:
            return None
        key = number, scope["path"], scope["query_string"]
        kept = self._kept.get(key)
        if kept is None:
            return None
        response, repeat = kept
        counted = repeat.count()
        if counted is None:
            return None
        return response._replace(headers=response.headers + encoded(counted)) if counted else response

    def attempt(self, scope: Scope, environ: Environ, arrival: Arrival) -> Response | Pause | None:
        """What the application gives, or None where it would have to wait or is not worth the try."""
        self._asked += 1
        if self._luck == 0 and self._asked % LUCKIEST:
            return None
        here.must_not_wait = True
        try:
            outcome = self._run({**environ, KEY: arrival})
        except WouldWait:
            self._luck -= self._luck > 0
            return None
        finally:
            here.must_not_wait = False
        self._luck = LUCKIEST
        if arrival.repeat is not None:
            self._keep(scope, arrival.repeat)
        return outcome

    def _keep(self, scope: Scope, repeat: Repeat) -> None:
        """The oldest ones are dropped where there are too many."""
        headers = _headers(scope)
        if sum(len(name) + len(value) for name, value in headers[1]) > LONGEST_HEADERS:
            return
        if headers not in self._headers and len(self._headers) >= MOST_HEADERS:
            self._headers.clear()
        key = self._headers.setdefault(headers, next(self._numbers)), scope["path"], scope["query_string"]
        if key in self._kept:
            self._forget(key)
        while self._bytes > MOST_KEPT:
            self._forget(next(iter(self._kept)))
        self._kept[key] = Response(repeat.status, encoded(repeat.headers), repeat.body), repeat
        self._bytes += len(repeat.body) + OVERHEAD

    def _forget(self, key: Hashable) -> None:
        response, _ = self._kept.pop(key)
        self._bytes -= len(response.body) + OVERHEAD


def _headers(scope: Scope) -> tuple[str, tuple[tuple[bytes, bytes], ...]]:
    """What tells one client from another; a request with a body says so here, and none of those is kept."""
    return scope["client"][0], tuple(scope["headers"])
