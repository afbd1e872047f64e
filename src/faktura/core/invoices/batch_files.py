"""The file that is made of the documents of a batch, in pieces, and how far a batch has come."""

import datetime as dt

import msgspec

from faktura.core.books.books import Books
from faktura.core.errors import NotFound
from faktura.core.invoices.batches import (
    FILES,
    JOB,
    MOST_IN_FILE,
    TOGETHER,
    Batch,
    complete_batch,
    files_of,
    results_of,
)
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import Tenant, index, record, unique

PIECE = 4 * 1024 * 1024
"""Bytes of a file that are kept in one row."""


@record(
    "batch_parts",
    unique("account_id", "batch_id", "whole", "file", "place"),
    index("expires_at", over_all_accounts="what expired is forgotten everywhere"),
    paged=False,
    remembers={"batch_id": "batches"},
)
class BatchPart(Tenant):
    """A piece of a `whole` file, or what was made of some documents of it while the rest is still to be printed.

    Files count from nought.
    """

    batch_id: int
    whole: bool
    file: int
    place: int
    content: bytes
    expires_at: dt.datetime


class Progress(msgspec.Struct, frozen=True):
    """How many documents are done, and how many of these were refused."""

    done: int
    refused: int


def progress_of(books: Books, batch: Batch) -> Progress:
    results = results_of(books, batch)
    refused = sum(not result.is_done for result in results)
    if batch.state == "done":
        return Progress(len(batch.document_ids), refused)
    if batch.verb in FILES:
        made = files_made(books, batch) * MOST_IN_FILE + parts_made(books, batch) * TOGETHER
        return Progress(min(made, len(batch.document_ids)), refused)
    return Progress(len(results), refused)


def add_part(books: Books, batch: Batch, file: int, place: int, content: bytes) -> None:
    """Keep what was made of some documents."""
    _add(books, batch, content, whole=False, file=file, place=place)


def parts_made(books: Books, batch: Batch) -> int:
    return books.count(BatchPart, _parts(batch, whole=False))


def parts_of(books: Books, batch: Batch) -> list[bytes]:
    return [part.content for part in books.all(BatchPart, _parts(batch, whole=False))]


def files_made(books: Books, batch: Batch) -> int:
    return books.count(BatchPart, _parts(batch, Condition("place", "eq", 0), whole=True))


def keep_file(books: Books, batch: Batch, content: bytes, file: int = 0) -> None:
    """Keep a whole file, which takes the place of what it was made of; after the last one the batch is done."""
    for part in books.all(BatchPart, _parts(batch, whole=False)):
        books.remove(part)
    for place, begins in enumerate(range(0, len(content), PIECE)):
        _add(books, batch, content[begins : begins + PIECE], whole=True, file=file, place=place)
    if file + 1 == files_of(batch.verb, len(batch.document_ids)):
        complete_batch(books, batch)
    else:
        books.later(JOB, batch.id)


def file_of(books: Books, batch: Batch, file: int = 0) -> bytes:
    """A finished file.

    Raises:
        NotFound: there is none, or not yet.

    """
    pieces = books.all(BatchPart, _parts(batch, Condition("file", "eq", file), whole=True))
    if batch.state != "done" or not pieces:
        raise NotFound(BatchPart.table_name)
    return b"".join(piece.content for piece in pieces)


def _add(books: Books, batch: Batch, content: bytes, *, whole: bool, file: int, place: int) -> None:
    of_batch = {"batch_id": batch.id, "expires_at": batch.expires_at}
    books.add(BatchPart, whole=whole, file=file, place=place, content=content, **of_batch)


def _parts(batch: Batch, *further: Condition, whole: bool) -> Selection:
    of_batch = Condition("batch_id", "eq", batch.id), Condition("whole", "eq", whole)
    return Selection((*of_batch, *further), order=(Order("place"),))
