"""An e-invoice of somebody else's on paper, and as a page: neither is more than a look at the file."""

import datetime as dt
from concurrent.futures import Future

from faktura.core.people.accounts import Account
from faktura.core.received.received_invoice import ReceivedInvoice
from faktura.outputs.printing.printed import PrintedDocument
from faktura.outputs.printing.printer import Printer
from faktura.outputs.reading.page import page_of
from faktura.outputs.reading.received import facts_of_received
from faktura.outputs.reading.sheet import sheet_of

KSEF_NUMBER = "Numer KSeF"
"""In no other language than Polish, as the system calls it."""


def print_received(
    printer: Printer, account: Account, ksef_number: str, invoice: ReceivedInvoice, issued_on: dt.date, language: str
) -> Future[bytes]:
    """The invoice as a file, now or later; its number of KSeF stands for whatever it says."""
    key = ("ksef_received", account.id, ksef_number, language)
    facts = facts_of_received(invoice, issued_on)

    def make() -> PrintedDocument:
        return PrintedDocument(facts=facts, language=language)

    return printer.submit(account.id, key, make, account.print_seconds_per_hour)


def page_of_received(invoice: ReceivedInvoice, ksef_number: str, issued_on: dt.date, language: str) -> str:
    return page_of(sheet_of(facts_of_received(invoice, issued_on), language), [(KSEF_NUMBER, ksef_number)])
