"""Inbox files (2.11): scans that nobody has entered as an expense yet."""

from typing import Any

from faktura.core.errors import Given, Invalid, LimitReached, Problem
from faktura.core.received.find import file_of
from faktura.core.received.reading import ask_to_read
from faktura.core.received.record import Expense
from faktura.core.received.scans import INBOX, add_scan, delete_scan, find_scan
from faktura.dialects.fakturoid.door import errors
from faktura.dialects.fakturoid.door.door import Call
from faktura.dialects.fakturoid.door.links import View
from faktura.dialects.fakturoid.door.paging import PAGE
from faktura.dialects.fakturoid.door.values import BOOLEAN, INTEGER, MOMENT, TEXT
from faktura.dialects.fakturoid.parts.attachments import read_data_url, sent_as_file
from faktura.wire.endpoints import NO_CONTENT, Answer, Endpoint, File
from faktura.wire.fields import Field, Kind, Shape, Unreadable, read_only
from faktura.wire.values import choice

MOST_BYTES = 24_000_000
"""Of a body: the largest file as a Data URI, and one that is too large to be kept, of which that is said."""

STATUSES = {
    "waiting": "created",
    "begun": "processing",
    "failed": "processing_failed",
    "refused": "processing_rejected",
    "read": "processed",
}
"""By state of the reading."""


def _read_content(value: Any) -> tuple[str, bytes]:
    """What it is declared to be, and its bytes; an empty text is no attachment."""
    if not isinstance(value, str):
        raise Unreadable("malformed")
    if not value.strip():
        return "", b""
    declared, content = read_data_url(value)
    if not content:
        raise Unreadable("malformed")
    return declared, content


INBOX_FILE: Shape[Expense, View] = Shape(
    "inbox_file",
    Expense,
    (
        read_only("id", INTEGER, nullable=False),
        Field("attachment", Kind({"type": "string"}, _read_content), "content", access="write", required=True),
        Field("filename", TEXT, nullable=False, showing=lambda scan, _: scan.attachments[0].filename),
        read_only("bytesize", INTEGER, nullable=False, showing=lambda scan, _: scan.attachments[0].size),
        Field("send_to_ocr", BOOLEAN, "read", nullable=False, showing=lambda scan, _: scan.reading is not None),
        read_only("sent_to_ocr_at", MOMENT, "reading_asked_at"),
        read_only("ocr_status", choice(*STATUSES.values()), showing=lambda scan, _: STATUSES.get(scan.reading)),
        read_only("ocr_completed_at", MOMENT, "reading_ended_at"),
        read_only(
            "download_url", TEXT, nullable=False, showing=lambda s, v: f"{v.api_url}/inbox_files/{s.id}/download"
        ),
        read_only("created_at", MOMENT, nullable=False),
        read_only("updated_at", MOMENT, nullable=False),
    ),
)


def list_inbox_files(call: Call) -> Answer:
    return call.page(INBOX_FILE, INBOX)


def create_inbox_file(call: Call) -> Answer:
    given = call.given(INBOX_FILE)
    declared, content = given.get("content") or ("", b"")
    if not content and "content" not in given.unread:
        raise Invalid(given.unread | {"document": [Problem("blank")]})
    given = Given(given | {"declared": declared, "content": content}, given.unread)
    try:
        scan = add_scan(call.books, given)
    except LimitReached:
        raise errors.no_more_readings() from None
    return call.created(INBOX_FILE, scan, f"inbox_files/{scan.id}.json")


def send_inbox_file_to_ocr(call: Call) -> Answer:
    try:
        ask_to_read(call.books, call.id)
    except LimitReached:
        raise errors.no_more_readings() from None
    return NO_CONTENT


def download_inbox_file(call: Call) -> Answer:
    return sent_as_file(file_of(call.books, find_scan(call.books, call.id)))


def remove_inbox_file(call: Call) -> Answer:
    delete_scan(call.books, call.id)
    return NO_CONTENT


MANY = "/accounts/{slug}/inbox_files.json"
SCOPE = "expenses"

ENDPOINTS = (
    Endpoint(
        method="GET",
        path=MANY,
        serve=list_inbox_files,
        about="List inbox files",
        parameters=(PAGE,),
        answers={200: [INBOX_FILE]},
        scope=SCOPE,
    ),
    Endpoint(
        method="POST",
        path=MANY,
        serve=create_inbox_file,
        about="Create an inbox file",
        takes=INBOX_FILE,
        answers={201: INBOX_FILE},
        scope=SCOPE,
        most_bytes=MOST_BYTES,
    ),
    Endpoint(
        method="POST",
        path="/accounts/{slug}/inbox_files/{id}/send_to_ocr.json",
        serve=send_inbox_file_to_ocr,
        about="Have an inbox file read",
        answers={204: None},
        scope=SCOPE,
    ),
    Endpoint(
        method="GET",
        path="/accounts/{slug}/inbox_files/{id}/download",
        serve=download_inbox_file,
        about="Download an inbox file",
        answers={200: File()},
        scope=SCOPE,
    ),
    Endpoint(
        method="DELETE",
        path="/accounts/{slug}/inbox_files/{id}.json",
        serve=remove_inbox_file,
        about="Delete an inbox file",
        answers={204: None},
        refuses=(422,),
        scope=SCOPE,
    ),
)
