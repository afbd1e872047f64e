"""Documents looked up."""

from faktura.core.books.books import Books
from faktura.core.errors import NotFound
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.sharing import find_shared_invoice


def find_invoice(books: Books, invoice_id: int) -> Invoice:
    return books.find(Invoice, invoice_id)


def find_invoice_by_uuid(books: Books, uuid: str) -> Invoice:
    """The document.

    Raises:
        NotFound: there is none in this account.

    """
    found = books.look_up(Invoice, uuid=uuid.lower())
    if found is None:
        raise NotFound(Invoice.table_name)
    return found


def find_invoice_by_token(books: Books, token: str) -> Invoice:
    """The document that the secret part of its public address opens, its own or that of a link of some time.

    Raises:
        NotFound: there is none in this account.

    """
    return books.look_up(Invoice, token=token) or find_shared_invoice(books, token)
