"""An issued document is checked as an e-invoice where its account wants that; one that breaks rules needs a person."""

from collections.abc import Sequence

from faktura.core.books.books import Books
from faktura.core.errors import Reason
from faktura.core.invoices.record import Invoice
from faktura.core.todos import Todo, forget, open_todo, put_on_list, take_off_list

CHECK = "check_e_invoice"


def check_as_e_invoice(books: Books, invoice: Invoice) -> None:
    """Have a job check it, unless nobody wants that; a proforma is no invoice."""
    if books.account.check_e_invoices and invoice.kind != "proforma":
        books.later(CHECK, invoice.id)


def note_check(books: Books, invoice_id: int, version: int, broken: Sequence[str], reason: Reason | None) -> None:
    """What a version of a document breaks, or the `reason` why no e-invoice can say what it is.

    Nothing is noted of a document that was changed meanwhile, which is checked by a job of its own.
    """
    invoice = books.look_up(Invoice, id=invoice_id)
    if invoice is None or invoice.version != version:
        return
    if not broken and reason is None:
        take_off_list(books, "e_invoice_faulty", invoice)
        return
    forget(books, "e_invoice_faulty", invoice)
    params = {"rules": "\n".join(broken)} if reason is None else {"reason": reason}
    put_on_list(books, "e_invoice_faulty", invoice, **params)


def faults_of(books: Books, invoice: Invoice) -> Todo | None:
    """What is wrong with the e-invoice of a document, as far as it is known and nobody has said that it is done."""
    return open_todo(books, "e_invoice_faulty", invoice)
