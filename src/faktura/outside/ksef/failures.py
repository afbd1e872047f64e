"""What can come of a call to KSeF, beside its answer."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from faktura.core.ksef.connection import Right
from faktura.core.texts import as_seen
from faktura.outside.http import Unanswered
from faktura.outside.registries.adapter import AtRest

if TYPE_CHECKING:
    from ksef_client.exceptions import KsefHttpError

SHAPES = frozenset({"exception", "errors", "detail", "title", "status", "reasonCode"})
"""What one of its refusals has at least one of."""

LONGEST = 500
"""Letters that are kept of what KSeF says in one text."""


class Rests(AtRest):
    """As many calls were made as may be, or KSeF wants none: nothing was called, and nothing is until then."""

    def __init__(self, until: dt.datetime, now: dt.datetime) -> None:
        super().__init__(f"KSeF is left alone until {until:%Y-%m-%dT%H:%M:%SZ}", max(until - now, dt.timedelta()))
        self.until = until


class Unreachable(Unanswered):
    """Nobody answered in time, or not as agreed: what was called may have arrived."""


class NoRight(Unanswered):
    """KSeF does not let the firm in, or not to this; `right` is the one that it lacks, where that is known."""

    def __init__(self, right: Right | None, text: str) -> None:
        super().__init__(text)
        self.right = right
        self.text = text


class Refused(Unanswered):
    """KSeF understood, and does not do it; `code` is its own (0 where it has none), `status` that of HTTP."""

    def __init__(self, status: int, code: int, text: str, details: tuple[str, ...] = ()) -> None:
        super().__init__(f"{code or status}: {text}")
        self.status = status
        self.code = code
        self.text = text
        self.details = details


def is_of_ksef(body: object) -> bool:
    """Whether a refusal is in one of the shapes in which KSeF refuses."""
    return isinstance(body, dict) and not SHAPES.isdisjoint(body)


def refusal_of(error: "KsefHttpError") -> Refused:
    """What KSeF says of a refusal, in whichever of its two shapes."""
    body = error.response_body if isinstance(error.response_body, dict) else {}
    code, text, details = next(_reasons(body), (0, "", ()))
    text = text or _text(body.get("detail")) or _text(body.get("title")) or f"HTTP {error.status_code}"
    return Refused(error.status_code, code, text, details)


def _reasons(body: dict[str, Any]) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    exception = body.get("exception")
    listed = exception.get("exceptionDetailList") if isinstance(exception, dict) else None
    for one in _dicts(listed):
        yield _number(one.get("exceptionCode")), _text(one.get("exceptionDescription")), _texts(one.get("details"))
    for one in _dicts(body.get("errors")):
        yield _number(one.get("code")), _text(one.get("description")), _texts(one.get("details"))
    status = body.get("status")
    if isinstance(status, dict):
        yield _number(status.get("code")), _text(status.get("description")), _texts(status.get("details"))
    if isinstance(body.get("reasonCode"), str):
        yield 0, f"{_text(body.get('detail'))} ({_text(body['reasonCode'])})".strip(), ()


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0


def _text(value: Any) -> str:
    return as_seen(value)[:LONGEST] if isinstance(value, str) else ""


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(_text, value)) if isinstance(value, list) else ()
