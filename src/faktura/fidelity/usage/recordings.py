"""Requests out of a file: a HAR of a browser or proxy, a server's log, or lines of a method and an address."""

import base64
import binascii
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

MOST_BYTES = 200 * 1024 * 1024

METHODS = "GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS"


class Unreadable(Exception):  # noqa: N818 (says what a file is)
    """The file is no recording; the text says what to give instead."""


class Call(NamedTuple):
    """A request; the bodies are None where the file does not have them, or where they are no JSON."""

    method: str
    url: str
    status: int | None = None
    sent: Any = None
    answered: Any = None


class _Text(msgspec.Struct):
    text: str = ""
    encoding: str = ""


class _Request(msgspec.Struct):
    method: str
    url: str
    posted: _Text | None = msgspec.field(name="postData", default=None)


class _Response(msgspec.Struct):
    status: int = 0
    content: _Text = msgspec.field(default_factory=_Text)


class _Entry(msgspec.Struct):
    request: _Request
    response: _Response = msgspec.field(default_factory=_Response)


class _Log(msgspec.Struct):
    entries: list[_Entry]
    version: str = "1.2"


class _Har(msgspec.Struct):
    log: _Log


def read_calls(file: Path) -> list[Call]:
    """The requests of a file.

    Raises:
        Unreadable: it is none of those, too large, or holds no request.
        OSError: it cannot be opened.

    """
    if file.is_dir():
        raise Unreadable(f"{file} is a folder; give a HAR file or a log of requests.")
    if file.stat().st_size > MOST_BYTES:
        raise Unreadable(f"{file} has more than {MOST_BYTES // 1024 // 1024} MB; give a shorter recording.")
    content = file.read_bytes().removeprefix(b"\xef\xbb\xbf")
    if not content.strip():
        raise Unreadable(f"{file} is empty.")
    if b"\0" in content:
        raise Unreadable(f"{file} is a binary file; give a HAR file or a log of requests as text.")
    if content.lstrip().startswith((b"{", b"[")):
        return _of_har(file, content)
    calls = [*_of_lines(content.decode(errors="replace"))]
    if not calls:
        raise Unreadable(
            f"{file} is neither a HAR file nor a log of requests: no line of it names a method and a path."
        )
    return calls


def _of_har(file: Path, content: bytes) -> list[Call]:
    try:
        har = msgspec.json.decode(content, type=_Har)
    except msgspec.ValidationError:
        raise Unreadable(f"{file} is JSON, but no HAR file, which has log and entries.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Unreadable(f"{file} begins as JSON and is cut or broken; save the HAR file again.") from None
    if not har.log.version.startswith("1."):
        raise Unreadable(f"{file} is a HAR file of another version; 1.2 is read here.")
    return [_of_entry(entry) for entry in har.log.entries]


def _of_entry(entry: _Entry) -> Call:
    request, response = entry.request, entry.response
    sent = None if request.posted is None else _json(request.posted)
    return Call(request.method.upper(), request.url, response.status or None, sent, _json(response.content))


def _json(body: _Text) -> Any:
    try:
        raw = base64.b64decode(body.text) if body.encoding == "base64" else body.text.encode()
        return msgspec.json.decode(raw) if raw else None
    except (msgspec.DecodeError, binascii.Error, ValueError, RecursionError):
        return None


def _of_lines(text: str) -> Iterator[Call]:
    for line in text.splitlines():
        if found := _LOGGED.search(line) or _PLAIN.match(line):
            status = found["status"]
            yield Call(found["method"], found["url"], int(status) if status else None)


_LOGGED = re.compile(rf'"(?P<method>{METHODS}) (?P<url>\S+) HTTP/[\d.]+" (?P<status>\d{{3}})?')
_PLAIN = re.compile(rf"\s*(?P<method>{METHODS})\s+(?P<url>(?:https?:/)?/\S*)(?:\s+(?P<status>\d{{3}})\b)?")
