"""Files beside a document."""

from collections.abc import Sequence
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.documents.record import AttachedFile, Document
from faktura.core.errors import NotFound, Problems
from faktura.store.records import KindIn, Tenant, index, record

MOST_FILES = 50
"""Beside one document."""

LONGEST_FILENAME = 255

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


def check_files(present: Sequence[AttachedFile], files: Sequence[GivenFile], problems: Problems) -> None:
    """Whether the files fit beside a document that has those present."""
    if not files:
        return
    if len(present) + len(files) > MOST_FILES:
        problems.add("files", "too_many_files", MOST_FILES)
        return
    size = sum(file.size for file in present) + sum(len(file.content) for file in files)
    if size > MOST_MEGABYTES * 1_000_000:
        problems.add("files", "files_too_large", MOST_MEGABYTES)


def attach(books: Books, document: Document, files: Sequence[GivenFile]) -> tuple[AttachedFile, ...]:
    """Keep files, and come back with what their document shows of them."""
    beside = {"kind": document.table_name, "document_id": document.id}
    kept = [books.add(Attachment, **beside, **file._asdict()) for file in files]
    return tuple(AttachedFile(a.id, a.filename, a.content_type, len(a.content)) for a in kept)


def find_attachment(books: Books, document: Document, attachment_id: int) -> Attachment:
    """The file.

    Raises:
        NotFound: the document has no such file.

    """
    if all(file.id != attachment_id for file in document.attachments):
        raise NotFound(Attachment.table_name)
    return books.find(Attachment, attachment_id)
