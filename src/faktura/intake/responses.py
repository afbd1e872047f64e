"""Whole answers as ASGI has them, and those that need no application."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from faktura.wire.safety import NOSNIFF, NOT_STORED

RETRY_AFTER = 5
"""Seconds."""


class Response(NamedTuple):
    """A whole answer; names and values of headers are bytes, as ASGI has them."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Refused(Exception):  # noqa: N818 (says what becomes of a request)
    """The request is not taken in; the connection is closed, since what follows on it cannot be trusted."""

    def __init__(self, status: int, code: str, sentence: str, retry_after: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.retry_after = retry_after


def json_response(status: int, value: Any) -> Response:
    body = msgspec.json.encode(value)
    headers = ("Content-Type", "application/json"), ("Content-Length", str(len(body))), NOSNIFF, NOT_STORED
    return Response(status, encoded(headers), body)


def refusal(refused: Refused) -> Response:
    answer = json_response(refused.status, {"error": refused.code, "error_description": str(refused)})
    answer.headers.append((b"connection", b"close"))
    if refused.retry_after is not None:
        answer.headers.append((b"retry-after", str(refused.retry_after).encode()))
    return answer


def failed() -> Response:
    """What the application has no answer to; the log has."""
    return json_response(500, {"error": "internal_error", "error_description": "The server failed; it was logged"})


def encoded(headers: Iterable[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    return [(_lowered(name), value.encode("latin-1")) for name, value in headers]


@lru_cache(maxsize=512)
def _lowered(header: str) -> bytes:
    return header.lower().encode("latin-1")


LIVES = json_response(200, {"status": "ok"})
"""That the process answers at all."""
