"""What KSeF's double is asked, what it answers, and how it refuses."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

import msgspec

T = TypeVar("T")

_ENCODER = msgspec.json.Encoder(decimal_format="number")

PROBLEM = "application/problem+json"

TRACE = "0123456789abcdef0123456789abcdef"
REFERENCE = "01234567-89ab-4def-8123-456789abcdef"
"""Whoever asks has nobody to name them to."""


class Call(NamedTuple):
    """A request: its path below the double's address, names of headers in small letters."""

    method: str
    path: str
    query: Mapping[str, Sequence[str]]
    headers: Mapping[str, str]
    body: bytes
    address: str

    def first(self, name: str) -> str | None:
        return next(iter(self.query.get(name, ())), None)

    def read(self, kind: type[T]) -> T:
        """The body.

        Raises:
            Refused: it is not of this kind.

        """
        try:
            return msgspec.json.decode(self.body, type=kind)
        except msgspec.MsgspecError as error:
            raise not_valid(str(error)) from None

    def number(self, name: str, usual: int, least: int, most: int) -> int:
        """A whole number of the query.

        Raises:
            Refused: it is none, or out of its range.

        """
        text = self.first(name)
        if text is None:
            return usual
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise not_valid(f"{name} musi być liczbą od {least} do {most}.")
        return int(text)


class Answer(NamedTuple):
    status: int
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


class Reply(NamedTuple):
    """An answer, or none where the connection ends, after so many seconds."""

    answer: Answer | None
    pause: float = 0


def told(value: Any, status: int = 200) -> Answer:
    """What JSON says; an attribute that is None is left out."""
    return Answer(status, _ENCODER.encode(without_none(value)))


def without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: without_none(one) for name, one in value.items() if one is not None}
    if isinstance(value, list | tuple):
        return [without_none(one) for one in value]
    return value


def xml(content: bytes, *headers: tuple[str, str]) -> Answer:
    return Answer(200, content, "application/xml", headers)


DONE = Answer(204, content_type="")

SET = Answer(200, content_type="")
"""A setting of a test environment was changed."""


class Refusal(Exception):  # noqa: N818 (says what it is)
    """An answer that is none of success."""

    def answer(self, call: Call, now: dt.datetime) -> Answer:
        raise NotImplementedError


class Refused(Refusal):
    """400: what was asked is not as the contract says, with KSeF's own code."""

    def __init__(self, code: int, description: str, *details: str) -> None:
        super().__init__(code, description, *details)
        self.code, self.description, self.details = code, description, details

    def answer(self, call: Call, now: dt.datetime) -> Answer:
        if call.headers.get("x-error-format") == "problem-details":
            errors = [{"code": self.code, "description": self.description, "details": list(self.details)}]
            return _problem(call, now, 400, "Bad Request", "Żądanie jest nieprawidłowe.", errors=errors)
        one = {
            "exceptionCode": self.code,
            "exceptionDescription": self.description,
            "details": list(self.details) or None,
        }
        exception = {
            "serviceCtx": "double",
            "serviceCode": TRACE,
            "serviceName": "Undefined",
            "timestamp": spelled(now),
            "referenceNumber": REFERENCE,
            "exceptionDetailList": [one],
        }
        return told({"exception": exception}, 400)


class Stopped(Refusal):
    """Another status, told as a problem; `more` is what it has besides."""

    def __init__(self, status: int, title: str, detail: str, **more: Any) -> None:
        super().__init__(status, title, detail)
        self.status, self.title, self.detail, self.more = status, title, detail, more

    def answer(self, call: Call, now: dt.datetime) -> Answer:
        return _problem(call, now, self.status, self.title, self.detail, **self.more)


class TooMany(Refusal):
    """429: nothing of the kind before so many seconds have passed."""

    def __init__(self, detail: str, seconds: int) -> None:
        super().__init__(detail)
        self.detail, self.seconds = detail, seconds

    def answer(self, call: Call, now: dt.datetime) -> Answer:
        retry = (("Retry-After", str(self.seconds)),)
        if call.headers.get("x-error-format") == "problem-details":
            return _problem(call, now, 429, "Too Many Requests", self.detail)._replace(headers=retry)
        status = {"code": 429, "description": "Too Many Requests", "details": [self.detail]}
        return told({"status": status}, 429)._replace(headers=retry)


def not_valid(*details: str) -> Refused:
    return Refused(21405, "Błąd walidacji danych wejściowych.", *details)


def not_known(detail: str = "Wymagane jest uwierzytelnienie.") -> Stopped:
    return Stopped(401, "Unauthorized", detail)


def not_allowed(reason: str, detail: str, **security: Any) -> Stopped:
    return Stopped(403, "Forbidden", detail, reasonCode=reason, security=security or None)


def gone() -> Stopped:
    return Stopped(410, "Gone", "Operacja wygasła i nie jest już dostępna.")


def _problem(call: Call, now: dt.datetime, status: int, title: str, detail: str, **more: Any) -> Answer:
    shown = {
        "title": title,
        "status": status,
        "detail": detail,
        "instance": call.path,
        "timestamp": spelled(now),
        "traceId": TRACE,
        **more,
    }
    return told(shown, status)._replace(content_type=PROBLEM)


def spelled(instant: dt.datetime) -> str:
    return instant.isoformat()
