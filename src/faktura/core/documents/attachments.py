"""Files beside a document."""

from collections.abc import Sequence
from typing import NamedTuple

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.documents.record import AttachedFile, Document
from faktura.core.errors import NotFound, Problems
from faktura.store.records import KindIn, Tenant, index, record
from faktura.store.statements import Query

MOST_FILES = 50
"""Beside one document."""

MOST_MEGABYTES = 20
"""All files beside one document together."""


@record(
    "attachments",
    index("account_id", "kind", "document_id"),
    paged=False,
    belongs={"document_id": KindIn("kind")},
)
class Attachment(Tenant):
    """The bytes of a file beside a document; `kind` is the table of that, as in every pointer to a document."""

    kind: str
    document_id: int
    filename: str
    content_type: str
    content: bytes


class GivenFile(NamedTuple):
    filename: str
    content_type: str
    content: bytes


def check_files(books: Books, present: Sequence[AttachedFile], files: Sequence[GivenFile], problems: Problems) -> None:
    """Whether the files fit beside a document that has those present."""
    if not files:
        return
    if len(present) + len(files) > MOST_FILES:
        problems.add("files", "too_many_files", MOST_FILES)
        return
    size = _size(books, present) + sum(len(file.content) for file in files)
    if size > MOST_MEGABYTES * 1_000_000:
        problems.add("files", "files_too_large", MOST_MEGABYTES)


def _size(books: Books, files: Sequence[AttachedFile]) -> int:
    """Their bytes together."""
    if not files:
        return 0
    ids = {f"id_{n}": file.id for n, file in enumerate(files)}
    size: int = books.tx.rows(_SIZE, account_id=books.account.id, **ids)[0][0]
    return size


def attach(books: Books, document: Document, files: Sequence[GivenFile]) -> tuple[AttachedFile, ...]:
    """Keep files, and come back with what their document shows of them."""
    beside = {"kind": document.table_name, "document_id": document.id}
    kept = [books.add(Attachment, **beside, **file._asdict()) for file in files]
    return tuple(AttachedFile(a.id, a.filename, a.content_type) for a in kept)


def find_attachment(books: Books, document: Document, attachment_id: int) -> Attachment:
    """The file.

    Raises:
        NotFound: the document has no such file.

    """
    if all(file.id != attachment_id for file in document.attachments):
        raise NotFound(Attachment.table_name)
    return books.find(Attachment, attachment_id)


_a = Attachment.table.c

_SIZE = Query(
    sa.select(sa.func.coalesce(sa.func.sum(sa.func.length(_a.content)), 0)).where(
        _a.account_id == sa.bindparam("account_id"), _a.id.in_([sa.bindparam(f"id_{n}") for n in range(MOST_FILES)])
    )
)
