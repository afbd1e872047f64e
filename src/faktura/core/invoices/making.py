"""What every new document begins with, and how it is kept once it has its number."""

import string
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from faktura.core.books.books import Books
from faktura.core.contacts import Contact
from faktura.core.documents.attachments import GivenFile
from faktura.core.documents.find import key_of
from faktura.core.documents.keeping import name_new, write_new
from faktura.core.documents.links import NO_LINKS, links_of
from faktura.core.documents.parties import seller_of
from faktura.core.documents.record import DocumentKind
from faktura.core.invoices.buyer import buyer_of, terms_of, tidy_buyer
from faktura.core.invoices.e_invoice import check_as_e_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.related import NO_RELATIONS, Relations, relate
from faktura.core.ksef.issued import note_issued

UUID_LENGTH = 16
TOKEN_LENGTH = 24
"""Letters of what opens the public page: more than 128 bits. Older documents have ten letters and keep them."""


def blank_invoice(books: Books, kind: DocumentKind, contact: Contact, **values: Any) -> Invoice:
    """A document with nothing on it but who sells to whom, and on which terms."""
    today = books.today
    copied = buyer_of(contact) | terms_of(books.account, contact)
    invoice = Invoice(
        books.account.id,
        0,
        1,
        books.now,
        books.now,
        kind=kind,
        number="",
        **_random_names(books),
        seller=seller_of(books),
        native_currency=books.account.currency,
        **(copied | {"issued_on": today, "taxable_on": today} | values),
    )
    tidy_buyer(invoice)
    return invoice


def keep_new(
    books: Books, invoice: Invoice, files: Sequence[GivenFile] = (), related: Relations = NO_RELATIONS
) -> Invoice:
    """Write down a document that has its number, with its links and what it takes off by them.

    Where files, links and moves in stock name it, it has its id before its row, for which PostgreSQL is asked.
    """
    ends = {key_of(end): end for _, end in related.ends()}
    links = NO_LINKS
    if files or ends or any(line.stocked for line in invoice.lines):
        name_new(books, invoice, files)
    if ends:
        relate(books, invoice, related, NO_LINKS)
        links = links_of(books, invoice)
    issued = write_new(books, invoice, "issued", links, ends)
    check_as_e_invoice(books, issued)
    note_issued(books, issued)
    return issued


def _random_names(books: Books) -> dict[str, Any]:
    """Drawn together, because each question to the system costs as much as a query."""
    drawn = books.tx.chance.draw(Invoice.table_name, UUID_LENGTH + TOKEN_LENGTH)
    uuid, token = UUID(bytes=drawn[:UUID_LENGTH], version=4), drawn[UUID_LENGTH:]
    return {"uuid": str(uuid), "token": token.translate(_LETTERS).decode()}


_LETTERS = ((string.ascii_letters + string.digits).encode() * 5)[:256]
"""For each byte a letter or a digit: close enough to as many of each, and faster than choosing."""
