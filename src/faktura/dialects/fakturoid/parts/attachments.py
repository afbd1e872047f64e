"""Files beside a document (2.0.3): sent as Data URIs, fetched as what they are."""

import base64
import binascii
import mimetypes
import re
from typing import Any, NamedTuple
from urllib.parse import quote

from faktura.core.documents.attachments import LONGEST_FILENAME, MOST_FILES, Attachment, GivenFile, find_attachment
from faktura.core.documents.record import AttachedFile, Document
from faktura.core.texts import as_seen
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.values import INTEGER, TEXT
from faktura.wire.endpoints import Answer
from faktura.wire.fields import Field, Kind, Shape, Unreadable, read_only
from faktura.wire.requests import read_id

MOST_BYTES = 20_000_000
"""Of a body with files in it."""

NO_FILE = GivenFile("", "", b"")


class Attached(NamedTuple):
    """A file, and the path of the document that it lies beside: `invoices/7`."""

    file: AttachedFile
    beside: str


def _download_url(attached: Attached, view: View) -> str:
    return f"{view.api_url}/{attached.beside}/attachments/{attached.file.id}/download"


ATTACHMENT: Shape[Attached, View] = Shape(
    "attachment",
    Attached,
    (
        read_only("id", INTEGER, "file.id", nullable=False),
        Field("filename", TEXT, nullable=False, showing=lambda attached, _: attached.file.filename),
        read_only("content_type", TEXT, "file.content_type", nullable=False),
        read_only("download_url", TEXT, nullable=False, showing=_download_url),
        Field("data_url", TEXT, access="write"),
    ),
)


def read_file(value: Any) -> GivenFile:
    """A file as an object, or as the Data URI alone, which older clients send."""
    if isinstance(value, str):
        value = {"data_url": value}
    if not isinstance(value, dict) or not isinstance(value.get("data_url"), str):
        raise Unreadable("malformed")
    content_type, content = read_data_url(value["data_url"])
    return GivenFile(_filename(value.get("filename"), content_type), content_type, content)


def read_data_url(text: str) -> tuple[str, bytes]:
    """What it says that it is, and its bytes."""
    found = _DATA_URL.fullmatch(text.strip())
    if found is None:
        raise Unreadable("malformed")
    try:
        content = base64.b64decode("".join(found["data"].split()), validate=True)
    except (binascii.Error, ValueError):
        raise Unreadable("malformed") from None
    return found["type"].lower(), content


def read_files(value: Any) -> list[GivenFile]:
    """What is to be attached; files that a client sends back as it got them are there already."""
    if not isinstance(value, list):
        raise Unreadable("malformed")
    new = [item for item in value if not (isinstance(item, dict) and item.get("id") and not item.get("data_url"))]
    if len(new) > MOST_FILES:
        return [NO_FILE] * len(new)  # more than are ever kept: none of them is worth reading
    return [read_file(item) for item in new]


def read_one_file(value: Any) -> list[GivenFile]:
    """The only file that version 2 took."""
    return [read_file(value)] if value else []


def shown_files(document: Document, folder: str, view: View) -> list[dict[str, Any]]:
    """The files beside a document of a resource."""
    return [ATTACHMENT.show(Attached(file, f"{folder}/{document.id}"), view) for file in document.attachments]


ATTACHMENTS = Kind({"type": "array"}, read_files, shape=ATTACHMENT)
ONE_ATTACHMENT = Kind({"type": "string"}, read_one_file)


def download(call: Call, document: Document) -> Answer:
    """The file beside the document that the path names."""
    return sent_as_file(find_attachment(call.books, document, read_id(call.ids["attachment_id"])))


def sent_as_file(kept: Attachment) -> Answer:
    headers = (
        ("Content-Transfer-Encoding", "binary"),
        ("Content-Disposition", disposition(kept.filename)),
    )
    return Answer(200, kept.content, headers=headers, content_type=kept.content_type)


def disposition(filename: str) -> str:
    """The name in ASCII for old programs, and as it is (RFC 6266)."""
    plain = _NOT_PLAIN.sub("_", filename)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"


def _filename(name: Any, content_type: str) -> str:
    """The last part of a path, without what cannot stand in a header, or shows another ending than it has."""
    if isinstance(name, str) and (name := as_seen(re.split(r"[/\\]", name)[-1]).strip()):
        return name[-LONGEST_FILENAME:]
    return f"attachment{mimetypes.guess_extension(content_type) or '.bin'}"


_DATA_URL = re.compile(r"data:(?P<type>[\w.+-]+/[\w.+-]+)(?:;[\w.+=\"-]+)*;base64,(?P<data>.*)", re.ASCII | re.DOTALL)
_NOT_PLAIN = re.compile(r'[^\x20-\x7e]|["\\]')
