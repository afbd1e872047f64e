"""A scan is read by a job, and what was found in it is kept with it until it is entered."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from faktura.core.books.books import Books
from faktura.core.books.history import Event, EventName
from faktura.core.documents.attachments import LONGEST_FILENAME, Attachment, GivenFile, attach, check_files
from faktura.core.errors import NotFound, Problems
from faktura.core.received.extraction import NOTHING_READ, Extraction, Unread
from faktura.core.received.find import file_of
from faktura.core.received.received_invoice import Enclosed, ReceivedInvoice, Warned
from faktura.core.received.record import Expense, Reading
from faktura.core.received.scans import find_scan, wait_to_be_read
from faktura.core.texts import as_seen
from faktura.store.records import changed


class Fitting(NamedTuple):
    """Files that came inside of another, as far as they may lie beside a paper; the names of the others."""

    files: list[GivenFile]
    left_out: list[str]


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


def read_as(
    books: Books,
    scan_id: int,
    paper: Extraction,
    told: ReceivedInvoice | None = None,
    enclosed: Sequence[Enclosed] = (),
) -> None:
    """Keep what the file says, to people and to programs, and the files inside of it that fit beside it."""
    scan = _waiting(books, scan_id)
    if scan is None:
        return
    new = changed(scan, paper=paper, told=told, unread=None)
    if told is not None:
        fitting = _fitting(scan, enclosed)
        left_out = (Warned("file_left_out", name) for name in fitting.left_out)
        new.attachments = (*scan.attachments, *attach(books, scan, fitting.files))
        new.told = replace(told, warnings=(*told.warnings, *left_out))
    _end(books, scan, new, "read", "scan_read")


def could_not_read(books: Books, scan_id: int, why: Unread | None = None) -> None:
    """Its reader failed: the file is cut or garbled, or would take too long."""
    if (scan := _waiting(books, scan_id)) is not None:
        _end(books, scan, _without(scan, why), "failed", "scan_reading_failed")


def cannot_be_read(books: Books, scan_id: int, why: Unread | None = None) -> None:
    """There is nothing in the file that we can read, such as in a picture."""
    if (scan := _waiting(books, scan_id)) is not None:
        _end(books, scan, _without(scan, why), "refused", "scan_reading_refused")


def _without(scan: Expense, why: Unread | None) -> Expense:
    return changed(scan, paper=NOTHING_READ, told=None, unread=why)


def _end(books: Books, scan: Expense, new: Expense, reading: Reading, happened: EventName) -> None:
    new.reading, new.reading_ended_at = reading, books.now
    _keep(books, scan, new, happened)


def _fitting(scan: Expense, enclosed: Sequence[Enclosed]) -> Fitting:
    """None that lies beside it already, from a reading before."""
    there = {(file.filename, file.size) for file in scan.attachments}
    fitting = Fitting([], [])
    for file in _named(enclosed):
        problems = Problems()
        check_files(scan.attachments, [*fitting.files, file], problems)
        if "files" in problems:
            fitting.left_out.append(file.filename)
        elif (file.filename, len(file.content)) not in there:
            fitting.files.append(file)
    return fitting


def _named(enclosed: Sequence[Enclosed]) -> Iterator[GivenFile]:
    for number, file in enumerate(enclosed, 1):
        name = as_seen(file.filename).strip()[-LONGEST_FILENAME:]
        yield GivenFile(name or f"attachment{number}", file.media_type, file.content)


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
