"""Papers are uploaded as scans (20.1): each by itself, so that one that is refused stops none of the others."""

import re
from pathlib import PurePath
from typing import Any

from faktura.core.books.books import Books
from faktura.core.documents.media_types import PDF, media_type_of
from faktura.core.errors import Given, Invalid, LimitReached, Problem
from faktura.core.received.record import Expense
from faktura.core.received.scans import MOST_MEGABYTES, add_scan
from faktura.core.texts import as_seen
from faktura.dialects.infakt.costs.costs import COSTS
from faktura.dialects.infakt.costs.fields import Kept, file_url
from faktura.dialects.infakt.door.door import Call
from faktura.dialects.infakt.door.links import api_url
from faktura.wire.endpoints import Answer, Endpoint
from faktura.wire.rendered import encode
from faktura.wire.requests import SentFile

ENDINGS = {".pdf", ".png", ".jpg", ".jpeg"}
"""How the names of files end that are taken."""

MOST_FILES = 20

MOST_BYTES = 2 * MOST_MEGABYTES * 1_000_000 + 1_000_000
"""Of a body: two of the largest files, and what a form adds."""


def upload_costs(call: Call) -> Answer:
    """Each file is a cost of kind `document_scan` from now on.

    Raises:
        Invalid: there is no file, or there are too many.

    """
    uploads = call.parameters.get("uploads")
    files = uploads if isinstance(uploads, list) else [uploads]
    if not any(isinstance(file, SentFile) for file in files):
        raise Invalid({"uploads": [Problem("blank")]})
    if len(files) > MOST_FILES:
        raise Invalid({"uploads": [Problem("too_many_files", MOST_FILES)]})
    address = api_url(call.service, call.request)
    entities = [_told(file, _scan_of(call, file), address) for file in files]
    return Answer(201, encode({"entities": entities}))


def _scan_of(call: Call, file: Any) -> Expense | None:
    if not isinstance(file, SentFile) or PurePath(_name_of(file)).suffix.lower() not in ENDINGS:
        return None
    said = {"content": file.content, "filename": _name_of(file), "declared": file.content_type}
    try:
        return _kept(call.books, said)
    except Invalid:
        return None


def _kept(books: Books, said: dict[str, Any]) -> Expense:
    """A PDF is read, since an e-invoice may be inside; where too many wait for that, it is kept as it is."""
    try:
        return add_scan(books, Given(said | {"read": media_type_of(said["content"]) == PDF}))
    except LimitReached:
        return add_scan(books, Given(said))


def _name_of(file: SentFile) -> str:
    """The last part of a path, as some browsers send it."""
    return as_seen(re.split(r"[/\\]", file.filename)[-1]).strip()


def _told(file: Any, scan: Expense | None, address: str) -> dict[str, Any]:
    return {
        "success": scan is not None,
        "name": str(file),
        "document_scan_uuid": scan.uuid if scan else None,
        "download_url": file_url(Kept(scan.attachments[0], scan), address) if scan else None,
    }


UPLOADED = {
    "type": "object",
    "properties": {
        "entities": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "success": {"type": "boolean"},
                    "name": {"type": "string"},
                    "document_scan_uuid": {"type": ["string", "null"]},
                    "download_url": {"type": ["string", "null"]},
                },
                "required": ["success", "name", "document_scan_uuid", "download_url"],
            },
        }
    },
    "required": ["entities"],
}

ENDPOINTS = (
    Endpoint(
        method="POST",
        path="/documents/costs/upload.json",
        serve=upload_costs,
        about="Upload papers as files `uploads[]` of a form: pdf, jpg or png, 15 MB each",
        answers={201: UPLOADED},
        refuses=(422,),
        scope=COSTS.write,
        most_bytes=MOST_BYTES,
    ),
)
