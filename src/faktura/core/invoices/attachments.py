"""Files beside a document."""

from collections.abc import Sequence
from typing import NamedTuple

from faktura.core.books import Books
from faktura.core.errors import NotFound
from faktura.core.invoices.record import AttachedFile, Attachment, Invoice


class GivenFile(NamedTuple):
    filename: str
    content_type: str
    content: bytes


def attach(books: Books, invoice_id: int, files: Sequence[GivenFile]) -> tuple[AttachedFile, ...]:
    """Keep files, and come back with what their document tells of them."""
    kept = [books.add(Attachment, invoice_id=invoice_id, **file._asdict()) for file in files]
    return tuple(AttachedFile(a.id, a.filename, a.content_type) for a in kept)


def find_attachment(books: Books, invoice: Invoice, attachment_id: int) -> Attachment:
    """The file.

    Raises:
        NotFound: the document has no such file.

    """
    if all(file.id != attachment_id for file in invoice.attachments):
        raise NotFound(Attachment.table_name)
    return books.find(Attachment, attachment_id)
