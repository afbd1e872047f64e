"""Issued documents on paper: the order to print one, and the file that it is kept under."""

import datetime as dt
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import Future

from faktura.core.invoices.record import Invoice
from faktura.core.papers.record import Paper
from faktura.core.people.accounts import Account
from faktura.outputs.printing.merging import merged
from faktura.outputs.printing.printed import COPIES, Copies, PrintedDocument
from faktura.outputs.printing.printer import Printer
from faktura.outputs.reading.context import Context
from faktura.outputs.reading.invoices import facts_of


def print_invoice(
    printer: Printer,
    account: Account,
    invoice: Invoice,
    context: Context,
    language: str | None = None,
    copies: Copies = "regular",
    today: dt.date | None = None,
) -> Future[bytes]:
    """The document as a file, now or later, in its own language unless another is named; `today` dates a duplicate."""
    order = _order(invoice, context, language, copies, today)
    return printer.submit(account.id, *order, account.print_seconds_per_hour)


def print_together(
    printer: Printer, account: Account, documents: Sequence[tuple[Invoice, Context]], language: str
) -> Future[bytes]:
    """Documents of one account, one after the other in one file, which is kept for their versions."""
    orders = [_order(invoice, context, language, "regular", None) for invoice, context in documents]
    key = ("together", *(key for key, _ in orders))
    return printer.submit_many(account.id, key, orders, merged, account.print_seconds_per_hour)


def _order(
    invoice: Invoice, context: Context, language: str | None, copies: Copies, today: dt.date | None
) -> tuple[Hashable, Callable[[], PrintedDocument]]:
    """What a print depends on, all of which names it, and how it is made when its turn comes."""
    language = language or invoice.language
    duplicated_on = today if "duplicate" in COPIES[copies] else None
    key = (invoice.account_id, invoice.id, invoice.version, context.key, language, copies, duplicated_on)
    return key, lambda: PrintedDocument(
        facts=facts_of(invoice, context), language=language, copies=copies, duplicated_on=duplicated_on
    )


def file_name(document: Invoice | Paper) -> str:
    """What the file is called: letters, digits and hyphens of the number."""
    return "".join(letter if letter.isalnum() else "-" for letter in document.number) + ".pdf"
