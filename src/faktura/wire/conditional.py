"""Entity tags of single records, and the conditions that requests make with them (RFC 9110, 13.1)."""

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

import falcon

from faktura.store.records import Tenant
from faktura.wire.endpoints import Answer, Endpoint
from faktura.wire.fields import Shape

ANY = "*"
OK = 200
_ONE = re.compile(r"/\{(\w+)\}\.json$")


class ChangedMeanwhile(Exception):  # noqa: N818 (says what became of a record)
    """The record is no more as the request's If-Match has it."""


def etag(version: int, view: object = 0) -> str:
    """A strong tag; `view` is what else the answer depends on."""
    return f'"{version}-{view}"'


def spared(answer: Answer, request: falcon.Request) -> Answer:
    """The answer, or none where the request's If-None-Match tells that the client has it."""
    condition = request.env.get("HTTP_IF_NONE_MATCH")
    if condition is None or answer.status != OK or request.method != "GET":
        return answer
    tag = dict(answer.headers).get("ETag")
    if tag is None or not (condition.strip() == ANY or tag in _TAG.findall(condition)):
        return answer
    return Answer(304, headers=answer.headers)


def require_version(header: str | None, version: int) -> None:
    """Do nothing where no condition is made, or where it holds: whatever view the tag was of, the version counts.

    Raises:
        ChangedMeanwhile: the record has another version.

    """
    if header is None or header.strip() == ANY:
        return
    if not any(tag.startswith(f'"{version}-') for tag in _STRONG_TAG.findall(header)):
        raise ChangedMeanwhile


class Guarded(NamedTuple):
    """The record that a write is about, and the part of its path that names it."""

    cls: type[Tenant]
    named: str


def guarded_records(endpoints: Iterable[Endpoint]) -> dict[str, Guarded]:
    """By path, the record that a write there is about: what is read at the longest address that the path holds."""
    endpoints = tuple(endpoints)
    read = {
        e.path.removesuffix(".json"): Guarded(cls, found[1])
        for e in endpoints
        if (found := _ONE.search(e.path)) and (cls := _record_read(e))
    }
    return {
        endpoint.path: read[base]
        for endpoint in endpoints
        if endpoint.writes
        for base in sorted(read, key=len)
        if f"{base}." in endpoint.path or f"{base}/" in endpoint.path
    }


def _record_read(endpoint: Endpoint) -> type[Tenant] | None:
    shape: Any = endpoint.answers.get(200)
    if endpoint.method != "GET" or not isinstance(shape, Shape):
        return None
    return shape.record if isinstance(shape.record, type) and issubclass(shape.record, Tenant) else None


_TAG = re.compile(r'"[^"]*"')
_STRONG_TAG = re.compile(r'(?<!W/)"[^"]*"')
"""Only strong ones count where a change depends on them; what made a tag weak on its way may have changed the body."""
