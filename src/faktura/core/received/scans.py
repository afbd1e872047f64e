"""Scans wait in the inbox, each a file that nobody has entered as an expense yet: kept, listed, thrown away."""

import datetime as dt
from typing import Any

from faktura.core.books.books import Books
from faktura.core.books.history import Event
from faktura.core.books.uses import remove_whole
from faktura.core.documents.attachments import LONGEST_FILENAME, GivenFile, attach
from faktura.core.documents.media_types import ENDINGS, is_honest, media_type_of
from faktura.core.documents.status import write_status
from faktura.core.errors import Given, LimitReached, NotFound, Problems, WrongState
from faktura.core.received.record import Expense
from faktura.core.texts import as_seen
from faktura.store.queries import Condition, Order, Selection

MOST_MEGABYTES = 15
"""Of one scan."""

NEVER = dt.date.max
"""Nothing is due of a scan."""

SCANNED = Condition("progress", "eq", "scan")
INBOX = Selection((SCANNED,), order=(Order("id", descending=True),))
"""The newest first."""

MOST_WAITING = 200
"""Scans of an account that wait to be read."""

WAITING = Selection((SCANNED, Condition("reading", "in", ("waiting", "begun"))))


def add_scan(books: Books, given: Given) -> Expense:
    """Keep the `content` of a file under its `filename`, which follows from its type where none is given.

    It is to be `read` where that is said. It may be `declared` to be of a type, by whoever sends it.

    Raises:
        Invalid: it is empty, too large, no paper nor picture or not the one that it is said to be, or its name is none
            of a file.
        LimitReached: it is to be read, and too many wait for that.

    """
    content, filename = given.get("content") or b"", given.get("filename") or None
    media_type = media_type_of(content)
    problems = Problems(given.unread)
    if "content" not in problems:
        _check_content(content, media_type, problems)
        if media_type is not None and not is_honest(media_type, filename or "", given.get("declared") or ""):
            problems.add("content", "not_a_paper")
    if filename is not None and not is_filename(filename):
        problems.add("filename", "malformed")
    problems.refuse()
    media_type = str(media_type)
    file = GivenFile(filename or f"attachment{ENDINGS[media_type]}", media_type, content)
    return keep_scan(books, file, to_read=bool(given.get("read")))


def find_scan(books: Books, scan_id: int) -> Expense:
    """The scan.

    Raises:
        NotFound: there is none, or it is an expense by now.

    """
    found = books.find(Expense, scan_id)
    if found.progress != "scan":
        raise NotFound(Expense.table_name)
    return found


def delete_scan(books: Books, scan_id: int) -> None:
    """Throw a scan away with its file.

    Raises:
        NotFound: there is no such scan.
        WrongState: it is being read.

    """
    scan = find_scan(books, scan_id)
    if scan.reading == "begun":
        raise WrongState("being_read")
    books.note_event(Event("scan_deleted", scan))
    remove_whole(books, scan)


def wait_to_be_read(books: Books, scan: Expense) -> None:
    """The scan itself, which a job then reads.

    Raises:
        LimitReached: too many wait already.

    """
    if books.count(Expense, WAITING) >= MOST_WAITING:
        raise LimitReached("readings")
    books.later("read_scan", scan.id)
    scan.reading, scan.reading_asked_at, scan.reading_ended_at = "waiting", books.now, None


def _check_content(content: bytes, media_type: str | None, problems: Problems) -> None:
    if not content:
        problems.add("content", "blank")
    elif len(content) > MOST_MEGABYTES * 1_000_000:
        problems.add("content", "files_too_large", MOST_MEGABYTES)
    elif media_type is None:
        problems.add("content", "not_a_paper")


def is_filename(name: str) -> bool:
    """No path, nothing that cannot be seen, and not so long that no disk would take it."""
    return (
        bool(name.strip()) and as_seen(name) == name and not {"/", "\\"} & set(name) and len(name) <= LONGEST_FILENAME
    )


def keep_scan(books: Books, file: GivenFile, *, to_read: bool = False, **known: Any) -> Expense:
    """A file that was looked at, in the inbox, with what is `known` of the paper already."""
    account, today = books.account, books.today
    usual = {
        "uuid": books.tx.chance.uuid(Expense.table_name),
        "progress": "scan",
        "source": "uploaded",
        "added_by_id": books.user_id,
        "currency": account.currency,
        "native_currency": account.currency,
        "own_vat_mode": account.vat_mode,
        "received_on": today,
        "issued_on": today,
        "due_on": NEVER,
    }
    scan = Expense(account.id, books.tx.next_id(Expense), 1, books.now, books.now, **(usual | known))
    if to_read:
        wait_to_be_read(books, scan)
    scan.attachments = attach(books, scan, [file])
    books.tx.insert(write_status(scan, today))
    books.note_event(Event("scan_added", scan, {"attachments": ((), scan.attachments)}))
    return scan
