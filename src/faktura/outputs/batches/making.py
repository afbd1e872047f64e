"""What some documents and expenses of a batch bring into its file, and why some of them are missing there."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import NamedTuple, TypeVar

import msgspec

from faktura.core.books.books import Books
from faktura.core.documents.record import UNDER_OSS, Document
from faktura.core.errors import WrongState
from faktura.core.invoices.batches import Member, Verb
from faktura.core.invoices.record import Invoice
from faktura.core.people.accounts import Account
from faktura.core.received.record import Expense
from faktura.outputs.accounting import pohoda
from faktura.outputs.e_invoices.embedding import with_files
from faktura.outputs.e_invoices.isdoc import isdoc
from faktura.outputs.printing.document import file_name, print_invoice
from faktura.outputs.printing.press import NotPrinted
from faktura.outputs.printing.printed import Attached
from faktura.outputs.printing.printer import Printer, TooMuch
from faktura.outputs.reading.context import Context, context_of, told_context_of
from faktura.outputs.reading.receiving import settle_received
from faktura.outputs.reading.settled import Settled
from faktura.outputs.reading.settling import Unbalanced, settle

log = logging.getLogger(__name__)

PRINTING = 60.0
"""Seconds to wait for a print, which goes on after it."""

Files = list[tuple[str, bytes]]
Why = tuple[str, str]
D = TypeVar("D", bound=Document)

GONE: Why = ("", "gone")
"""The number of what is missing, and the reason."""


class Made(NamedTuple):
    """A part of the file, and what is missing in it."""

    part: bytes
    missing: dict[Member, Why]


class Read(NamedTuple):
    """The members that are there still, expenses apart, in their order."""

    account: Account
    invoices: list[tuple[Invoice, Context]]
    expenses: list[Expense]


def read_members(books: Books, verb: Verb, members: Sequence[Member]) -> Read:
    context = context_of if verb in {"pdf", "zip"} else told_context_of
    invoices = in_order(books, Invoice, [member.id for member in members if member.of == "document"])
    expenses = in_order(books, Expense, [member.id for member in members if member.of == "expense"])
    return Read(books.account, [(invoice, context(books, invoice)) for invoice in invoices], expenses)


def make_part(verb: Verb, printer: Printer | None, members: Sequence[Member], read: Read) -> Made:
    """What the members come to.

    Raises:
        TooMuch: the account had its share of an hour printed.
        TimeoutError: the printing waits for that of others.

    """
    missing = dict.fromkeys(members, GONE)
    return Made(_MAKERS[verb](printer, read, missing), missing)


def in_order(books: Books, cls: type[D], ids: Sequence[int]) -> list[D]:
    """Those that were not deleted meanwhile."""
    found = {document.id: document for document in books.some(cls, ids)}
    return [found[document_id] for document_id in ids if document_id in found]


def _prints(printer: Printer | None, read: Read, missing: dict[Member, Why]) -> bytes:
    """The documents on paper."""
    ordered = [(one, _order(printer, read.account, one, context)) for one, context in read.invoices]
    return _packed(_collected(ordered, missing))


def _prints_with_isdoc(printer: Printer | None, read: Read, missing: dict[Member, Why]) -> bytes:
    """The same, each with its ISDOC inside."""
    ordered: list[tuple[Invoice, Future[bytes] | Why]] = []
    for invoice, context in read.invoices:
        settled = _settled(invoice, context)
        if isinstance(settled, Settled):
            inside = with_files(settled, ("isdoc",))
            ordered.append((invoice, _order(printer, read.account, invoice, context, inside)))
        else:
            ordered.append((invoice, settled))
    return _packed(_collected(ordered, missing))


def _isdocs(_printer: Printer | None, read: Read, missing: dict[Member, Why]) -> bytes:
    files: Files = []
    for invoice, context in read.invoices:
        settled = _settled(invoice, context)
        if isinstance(settled, Settled):
            files.append((file_name(invoice, ".isdoc"), isdoc(settled)))
            del missing[Member("document", invoice.id)]
        else:
            missing[Member("document", invoice.id)] = settled
    return _packed(files)


def _entries(_printer: Printer | None, read: Read, missing: dict[Member, Why]) -> bytes:
    """What is under the one-stop shop has VAT of another country, of which the program wants to know more."""
    told: list[tuple[Member, Settled | Why, str, Expense | None]] = []
    for invoice, context in read.invoices:
        is_foreign = invoice.kind in UNDER_OSS or invoice.oss != "disabled"
        settled = (invoice.number, "under_oss") if is_foreign else _settled(invoice, context)
        told.append((Member("document", invoice.id), settled, "", None))
    for expense in read.expenses:
        settled = _tried(expense, partial(settle_received, expense, read.account))
        told.append((Member("expense", expense.id), settled, expense.number, expense))
    entries = []
    for member, settled, own_number, received in told:
        if isinstance(settled, Settled):
            entries.append(pohoda.Entry(settled, own_number, received.received_on if received else None))
            del missing[member]
        else:
            missing[member] = settled
    return pohoda.entered(entries, pohoda.codes_of(read.account))


def _settled(invoice: Invoice, context: Context) -> Settled | Why:
    """What other programs are told, or why not: who was told of a cancelled document would book it."""
    if invoice.cancelled_at is not None:
        return invoice.number, "cancelled"
    return _tried(invoice, partial(settle, invoice, context))


def _tried(document: Document, told: Callable[[], Settled]) -> Settled | Why:
    try:
        return told()
    except WrongState as refusal:
        return document.number, refusal.reason
    except Unbalanced:
        log.exception("%s %s is told to no program", document.noun, document.id)
        return document.number, "unbalanced"


def _order(
    printer: Printer | None, account: Account, invoice: Invoice, context: Context, attached: tuple[Attached, ...] = ()
) -> Future[bytes] | Why:
    if printer is None:
        return invoice.number, "not_printed"
    return print_invoice(printer, account, invoice, context, attached=attached)


def _collected(ordered: Iterable[tuple[Invoice, Future[bytes] | Why]], missing: dict[Member, Why]) -> Files:
    """The files that were ordered."""
    files: Files = []
    for invoice, file in ordered:
        member = Member("document", invoice.id)
        if isinstance(file, tuple):
            missing[member] = file
            continue
        try:
            files.append((file_name(invoice), file.result(PRINTING)))
            del missing[member]
        except TooMuch:
            raise
        except NotPrinted:
            missing[member] = (invoice.number, "not_printed")
    return files


def _packed(files: Files) -> bytes:
    return msgspec.msgpack.encode(files)


_MAKERS: Mapping[Verb, Callable[[Printer | None, Read, dict[Member, Why]], bytes]] = {
    "pdf": _prints,
    "zip": _prints,
    "isdoc": _isdocs,
    "isdoc_pdf": _prints_with_isdoc,
    "pohoda": _entries,
}
