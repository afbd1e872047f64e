"""The letter that waited until KSeF had accepted its document, so that its number stands on what is enclosed."""

import contextlib
from collections.abc import Callable

from faktura.core.books.books import Books
from faktura.core.errors import Given, Invalid
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.sendings import KsefSending, Wanted
from faktura.jobs import Errand
from faktura.outputs.mail.wording import send_invoice


def go_out(errand: Errand, sending_id: int) -> Callable[[Books], None]:
    """Without an address nothing goes out, as when a document is issued by itself."""
    site = errand.reach.public_url

    def write(books: Books) -> None:
        sending = books.look_up(KsefSending, id=sending_id)
        invoice = books.look_up(Invoice, id=sending.invoice_id) if sending is not None else None
        if sending is None or invoice is None or sending.letter is None:
            return
        link = f"{site}/{books.account.slug}/p/{invoice.token}"
        with contextlib.suppress(Invalid):
            send_invoice(books, invoice.id, _given(books, sending.letter), link)

    return write


def _given(books: Books, wanted: Wanted) -> Given:
    values = {"recipient": wanted.recipient, "language": wanted.language, "body": wanted.content}
    copy = books.account.invoice_email if wanted.send_copy else None
    return Given({"print_as": wanted.print_as, "copy": copy} | values)
