"""The files of papers go to whoever asked for them, by jobs that make a letter each."""

from collections.abc import Iterator, Sequence

from faktura.core.books.books import Books
from faktura.core.documents.attachments import Attachment
from faktura.core.documents.record import AttachedFile
from faktura.core.received.record import Expense

JOB = "mail_files"

MOST_MEGABYTES = 15
"""Of files in one letter, which mail makes a third larger; a larger file has a letter of its own."""


def order_files(books: Books, papers: Sequence[Expense]) -> int:
    """Have the files of papers sent to whoever asks; how many letters that takes."""
    letters = list(_letters(file for paper in papers for file in paper.attachments))
    for ids in letters:
        books.later(JOB, books.user_id, ids, books.tx.chance.uuid("letters"))
    return len(letters)


def files_of(books: Books, ids: Sequence[int]) -> list[tuple[str, bytes]]:
    """Name and content of those that are still there, in their order."""
    found = {file.id: file for file in books.some(Attachment, ids)}
    return [(found[file_id].filename, found[file_id].content) for file_id in ids if file_id in found]


def _letters(files: Iterator[AttachedFile]) -> Iterator[list[int]]:
    ids: list[int] = []
    size = 0
    for file in files:
        if ids and size + file.size > MOST_MEGABYTES * 1_000_000:
            yield ids
            ids, size = [], 0
        ids.append(file.id)
        size += file.size
    if ids:
        yield ids
