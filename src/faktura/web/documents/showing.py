"""A document as a page shows it, whoever reads it and in whatever language."""

import datetime as dt
from base64 import b64encode
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.documents.record import Status
from faktura.core.documents.status import status_of
from faktura.core.invoices.record import Invoice
from faktura.outputs.reading.context import context_of
from faktura.outputs.reading.facts import Code, Picture
from faktura.outputs.reading.invoices import facts_of
from faktura.outputs.reading.payment import Together
from faktura.outputs.reading.qr import svg
from faktura.outputs.reading.sheet import Sheet, grouped, sheet_of
from faktura.outputs.reading.tongue import Tongue
from faktura.outputs.words.words import labels_in


class Shown(NamedTuple):
    """A document with what its page says around it.

    `left` is still owed, negative where money goes back. `codes` are payment codes as addresses of pictures, and so are
    those of `verification`, each with the code. `logo` is that of the firm, which has a `colour`; either may be empty.
    """

    invoice: Invoice
    sheet: Sheet
    word: Mapping[str, str]
    status: Status
    left: Decimal
    codes: tuple[str, ...]
    verification: tuple[tuple[Code, str], ...]
    logo: str
    colour: str


class Asked(NamedTuple):
    """What a customer is asked to pay by one transfer: how much in words, and what is typed into a bank's form.

    Each of `fields` has a label and a value, in groups of letters that are read more easily apart. `code` is the
    address of a picture, or empty.
    """

    numbers: tuple[str, ...]
    money: str
    due_on: str
    is_late: bool
    fields: tuple[tuple[str, tuple[str, ...]], ...]
    code: str


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
        codes=tuple(drawn(code.payload) for code in facts.codes),
        verification=tuple((code, drawn(code.payload)) for code in facts.verification),
        logo=picture_of(facts.logo),
        colour=facts.colour,
    )


def asked_by(together: Together, language: str, today: dt.date) -> Asked:
    tongue, transfer = Tongue(language), together.transfer
    account = grouped(together.bank_account).split(" "), grouped(together.iban).split(" ")
    fields = {
        "sum": [tongue.amount(transfer.amount, grouped=False)],
        "bank_account": account[0],
        "iban": account[1],
        "bic": [together.bic],
        "variable_symbol": [together.reference],
        "message": [] if together.reference else [transfer.message],
    }
    return Asked(
        numbers=tuple(invoice.number for invoice in together.invoices),
        money=tongue.money(transfer.amount, transfer.currency),
        due_on=tongue.date(transfer.due_on) if transfer.due_on else "",
        is_late=transfer.due_on is not None and transfer.due_on < today,
        fields=tuple((tongue.labels[name], tuple(parts)) for name, parts in fields.items() if any(parts)),
        code=drawn(together.code.payload) if together.code else "",
    )


def picture_of(picture: Picture | None) -> str:
    return _address(picture.media_type, picture.content) if picture else ""


def drawn(payload: str) -> str:
    """A code as the address of a picture."""
    return _address("image/svg+xml", svg(payload).encode())


def _address(media_type: str, content: bytes) -> str:
    """Of a picture that stands in the page itself, so that nobody is asked for it."""
    return f"data:{media_type};base64,{b64encode(content).decode()}"
