"""Something is done to some documents of a batch, or they are printed; those that are left have a job of their own."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

import msgspec

from faktura.core.books.books import Books
from faktura.core.errors import Given, Refusal
from faktura.core.invoices.batch_files import add_part, files_made, keep_file, parts_made, parts_of
from faktura.core.invoices.batches import (
    FILES,
    JOB,
    MOST_IN_FILE,
    PRINTED,
    TOGETHER,
    VERBS,
    Batch,
    Verb,
    complete_batch,
    do_one,
    fail_batch,
    left_of,
    note_result,
    refuse_one,
)
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.reminders import check_late
from faktura.jobs import Errand, doubling, nothing_more
from faktura.outputs.mail.wording import send_invoice
from faktura.outputs.printing.document import file_name, print_invoice
from faktura.outputs.printing.merging import merged
from faktura.outputs.printing.press import NotPrinted
from faktura.outputs.printing.printer import TooMuch
from faktura.outputs.reading.context import Context, context_of
from faktura.outputs.tables.cells import csv_file, xlsx_file
from faktura.outputs.tables.documents import heads_of, rows_of
from faktura.outputs.tables.packing import zipped

LANE = "tasks"

DELAYS = doubling(dt.timedelta(seconds=10), dt.timedelta(minutes=30), dt.timedelta(hours=3))

PRINTING = 60.0
"""Seconds to wait for a print, which goes on after it."""

READ = 500
"""Documents that are read at a time."""

Effect = Callable[[Books], None]
Prints = list[tuple[str, bytes]]
Done = Callable[[Books, int, Given], None]


def go_out(errand: Errand, batch_id: int) -> Effect:
    batch = errand.read(lambda books: books.look_up(Batch, id=batch_id))
    if batch is None or batch.state != "waiting":
        return nothing_more
    if batch.verb in PRINTED:
        return _print(errand, batch)
    return _write_table(errand, batch) if batch.verb in FILES else _do(errand, batch)


def refused(books: Books, _error: Exception, batch_id: int) -> None:
    batch = books.look_up(Batch, id=batch_id)
    if batch is not None and batch.state == "waiting":
        fail_batch(books, batch)


def _do(errand: Errand, batch: Batch) -> Effect:
    """Each document in a transaction of its own."""
    verb = DONE[batch.verb]
    for document_id in errand.read(lambda books: left_of(books, batch)):
        _do_one(errand, batch, document_id, verb)
    if errand.read(lambda books: left_of(books, batch)):
        return lambda books: books.later(JOB, batch.id)
    return lambda books: complete_batch(books, batch)


def _do_one(errand: Errand, batch: Batch, document_id: int, verb: Done) -> None:
    try:
        errand.write(lambda books: do_one(_asked(books, batch), batch, document_id, verb))
    except Refusal as refusal:
        error = refusal
        errand.write(lambda books: refuse_one(books, batch, document_id, error))


def _asked(books: Books, batch: Batch) -> Books:
    """In the hands of whoever asked for it."""
    return Books(books.tx, books.account, batch.user_id, books.now, None, "browser")


def _send(books: Books, invoice_id: int, given: Given) -> None:
    invoice = books.find(Invoice, invoice_id)
    send_invoice(books, invoice_id, Given(), f"{given['public']}/{invoice.token}")


def _remind(books: Books, invoice_id: int, given: Given) -> None:
    check_late(books.find(Invoice, invoice_id))
    _send(books, invoice_id, given)


DONE: Mapping[Verb, Done] = {**VERBS, "send": _send, "remind": _remind}


def _write_table(errand: Errand, batch: Batch) -> Effect:
    words: dict[str, str] = batch.given.get("words", {})
    ids, today = batch.document_ids, errand.read(lambda books: books.today)
    found = [one for begins in range(0, len(ids), READ) for one in _read(errand, ids[begins : begins + READ])]
    gone = set(ids) - {document.id for document in found}
    rows = rows_of(found, today, words)
    heads = heads_of(words)
    content = xlsx_file(heads, rows) if batch.verb == "xlsx" else csv_file(heads, rows, batch.given.get("decimal", "."))

    def keep(books: Books) -> None:
        for document_id in gone:
            note_result(books, batch, document_id, "", "gone")
        keep_file(books, batch, content)

    return keep


def _print(errand: Errand, batch: Batch) -> Effect:
    """Some documents at a time, and the prints of others in between; each file is put together after its last.

    Raises:
        TooMuch: the account had its share of an hour printed, which is tried again.
        TimeoutError: the printing waits for that of others.

    """
    file, place = errand.read(lambda books: (files_made(books, batch), parts_made(books, batch)))
    of_file = batch.document_ids[file * MOST_IN_FILE : (file + 1) * MOST_IN_FILE]
    some = of_file[place * TOGETHER : (place + 1) * TOGETHER]
    if not some:
        files = [file for part in errand.read(lambda books: parts_of(books, batch)) for file in _unpacked(part)]
        made_at = batch.created_at
        content = merged(file for _, file in files) if batch.verb == "pdf" else zipped(files, made_at)
        return lambda books: keep_file(books, batch, content, file)
    prints, missing = _printed(errand, some)

    def keep(books: Books) -> None:
        add_part(books, batch, file, place, msgspec.msgpack.encode(prints))
        for document_id, why in missing.items():
            note_result(books, batch, document_id, *why)
        books.later(JOB, batch.id)

    return keep


def _printed(errand: Errand, ids: Sequence[int]) -> tuple[Prints, dict[int, tuple[str, str]]]:
    """The files of the documents, and why some have none."""
    account, found = errand.read(lambda books: (books.account, _with_contexts(books, ids)))
    missing = dict.fromkeys(ids, ("", "gone"))
    prints: Prints = []
    if errand.reach.printer is None:
        return prints, {invoice.id: (invoice.number, "not_printed") for invoice, _ in found}
    waiting = [(invoice, print_invoice(errand.reach.printer, account, invoice, context)) for invoice, context in found]
    for invoice, file in waiting:
        try:
            prints.append((file_name(invoice), file.result(PRINTING)))
            del missing[invoice.id]
        except TooMuch:
            raise
        except NotPrinted:
            missing[invoice.id] = (invoice.number, "not_printed")
    return prints, missing


def _unpacked(part: bytes) -> Prints:
    return msgspec.msgpack.decode(part, type=list[tuple[str, bytes]])


def _with_contexts(books: Books, ids: Sequence[int]) -> list[tuple[Invoice, Context]]:
    return [(invoice, context_of(books, invoice)) for invoice in _in_order(books, ids)]


def _read(errand: Errand, ids: Sequence[int]) -> list[Invoice]:
    return errand.read(lambda books: _in_order(books, ids))


def _in_order(books: Books, ids: Sequence[int]) -> list[Invoice]:
    found = {document.id: document for document in books.some(Invoice, ids)}
    return [found[document_id] for document_id in ids if document_id in found]
