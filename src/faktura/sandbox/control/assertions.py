"""`/sandbox/requests/assert`: whether what a test expects stands in the ledger, and if not, what comes nearest."""

from collections.abc import Iterator
from typing import Annotated, Any

import falcon
import msgspec
from msgspec import Meta

from faktura.sandbox.control.bodies import read_object
from faktura.sandbox.control.ledger import Exchange, Ledger
from faktura.sandbox.control.paths import fits
from faktura.sandbox.control.state import MOST, Wrong

MOST_NEAREST = 3

KEY = "idempotency-key"

Count = Annotated[int, Meta(ge=0, le=MOST)]


class Times(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    at_least: Count = 0
    at_most: Count = MOST


class Expected(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What requests have that are counted; a `key` is their Idempotency-Key, a `body` is within theirs."""

    door: str | None = None
    method: str | None = None
    path: str | None = None
    key: str | None = None
    body: Any = msgspec.UNSET
    status: int | None = None
    times: Count | Times = 1
    since: Count = 0


class Difference(msgspec.Struct, frozen=True):
    """Where a request is another one than expected."""

    at: str
    expected: Any
    found: Any


class Assertions:
    """`POST`: 200 where it holds, 417 where it does not."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        try:
            expected = msgspec.convert(read_object(req), Expected)
        except msgspec.ValidationError as error:
            known = ", ".join(Expected.__struct_fields__)
            raise Wrong(f"{error}; an assertion has {known}") from None
        resp.media = result = judged(expected, self._ledger.exchanges)
        if not result["holds"]:
            resp.status = falcon.HTTP_EXPECTATION_FAILED


def judged(expected: Expected, exchanges: list[Exchange]) -> dict[str, Any]:
    """Whether as many requests as expected are there; otherwise those with the fewest differences, newest first."""
    times = expected.times if isinstance(expected.times, Times) else Times(expected.times, expected.times)
    found: list[int] = []
    others: list[tuple[Exchange, list[Difference]]] = []
    for one in exchanges:
        if one.id <= expected.since:
            continue
        if differs := list(differences(expected, one)):
            others.append((one, differs))
        else:
            found.append(one.id)
    if times.at_least <= len(found) <= times.at_most:
        return {"holds": True, "found": found}
    nearest = sorted(others, key=lambda other: len(other[1]))[:MOST_NEAREST] if len(found) < times.at_least else []
    shown = [
        {"id": one.id, "method": one.method, "path": one.place.path, "differs": msgspec.to_builtins(differs)}
        for one, differs in nearest
    ]
    return {"holds": False, "found": found, "expected": _spelled(times), "nearest": shown}


def _spelled(times: Times) -> str:
    if times.at_least == times.at_most:
        return f"{times.at_least} times"
    return f"at least {times.at_least} times" if times.at_most == MOST else f"{times.at_least} to {times.at_most} times"


def differences(expected: Expected, one: Exchange) -> Iterator[Difference]:
    if expected.door not in {None, one.place.door}:
        yield Difference("door", expected.door, one.place.door)
    if expected.method is not None and expected.method.upper() != one.method:
        yield Difference("method", expected.method, one.method)
    if expected.path is not None and not fits(expected.path, one.place):
        yield Difference("path", expected.path, one.place.path)
    key = one.request.header(KEY)
    if expected.key not in {None, key}:
        yield Difference("key", expected.key, key)
    if expected.status not in {None, one.status}:
        yield Difference("status", expected.status, one.status)
    if expected.body is not msgspec.UNSET:
        value = one.request.json()
        yield from _within("body", expected.body, one.request.text if value is None else value)


def _within(at: str, expected: Any, found: Any) -> Iterator[Difference]:
    """Where the expected value is not within the one that was found: an object may have more, a list may not."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name, value in expected.items():
            if name in found:
                yield from _within(f"{at}.{name}", value, found[name])
            else:
                yield Difference(f"{at}.{name}", value, "(is not there)")
    elif isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        for place, (one, other) in enumerate(zip(expected, found, strict=True)):
            yield from _within(f"{at}[{place}]", one, other)
    elif expected != found or isinstance(expected, bool) != isinstance(found, bool):
        yield Difference(at, expected, found)
