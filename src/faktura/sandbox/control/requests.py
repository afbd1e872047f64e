"""`/sandbox/requests`: the ledger listed, searched, looked into, and told again as a line for the shell."""

from collections.abc import Callable, Mapping
from typing import Any

import falcon
import msgspec

from faktura.sandbox.control.curl import curl_of
from faktura.sandbox.control.ledger import Exchange, Half, Ledger
from faktura.sandbox.control.paths import fits
from faktura.sandbox.control.state import Wrong
from faktura.wire.requests import parse_query

USUAL = 100


class Requests:
    """All that fit the filters, the newest first; deleted, all of them."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        filters = dict(parse_query(req.query_string))
        most = _whole("limit", filters.pop("limit", str(USUAL)))
        fits_all = fitting(filters)
        found = [one for one in self._ledger.exchanges if fits_all(one)]
        resp.media = {"requests": [listed(one) for one in found[:most]], "found": len(found), **self._ledger.fill()}

    def on_delete(self, _req: falcon.Request, resp: falcon.Response) -> None:
        self._ledger.forget()
        resp.status = falcon.HTTP_NO_CONTENT


class OneRequest:
    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def on_get(self, _req: falcon.Request, resp: falcon.Response, request_id: int) -> None:
        resp.media = shown(self._found(request_id))

    def on_get_curl(self, _req: falcon.Request, resp: falcon.Response, request_id: int) -> None:
        resp.text = curl_of(self._found(request_id))
        resp.content_type = "text/plain; charset=utf-8"

    def _found(self, request_id: int) -> Exchange:
        found = self._ledger.find(request_id)
        if found is None:
            kept = [one.id for one in self._ledger.exchanges]
            known = f"from {kept[-1]} to {kept[0]}" if kept else "none"
            raise falcon.HTTPNotFound(description=f"There is no request {request_id} in the ledger; it has {known}")
        return found


Test = Callable[[Exchange], bool]


def fitting(filters: Mapping[str, str]) -> Test:
    """Whether a request fits all of the filters.

    Raises:
        Wrong: there is no such filter, or not with this value.

    """
    for name in filters:
        if name not in FILTERS:
            raise Wrong(f"There is no filter {name}; there are {', '.join((*FILTERS, 'limit'))}")
    tests = [FILTERS[name](value) for name, value in filters.items()]
    return lambda one: all(test(one) for test in tests)


def _with_status(value: str) -> Test:
    """A status, or a class of them such as 4xx."""
    digits = value.lower().removesuffix("xx")
    if not digits.isascii() or not digits.isdigit() or len(value) != len("404"):
        raise Wrong(f"status must be one such as 404, or 4xx, not {value!r}")
    return lambda one: str(one.status).startswith(digits)


def _since(value: str) -> Test:
    after = _whole("since", value)
    return lambda one: one.id > after


def _whole(name: str, value: str) -> int:
    if not value.isascii() or not value.isdigit() or len(value) > len(str(2**31)):
        raise Wrong(f"{name} must be a whole number, not {value!r}")
    return int(value)


FILTERS: Mapping[str, Callable[[str], Test]] = {
    "door": lambda value: lambda one: one.place.door == value,
    "method": lambda value: lambda one: one.method == value.upper(),
    "path": lambda value: lambda one: fits(value, one.place),
    "status": _with_status,
    "contains": lambda value: lambda one: one.has(value),
    "since": _since,
}
"""`contains` looks into the address and both bodies; of `since` those that came after it."""


def listed(one: Exchange) -> dict[str, Any]:
    return {
        "id": one.id,
        "at": one.at.isoformat().replace("+00:00", "Z"),
        "door": one.place.door,
        "method": one.method,
        "path": one.place.path,
        "query": one.query,
        "status": one.status,
        "result": one.result,
        "faults": list(one.faults),
        "milliseconds": round(one.milliseconds, 1),
    }


def shown(one: Exchange) -> dict[str, Any]:
    answer = None if one.answer is None else {"status": one.status, **_half(one.answer)}
    return {**listed(one), "address": one.address, "request": _half(one.request), "answer": answer}


def _half(half: Half) -> dict[str, Any]:
    """What was sent, or answered; a body that is no text is base64, of one that is cut the beginning is there."""
    body: dict[str, Any] = {"body": half.text}
    if half.text is None:
        body |= {"base64": msgspec.to_builtins(half.body)}
    if (value := half.json()) is not None:
        body |= {"json": value}
    return {"headers": dict(half.headers), **body, "bytes": half.size, "cut": half.is_cut}
