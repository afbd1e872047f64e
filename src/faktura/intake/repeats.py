"""Reads that ask the database nothing: answered on the event loop, and kept for the same request."""

from collections.abc import Callable, Hashable

from faktura.intake.heads import Environ, Scope
from faktura.intake.responses import Response, encoded
from faktura.store.turns import WouldWait, here
from faktura.wire.arrival import KEY, Arrival, Pause, Repeat

MOST_KEPT = 4 * 1024 * 1024
OVERHEAD = 3000
"""About what an answer costs besides its bytes: the head of its request."""

LUCKIEST = 16


class Quick:
    """Runs reads on the calling thread, which must not wait; one that would have to is to be run on another.

    Where several in a row would have had to wait, only every 16th is tried.
    """

    def __init__(self, run: Callable[[Environ], Response | Pause]) -> None:
        self._run = run
        self._luck = LUCKIEST
        self._asked = 0
        self._kept: dict[Hashable, tuple[Response, Repeat]] = {}
        self._bytes = 0

    def find(self, scope: Scope) -> Response | None:
        """The answer to the same request, byte for byte and from the same address, if it has the same again."""
        key = _key(scope)
        kept = self._kept.get(key)
        if kept is None:
            return None
        (status, headers, body), repeat = kept
        counted = repeat.count()
        if counted is None:
            del self._kept[key]
            self._bytes -= len(body) + OVERHEAD
            return None
        return Response(status, headers + encoded(counted), body)

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
            self._keep(_key(scope), arrival.repeat)
        return outcome

    def _keep(self, key: Hashable, repeat: Repeat) -> None:
        """Where there are too many, all of them are dropped."""
        if self._bytes > MOST_KEPT:
            self._kept.clear()
            self._bytes = 0
        if key not in self._kept:
            self._bytes += len(repeat.body) + OVERHEAD
        self._kept[key] = Response(repeat.status, encoded(repeat.headers), repeat.body), repeat


def _key(scope: Scope) -> Hashable:
    """Without the body, which is why only requests without one are attempted."""
    return scope["path"], scope["query_string"], scope["client"][0], tuple(scope["headers"])
