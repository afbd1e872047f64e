"""The file that is made of the documents of a batch, in pieces, and how far a batch has come."""

import datetime as dt

import msgspec

from faktura.core.books.books import Books
from faktura.core.errors import NotFound
from faktura.core.invoices.batches import FILES, TOGETHER, Batch, complete_batch, results_of
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import Tenant, index, record, unique

PIECE = 4 * 1024 * 1024
"""Bytes of a file that are kept in one row."""


@record(
    "batch_parts",
    unique("account_id", "batch_id", "whole", "place"),
    index("expires_at", over_all_accounts="what expired is forgotten everywhere"),
    paged=False,
    remembers={"batch_id": "batches"},
)
class BatchPart(Tenant):
    """A piece of the `whole` file, or what was made of some documents while the rest is still to be printed."""

    batch_id: int
    whole: bool
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
        return Progress(min(parts_made(books, batch) * TOGETHER, len(batch.document_ids)), refused)
    return Progress(len(results), refused)


def add_part(books: Books, batch: Batch, place: int, content: bytes) -> None:
    """Keep what was made of some documents."""
    books.add(BatchPart, batch_id=batch.id, whole=False, place=place, content=content, expires_at=batch.expires_at)


def parts_made(books: Books, batch: Batch) -> int:
    return books.count(BatchPart, _parts(batch, whole=False))


def parts_of(books: Books, batch: Batch) -> list[bytes]:
    return [part.content for part in books.all(BatchPart, _parts(batch, whole=False))]


def keep_file(books: Books, batch: Batch, content: bytes) -> None:
    """Keep the whole file, which takes the place of what it was made of."""
    for part in books.all(BatchPart, _parts(batch, whole=False)):
        books.remove(part)
    for place, begins in enumerate(range(0, len(content), PIECE)):
        piece = content[begins : begins + PIECE]
        books.add(BatchPart, batch_id=batch.id, whole=True, place=place, content=piece, expires_at=batch.expires_at)
    complete_batch(books, batch)


def file_of(books: Books, batch: Batch) -> bytes:
    """The finished file.

    Raises:
        NotFound: there is none, or not yet.

    """
    if batch.verb not in FILES or batch.state != "done":
        raise NotFound(BatchPart.table_name)
    return b"".join(part.content for part in books.all(BatchPart, _parts(batch, whole=True)))


def _parts(batch: Batch, *, whole: bool) -> Selection:
    of_batch = Condition("batch_id", "eq", batch.id), Condition("whole", "eq", whole)
    return Selection(of_batch, order=(Order("place"),))
