"""The file that is made of the documents of a batch, in pieces, and how far a batch has come."""

import datetime as dt
from typing import NamedTuple

import msgspec

from faktura.core.books.books import Books
from faktura.core.errors import NotFound
from faktura.core.invoices.batches import (
    FILES,
    JOB,
    TOGETHER,
    Batch,
    complete_batch,
    files_of,
    in_one_file,
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
        return Progress(batch.size, refused)
    if batch.verb in FILES:
        made = files_made(books, batch) * in_one_file(batch.verb) + parts_made(books, batch) * TOGETHER
        return Progress(min(made, batch.size), refused)
    return Progress(len(results), refused)


def add_part(books: Books, batch: Batch, file: int, place: int, content: bytes) -> None:
    """Keep what was made of some documents."""
    _add(books, batch, content, whole=False, file=file, place=place)


def parts_made(books: Books, batch: Batch) -> int:
    return books.count(BatchPart, _parts(batch, whole=False))


def part_at(books: Books, batch: Batch, place: int) -> bytes:
    """What was made of some documents."""
    [part] = books.all(BatchPart, _parts(batch, Condition("place", "eq", place), whole=False))
    return part.content


def files_made(books: Books, batch: Batch) -> int:
    """A file is there as soon as its beginning is, which is kept last."""
    return books.count(BatchPart, _parts(batch, Condition("place", "eq", 0), whole=True))


def keep_piece(books: Books, batch: Batch, file: int, place: int, content: bytes) -> None:
    """Keep a later piece of a file before its beginning; who tries again keeps it once."""
    if books.look_up(BatchPart, batch_id=batch.id, whole=True, file=file, place=place) is None:
        _add(books, batch, content, whole=True, file=file, place=place)


def keep_file(books: Books, batch: Batch, beginning: bytes, file: int = 0) -> None:
    """Keep the beginning of a file, which takes the place of what it was made of; after the last the batch is done."""
    for part_id, _ in books.stamps(BatchPart, _parts(batch, whole=False), -(-batch.size // TOGETHER), 0):
        books.remove(books.find(BatchPart, part_id))
    _add(books, batch, beginning, whole=True, file=file, place=0)
    if file + 1 == files_of(batch.verb, batch.size):
        complete_batch(books, batch)
    else:
        books.later(JOB, batch.id)


class Kept(NamedTuple):
    """A finished file: how many pieces it has, and how many bytes."""

    pieces: int
    size: int


def kept_file(books: Books, batch: Batch, file: int = 0) -> Kept:
    """What there is of a finished file.

    Raises:
        NotFound: there is none, or not yet.

    """
    pieces = books.count(BatchPart, _parts(batch, Condition("file", "eq", file), whole=True))
    if batch.state != "done" or not pieces:
        raise NotFound(BatchPart.table_name)
    return Kept(pieces, (pieces - 1) * PIECE + len(piece_at(books, batch, file, pieces - 1)))


def piece_at(books: Books, batch: Batch, file: int, place: int) -> bytes:
    """One piece after the other, a file of many documents needs no room in memory.

    Raises:
        NotFound: it is forgotten.

    """
    piece = books.look_up(BatchPart, batch_id=batch.id, whole=True, file=file, place=place)
    if piece is None:
        raise NotFound(BatchPart.table_name)
    return piece.content


def _add(books: Books, batch: Batch, content: bytes, *, whole: bool, file: int, place: int) -> None:
    of_batch = {"batch_id": batch.id, "expires_at": batch.expires_at}
    books.add(BatchPart, whole=whole, file=file, place=place, content=content, **of_batch)


def _parts(batch: Batch, *further: Condition, whole: bool) -> Selection:
    of_batch = Condition("batch_id", "eq", batch.id), Condition("whole", "eq", whole)
    return Selection((*of_batch, *further), order=(Order("place"),))
