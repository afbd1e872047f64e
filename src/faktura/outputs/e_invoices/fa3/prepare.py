"""A document made ready for KSeF, or all that KSeF would refuse of it."""

import base64
import datetime as dt
import hashlib

from faktura.core.books.books import Books
from faktura.core.errors import Problems
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connection import connection_of
from faktura.core.ksef.mark import LIVE
from faktura.core.ksef.sendings import Prepared, latest_sending
from faktura.outputs.e_invoices.fa3.limits import check_file, problems_of
from faktura.outputs.e_invoices.fa3.parties import nip_in
from faktura.outputs.e_invoices.fa3.told import Told, read, told_of
from faktura.outputs.e_invoices.fa3.writing import fa3
from faktura.store.queries import Condition, Selection


def prepare(books: Books, invoice: Invoice, *, made_at: dt.datetime | None = None) -> Prepared:
    """The document as KSeF takes it, made now where nothing else is said.

    Raises:
        WrongState: a document like it does not go to KSeF.
        Invalid: KSeF would refuse it.

    """
    told = told_of(books, invoice)
    file = fa3(told, made_at or books.now)
    _problems(books, told, file).refuse()
    digest = base64.b64encode(hashlib.sha256(file).digest()).decode()
    return Prepared(told.kind, invoice.number, file, digest)


def file_for_ksef(books: Books, invoice: Invoice) -> bytes:
    """What KSeF has or is to get, or else what it would be sent now; raises as `prepare` does."""
    sending = latest_sending(books, invoice.id)
    if sending is not None and sending.state in {"accepted", *LIVE}:
        return sending.xml
    return prepare(books, invoice).xml


def problems_for_ksef(books: Books, invoice: Invoice) -> Problems:
    """What KSeF would refuse of a document, which may not be issued yet.

    Raises:
        WrongState: a document like it does not go to KSeF.

    """
    told = told_of(books, invoice)
    return _problems(books, told, fa3(told, books.now))


def _problems(books: Books, told: Told, file: bytes) -> Problems:
    problems = problems_of(told, books.today)
    if not problems.by_attribute():
        check_file(file, problems)
    connection = connection_of(books)
    if connection is not None and connection.tax_no != nip_in(told.invoice.seller.vat_no):
        problems.add("seller.vat_no", "malformed")
    if _is_taken(books, told):
        problems.add("number", "taken")
    return problems


def _is_taken(books: Books, told: Told) -> bool:
    """Whether KSeF has another document of that kind under the number, which it takes once."""
    numbered = books.all(Invoice, Selection((Condition("number", "eq", told.invoice.number),)))
    others = (other for other in numbered if other.id != told.invoice.id and other.ksef_number)
    return any(read(books, other).kind == told.kind for other in others)
