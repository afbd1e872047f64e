"""Reading what a request carries."""

import io
import re
from typing import Any
from urllib.parse import parse_qsl

import falcon
import msgspec
from falcon.media.multipart import BodyPart

from faktura.core.errors import NotFound

DEEPEST = 64
MOST_PARAMETERS = 1000

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


class Unintelligible(Exception):  # noqa: N818 (says what a request is)
    """A request that cannot be understood; the text says why, for programmers."""


class SentFile(msgspec.Struct, frozen=True):
    """A file in a form, with its name and type as whoever sent it says; as a text it is its name."""

    filename: str
    content_type: str
    content: bytes

    def __str__(self) -> str:
        return self.filename


def media_type(request: falcon.Request) -> str:
    """The type that a body is said to be of, in small letters and without its parameters."""
    return (request.content_type or "").partition(";")[0].strip().lower()


def parse_json(body: bytes) -> Any:
    """The JSON value.

    Raises:
        Unintelligible: it is no JSON, is nested deeper than any record, or holds a NUL, which no text column takes.

    """
    try:
        value = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        message = "The request body is not valid JSON"
        raise Unintelligible(message) from error
    if b"\\u0000" in body and _holds_nul(value):
        message = "The request body holds a NUL character"
        raise Unintelligible(message)
    if body.count(b"[") + body.count(b"{") > DEEPEST:
        _check_depth(value)
    return value


def parse_query(text: str, most: int = MOST_PARAMETERS) -> list[tuple[str, str]]:
    """Names and values in their order.

    Raises:
        Unintelligible: too many of them, text that is not UTF-8, or a NUL.

    """
    if not text:
        return []
    if text.count("&") >= most:
        message = f"The request has more than {most} parameters"
        raise Unintelligible(message)
    try:
        pairs = parse_qsl(text, keep_blank_values=True, errors="strict")
    except ValueError as error:
        message = "The query is not valid UTF-8"
        raise Unintelligible(message) from error
    if "%00" in text and "\0" in "".join(name + value for name, value in pairs):
        message = "The query holds a NUL character"
        raise Unintelligible(message)
    return pairs


def parse_form(body: bytes, most: int = MOST_PARAMETERS) -> list[tuple[str, str]]:
    """The fields of a form and their values in their order.

    Raises:
        Unintelligible: as for a query; or a field without a value or a broken escape, as where a form was cut.

    """
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        message = "The request body is not valid UTF-8"
        raise Unintelligible(message) from error
    if _BROKEN_ESCAPE.search(text) or any("=" not in field for field in text.split("&") if field):
        message = "The request body is not a valid form"
        raise Unintelligible(message)
    return parse_query(text, most)


def parse_multipart(body: bytes, content_type: str) -> list[tuple[str, str | SentFile]]:
    """The fields of a form with several parts in their order; what has a file name comes as a file.

    Raises:
        Unintelligible: no such form, no end of it, too many or too large parts, text that is not UTF-8, or a NUL in it.

    """
    handler = falcon.media.MultipartFormHandler()
    handler.parse_options.max_body_part_buffer_size = len(body)
    fields: list[tuple[str, str | SentFile]] = []
    try:
        _require_end(body, content_type)
        for part in handler.deserialize(io.BytesIO(body), content_type, len(body)):
            data, name = part.get_data(), part.filename
            sent = data.decode() if name is None else SentFile(name, part.content_type or "", data)
            fields.append((_name_of(part), sent))
    except (falcon.HTTPError, UnicodeDecodeError, ValueError) as error:
        message = "The request body is not a valid form"
        raise Unintelligible(message) from error
    if b"\0" in body and any(isinstance(value, str) and "\0" in name + value for name, value in fields):
        message = "The form holds a NUL character"
        raise Unintelligible(message)
    return fields


def _require_end(body: bytes, content_type: str) -> None:
    """Falcon ignores whatever follows the last boundary."""
    boundary = falcon.parse_header(content_type)[1].get("boundary", "")
    if not body.rstrip(b"\r\n").endswith(f"--{boundary}--".encode()):
        message = "something follows the last part"
        raise ValueError(message)


def _name_of(part: BodyPart) -> str:
    if not part.name:
        message = "a part has no name"
        raise ValueError(message)
    return part.name


def read_id(text: str) -> int:
    """An id as it stands in a path.

    Raises:
        NotFound: no record can have it.

    """
    if not (text.isascii() and text.isdecimal() and len(text) <= len("2147483647")) or int(text) > 2**31 - 1:
        raise NotFound(text)
    return int(text)


def _holds_nul(value: Any) -> bool:
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, str) and "\0" in found:
            return True
        if isinstance(found, dict):
            waiting += [*found.keys(), *found.values()]
        elif isinstance(found, list):
            waiting += found
    return False


def _check_depth(value: Any) -> None:
    level: list[Any] = [value]
    for _ in range(DEEPEST):
        inside: list[Any] = []
        for found in level:
            if isinstance(found, dict):
                inside += found.values()
            elif isinstance(found, list):
                inside += found
        if not inside:
            return
        level = inside
    message = "The request body is nested too deeply"
    raise Unintelligible(message)


_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
