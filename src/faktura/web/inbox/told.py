"""What an e-invoice in the inbox says, in words for people, and what may be done with it."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from flask_babel import lazy_gettext

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.received.book import Readiness, readiness_of
from faktura.core.received.extraction import WhyUnread
from faktura.core.received.received_invoice import Doubt, Format, ReceivedInvoice
from faktura.core.received.record import Expense
from faktura.core.received.repeated import booked_before
from faktura.core.received.supplier import supplier_known
from faktura.web.forms.fields import Words

FORMATS: Mapping[Format, str] = {"isdoc": "ISDOC", "ubl": "UBL", "cii": "CII", "fa3": "FA(3)"}

DOUBTS: Mapping[Doubt, Words] = {
    "older_version": lazy_gettext("The file is of another version of its format, read as well as it goes:"),
    "breaks_schema": lazy_gettext("The file is not written as its format demands:"),
    "sums_differ": lazy_gettext("The sums do not add up, and are as the totals of the file tell them:"),
    "unknown_rate": lazy_gettext("The file has a VAT rate that is not known:"),
    "no_currency": lazy_gettext("The file names no currency."),
    "not_for_us": lazy_gettext("The invoice is to somebody else:"),
    "signature_not_verified": lazy_gettext("The file is signed; the signature was not verified."),
    "file_left_out": lazy_gettext("A file that came inside of it could not be kept:"),
}

UNREAD: Mapping[WhyUnread, Words] = {
    "not_an_e_invoice": lazy_gettext("This is no e-invoice:"),
    "no_reader": lazy_gettext("Invoices in this format are kept, and not read yet:"),
    "too_large": lazy_gettext("The file is too large to be read."),
    "doctype": lazy_gettext("The file declares a document type, which no invoice needs. It was not read."),
    "damaged": lazy_gettext("The file is damaged:"),
}


class Look(NamedTuple):
    """An e-invoice, who its supplier is among the contacts, and the expense that was made of the same one before."""

    told: ReceivedInvoice
    format: str
    supplier: Contact | None
    before: Expense | None
    readiness: Readiness


def look_at(books: Books, told: ReceivedInvoice) -> Look:
    supplier = supplier_known(books, told.supplier)
    before = booked_before(books, told, supplier.id if supplier else None)
    return Look(told, FORMATS[told.format], supplier, before, readiness_of(books, told))


def looks_at(books: Books, scans: Iterable[Expense]) -> dict[int, Look]:
    """By scan, of those that are e-invoices."""
    return {scan.id: look_at(books, scan.told) for scan in scans if scan.told is not None}
