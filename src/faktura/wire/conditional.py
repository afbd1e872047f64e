"""Entity tags of single records, and the conditions that requests make with them (RFC 9110, 13.1)."""

import re
from collections.abc import Iterable
from typing import Any

from faktura.store.records import Tenant
from faktura.wire.endpoints import Endpoint
from faktura.wire.fields import Shape

ANY = "*"
ONE = ("/{id}.json", "/{uuid}.json")


class ChangedMeanwhile(Exception):  # noqa: N818 (says what became of a record)
    """The record is no more as the request's If-Match has it."""


def etag(version: int, view: object = 0) -> str:
    """A strong tag; `view` is what else the answer depends on."""
    return f'"{version}-{view}"'


def is_named(header: str, tag: str) -> bool:
    """Whether an If-None-Match names the tag."""
    return header.strip() == ANY or tag in _tags(header)


def require_version(header: str | None, version: int) -> None:
    """Do nothing where no condition is made, or where it holds: whatever view the tag was of, the version counts.

    Raises:
        ChangedMeanwhile: the record has another version.

    """
    if header is None or header.strip() == ANY:
        return
    if not any(tag.startswith(f'"{version}-') for tag in _tags(header)):
        raise ChangedMeanwhile


def guarded_records(endpoints: Iterable[Endpoint]) -> dict[str, type[Tenant]]:
    """By path, the record that a write there changes: what is read there, or where the path begins."""
    endpoints = tuple(endpoints)
    read = {e.path.removesuffix(".json"): r for e in endpoints if e.path.endswith(ONE) and (r := _record_read(e))}
    return {
        endpoint.path: cls
        for endpoint in endpoints
        if endpoint.writes
        for base, cls in read.items()
        if endpoint.path.startswith((f"{base}.", f"{base}/"))
    }


def _record_read(endpoint: Endpoint) -> type[Tenant] | None:
    shape: Any = endpoint.answers.get(200)
    if endpoint.method != "GET" or not isinstance(shape, Shape):
        return None
    return shape.record if isinstance(shape.record, type) and issubclass(shape.record, Tenant) else None


def _tags(header: str) -> list[str]:
    """The strong tags; a weak one never matches where a change depends on it, and none is handed out."""
    return _TAG.findall(header)


_TAG = re.compile(r'(?<!W/)"[^"]*"')
