"""One account's customers are reminded of what they have to pay, some at a time; each letter is a transaction."""

from collections.abc import Callable

from faktura.core.books.books import Books
from faktura.core.errors import Invalid
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.reminders import reminder_due, reminders_due
from faktura.jobs import Errand, nothing_more
from faktura.outputs.mail.wording import send_reminder

JOB = "remind_account"

LANE = "tasks"

TOGETHER = 50
"""Letters that are written before other accounts have their turn."""


def go_out(errand: Errand, first: int = 0) -> Callable[[Books], None]:
    """Write the letters that are due today, which jobs of their own send; where no mail is sent, none."""
    if errand.reach.mail_server is None:
        return nothing_more
    due = errand.read(lambda books: reminders_due(books, books.today, first))
    for one in due[:TOGETHER]:
        _remind(errand, one.invoice_id)
    return (lambda books: books.later(JOB, due[TOGETHER].invoice_id)) if len(due) > TOGETHER else nothing_more


def _remind(errand: Errand, invoice_id: int) -> None:
    """Decide again in the transaction that writes the letter: somebody may have paid, or have been reminded."""

    def write(books: Books) -> None:
        if (step := reminder_due(books, invoice_id, books.today)) is not None:
            invoice = books.find(Invoice, invoice_id)
            send_reminder(books, invoice, step, f"{errand.reach.public_url}/{books.account.slug}/p/{invoice.token}")

    try:
        errand.write(write)
    except Invalid:
        # Nobody can be written to; the page of reminders says who has no address.
        return
