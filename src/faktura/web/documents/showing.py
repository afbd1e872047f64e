"""A document as a page shows it, whoever reads it and in whatever language."""

from base64 import b64encode
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.documents.record import Status
from faktura.core.documents.status import status_of
from faktura.core.invoices.record import Invoice
from faktura.outputs.reading.context import context_of
from faktura.outputs.reading.invoices import facts_of
from faktura.outputs.reading.qr import svg
from faktura.outputs.reading.sheet import Sheet, sheet_of
from faktura.outputs.words.words import labels_in


class Shown(NamedTuple):
    """A document with what its page says around it.

    `left` is still owed, negative where money goes back. `codes` are payment codes as addresses of pictures, `logo` is
    that of the firm, which has a `colour`; either may be empty.
    """

    invoice: Invoice
    sheet: Sheet
    word: Mapping[str, str]
    status: Status
    left: Decimal
    codes: tuple[str, ...]
    logo: str
    colour: str


class Entry(NamedTuple):
    """A document in a list."""

    invoice: Invoice
    status: Status


def entries_of(books: Books, invoices: Iterable[Invoice]) -> list[Entry]:
    return [Entry(invoice, status_of(invoice, books.today)) for invoice in invoices]


def shown(books: Books, invoice: Invoice, language: str) -> Shown:
    facts = facts_of(invoice, context_of(books, invoice))
    return Shown(
        invoice=invoice,
        sheet=sheet_of(facts, language),
        word=labels_in(language),
        status=status_of(invoice, books.today),
        left=facts.to_pay,
        codes=tuple(_address("image/svg+xml", svg(code.payload).encode()) for code in facts.codes),
        logo=_address(facts.logo.media_type, facts.logo.content) if facts.logo else "",
        colour=facts.colour,
    )


def _address(media_type: str, content: bytes) -> str:
    """Of a picture that stands in the page itself, so that nobody is asked for it."""
    return f"data:{media_type};base64,{b64encode(content).decode()}"
