"""A file beside an issued document is taken away; one is added as any other change of the document."""

from faktura.core.books.books import Books
from faktura.core.documents.attachments import find_attachment
from faktura.core.documents.keeping import keep_change
from faktura.core.errors import WrongState
from faktura.core.invoices.record import Invoice
from faktura.store.records import changed


def remove_file(books: Books, invoice_id: int, attachment_id: int) -> Invoice:
    """Take a file away for good.

    Raises:
        NotFound: there is no such document, or no such file beside it.
        WrongState: the document is locked.

    """
    old = books.find(Invoice, invoice_id)
    if old.locked_at is not None:
        raise WrongState("locked")
    books.remove(find_attachment(books, old, attachment_id))
    left = tuple(file for file in old.attachments if file.id != attachment_id)
    return keep_change(books, old, changed(old, attachments=left))
