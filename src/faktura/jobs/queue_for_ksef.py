"""A document that was issued or printed is queued for KSeF; what KSeF would refuse needs a person."""

import contextlib

from faktura.core.books.books import Books
from faktura.core.errors import Invalid, WrongState
from faktura.core.invoices.record import Invoice
from faktura.core.todos import put_on_list
from faktura.outputs.e_invoices.ksef import send


def do(books: Books, invoice_id: int) -> None:
    """Nothing is sent that somebody sent before, or whose kind does not go there."""
    invoice = books.look_up(Invoice, id=invoice_id)
    if invoice is None or invoice.ksef is not None or invoice.cancelled_at is not None:
        return
    try:
        with contextlib.suppress(WrongState):
            send(books, invoice_id)
    except Invalid:
        put_on_list(books, "ksef_refused", invoice)
