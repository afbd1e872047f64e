"""Whoever paid is thanked by a letter, which is written here and sent by a job of its own."""

from faktura.core.books.books import Books
from faktura.core.books.history import Event
from faktura.core.contacts import Contact
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Outgoing, write_message
from faktura.outputs.mail.wording import thanks_for


def do(books: Books, invoice_id: int) -> None:
    """Nobody is thanked for a document that was deleted, nor where the address is gone."""
    invoice = books.look_up(Invoice, id=invoice_id)
    contact = None if invoice is None else books.look_up(Contact, id=invoice.contact_id)
    if invoice is None or contact is None or not contact.email:
        return
    worded = thanks_for(books, invoice, contact)
    thanks = Outgoing(contact.email, *worded, language=invoice.language, print_as=None)
    letter = write_message(books, invoice, thanks)
    books.note_event(Event("invoice_thanked", invoice, letter_id=letter.id))
