"""Requests that may be sent again: the first answer under a client's key is the answer to all (`Idempotency-Key`)."""

import hashlib
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Any

import falcon
import msgspec

from faktura.core.books.books import Books
from faktura.core.books.kept_answers import keep_answer, kept_answer
from faktura.wire.endpoints import Answer, Endpoint

HEADER = "Idempotency-Key"
LONGEST_KEY = 255
REPLAYED = (("Idempotent-Replayed", "true"),)

SERVER_ERRORS = 500
PASSING = frozenset({409, 429})
"""Refusals for the moment, of which nothing is kept: what comes again is looked at again."""


class UnfitKey(Exception):  # noqa: N818 (says what a key is)
    """It is not made of 1 to 255 visible ASCII characters."""


class StillRunning(Exception):  # noqa: N818 (says what becomes of the first request)
    """The first request with the key is not answered yet."""


class Running:
    """The keys of requests that this process answers just now."""

    def __init__(self) -> None:
        self._keys: set[Hashable] = set()
        self._lock = threading.Lock()

    @contextmanager
    def hold(self, key: Hashable) -> Iterator[None]:
        """Let nobody else hold the key meanwhile.

        Raises:
            StillRunning: somebody does.

        """
        with self._lock:
            if key in self._keys:
                raise StillRunning
            self._keys.add(key)
        try:
            yield
        finally:
            with self._lock:
                self._keys.discard(key)


def key_of(endpoint: Endpoint, request: falcon.Request) -> str | None:
    """The client's key for a write, where it sends one.

    Raises:
        UnfitKey: it cannot be one.

    """
    if not endpoint.writes or endpoint.public:
        return None
    key: str | None = request.get_header(HEADER)
    if key is None:
        return None
    if not (0 < len(key) <= LONGEST_KEY and key.isascii() and key.isprintable() and " " not in key):
        raise UnfitKey
    return key


def fingerprint_of(request: falcon.Request, *carried: Any) -> str:
    """What tells a request from another: its method, its address, and what its query and body carry."""
    told = msgspec.json.encode((request.method, request.path, *carried), order="deterministic")
    return hashlib.sha256(told).hexdigest()


def answered_once(books: Books, key: str, fingerprint: str, serve: Callable[[], Answer]) -> Answer:
    """The first answer, or the answer now, which is kept in the same transaction.

    Raises:
        KeyReused: the key stands for another request.

    """
    kept = kept_answer(books, key, fingerprint)
    if kept is not None:
        return Answer(kept.status, kept.body, kept.location, REPLAYED, kept.content_type)
    answer = serve()
    keep_answer(books, key, fingerprint, (answer.status, answer.body, answer.location, answer.content_type))
    return answer


def is_lasting(refusal: Answer) -> bool:
    """Whether a refusal by the endpoint answers what comes again as well; a fault of the server never does."""
    return refusal.status < SERVER_ERRORS and refusal.status not in PASSING
