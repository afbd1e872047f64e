"""Issued documents on paper: the order to print one, and the file that it is kept under."""

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import Future

from faktura.core.invoices.record import Invoice
from faktura.core.papers.record import Paper
from faktura.core.people.accounts import Account
from faktura.outputs.printing.merging import merged
from faktura.outputs.printing.printed import COPIES, Attached, Copies, Print, PrintedDocument
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
    *,
    attached: tuple[Attached, ...] = (),
) -> Future[bytes]:
    """The document as a file, now or later, in its own language unless another is named; `today` dates a duplicate.

    What is `attached` follows from the document and its context.
    """
    wanted = print_of(invoice, context, language, copies, today, attached)
    return printer.submit(account.id, *wanted, account.print_seconds_per_hour)


def print_together(printer: Printer, account: Account, prints: Sequence[Print]) -> Future[bytes]:
    """Documents of one account, one after the other in one file, which is kept for their versions."""
    key = ("together", *(key for key, _ in prints))
    return printer.submit_many(account.id, key, prints, merged, account.print_seconds_per_hour)


def print_of(
    invoice: Invoice,
    context: Context,
    language: str | None = None,
    copies: Copies = "regular",
    today: dt.date | None = None,
    attached: tuple[Attached, ...] = (),
) -> Print:
    language = language or invoice.language
    duplicated_on = today if "duplicate" in COPIES[copies] else None
    names = tuple(file.name for file in attached)
    key = (invoice.account_id, invoice.id, invoice.version, context.key, language, copies, duplicated_on, names)
    return Print(
        key,
        lambda: PrintedDocument(
            facts=facts_of(invoice, context),
            language=language,
            copies=copies,
            duplicated_on=duplicated_on,
            attached=attached,
        ),
    )


def file_name(document: Invoice | Paper, ending: str = ".pdf") -> str:
    """What the file is called: letters, digits and hyphens of the number."""
    return "".join(letter if letter.isalnum() else "-" for letter in document.number) + ending
