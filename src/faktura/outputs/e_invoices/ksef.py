"""A document is sent to KSeF: what goes there is built first, so that what would be refused is not even queued."""

from faktura.core.books.books import Books
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connection import active_connection
from faktura.core.ksef.mark import Mode
from faktura.core.ksef.sendings import KsefSending, Prepared, Wanted, queue, resume
from faktura.outputs.e_invoices.fa3.prepare import prepare
from faktura.outputs.e_invoices.ksef_links import invoice_link


def send(books: Books, invoice_id: int, *, letter: Wanted | None = None, mode: Mode = "online") -> KsefSending:
    """Have a document leave for KSeF; one that arrived, or is or may be on its way, goes on.

    Raises:
        NotFound: there is no such document.
        WrongState: the account is not connected, or documents of its kind do not go there.
        Invalid: KSeF would refuse what it says.

    """
    active_connection(books)
    invoice = books.find(Invoice, invoice_id)
    if (standing := resume(books, invoice_id, letter)) is not None:
        return standing
    prepared, link = built(books, invoice)
    return queue(books, invoice, prepared, link, letter=letter, mode=mode)


def built(books: Books, invoice: Invoice) -> tuple[Prepared, str]:
    """The document as KSeF takes it, and the address of its code I; raises as `send` does."""
    connection, prepared = active_connection(books), prepare(books, invoice)
    return prepared, invoice_link(connection.qr_url, connection.tax_no, invoice.issued_on, prepared.digest)
