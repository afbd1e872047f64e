"""A scan is read by a job, and what was found in it is kept with it until it is entered."""

from typing import Any

from faktura.core.books.books import Books
from faktura.core.books.history import Event, EventName
from faktura.core.documents.attachments import Attachment
from faktura.core.errors import NotFound
from faktura.core.received.extraction import NOTHING_READ, Extraction
from faktura.core.received.find import file_of
from faktura.core.received.record import Expense
from faktura.core.received.scans import find_scan, wait_to_be_read
from faktura.store.records import changed


def ask_to_read(books: Books, scan_id: int) -> Expense:
    """Have a scan read, again where it was read before; one that waits already is not asked for twice.

    Raises:
        NotFound: there is no such scan.
        LimitReached: too many wait already.

    """
    scan = find_scan(books, scan_id)
    if scan.reading in {"waiting", "begun"}:
        return scan
    new = changed(scan)
    wait_to_be_read(books, new)
    return _keep(books, scan, new, "scan_asked_to_be_read")


def begin_to_read(books: Books, scan_id: int) -> Attachment | None:
    """The file to read; None where nobody waits for it any more. A reading whose worker died begins again."""
    scan = _waiting(books, scan_id)
    if scan is None:
        return None
    if scan.reading == "waiting":
        books.change(scan, changed(scan, reading="begun"))
    return file_of(books, scan)


def read_as(books: Books, scan_id: int, paper: Extraction) -> None:
    """Keep what the file says."""
    _end(books, scan_id, "scan_read", reading="read", paper=paper)


def could_not_read(books: Books, scan_id: int) -> None:
    """Its reader failed: the file is cut or garbled, or would take too long."""
    _end(books, scan_id, "scan_reading_failed", reading="failed", paper=NOTHING_READ)


def cannot_be_read(books: Books, scan_id: int) -> None:
    """There is nothing in the file that we can read, such as in a picture."""
    _end(books, scan_id, "scan_reading_refused", reading="refused", paper=NOTHING_READ)


def _end(books: Books, scan_id: int, happened: EventName, **values: Any) -> None:
    scan = _waiting(books, scan_id)
    if scan is not None:
        _keep(books, scan, changed(scan, reading_ended_at=books.now, **values), happened)


def _waiting(books: Books, scan_id: int) -> Expense | None:
    try:
        scan = find_scan(books, scan_id)
    except NotFound:
        return None
    return scan if scan.reading in {"waiting", "begun"} else None


def _keep(books: Books, old: Expense, new: Expense, happened: EventName) -> Expense:
    kept = books.change(old, new)
    books.note_event(Event(happened, kept))
    return kept
