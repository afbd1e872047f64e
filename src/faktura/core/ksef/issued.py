"""What was issued goes to KSeF by itself, where the firm wants that.

A job does it, for its bytes are no matter of the core.
"""

from faktura.core.books.books import Books
from faktura.core.countries.known import country_of
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connection import SendMode, connection_of

QUEUE = "queue_for_ksef"


def note_issued(books: Books, invoice: Invoice, when: SendMode = "at_issue") -> None:
    """It was issued, or printed."""
    if invoice.kind == "proforma" or not country_of(books.account.country).has_ksef:
        return
    connection = connection_of(books)
    if connection is not None and connection.active and connection.send_mode == when:
        books.later(QUEUE, invoice.id)
