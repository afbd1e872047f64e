"""Something is done to some documents of a batch, or they are printed; those that are left have a job of their own."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from tempfile import TemporaryFile

from faktura.core.books.books import Books
from faktura.core.errors import Given, Refusal
from faktura.core.invoices.batch_files import (
    PIECE,
    add_part,
    files_made,
    keep_file,
    keep_piece,
    part_at,
    parts_made,
)
from faktura.core.invoices.batches import (
    FILES,
    IN_PARTS,
    JOB,
    TOGETHER,
    VERBS,
    Batch,
    Member,
    Verb,
    complete_batch,
    do_one,
    fail_batch,
    in_one_file,
    left_of,
    note_result,
    refuse_one,
    results_of,
)
from faktura.core.invoices.record import Invoice
from faktura.core.invoices.reminders import check_late
from faktura.jobs import Errand, doubling, nothing_more
from faktura.outputs.batches.assembling import Whole, assemble
from faktura.outputs.batches.making import in_order, make_part, read_members
from faktura.outputs.e_invoices.ksef import send
from faktura.outputs.mail.wording import send_invoice
from faktura.outputs.tables.cells import csv_file, xlsx_file
from faktura.outputs.tables.documents import heads_of, rows_of

LANE = "tasks"

DELAYS = doubling(dt.timedelta(seconds=10), dt.timedelta(minutes=30), dt.timedelta(hours=3))

READ = 500
"""Documents that are read at a time."""

Effect = Callable[[Books], None]
Done = Callable[[Books, int, Given], None]


def go_out(errand: Errand, batch_id: int) -> Effect:
    batch = errand.read(lambda books: books.look_up(Batch, id=batch_id))
    if batch is None or batch.state != "waiting":
        return nothing_more
    if batch.verb in IN_PARTS:
        return _write_parts(errand, batch)
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


def _to_ksef(books: Books, invoice_id: int, _given: Given) -> None:
    send(books, invoice_id)


DONE: Mapping[Verb, Done] = {**VERBS, "send": _send, "ksef": _to_ksef, "remind": _remind}


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
            note_result(books, batch, Member("document", document_id), "", "gone")
        keep_file(books, batch, content)

    return keep


def _write_parts(errand: Errand, batch: Batch) -> Effect:
    """Some documents at a time, and the files of others in between; each file is put together after its last.

    Raises:
        TooMuch: the account had its share of an hour printed, which is tried again.
        TimeoutError: the printing waits for that of others.

    """
    file, place = errand.read(lambda books: (files_made(books, batch), parts_made(books, batch)))
    most = in_one_file(batch.verb)
    of_file = batch.members[file * most : (file + 1) * most]
    some = of_file[place * TOGETHER : (place + 1) * TOGETHER]
    if not some:
        return _put_together(errand, batch, file, place)
    read = errand.read(lambda books: read_members(books, batch.verb, some))
    made = make_part(batch.verb, errand.reach.printer, some, read)

    def keep(books: Books) -> None:
        add_part(books, batch, file, place, made.part)
        for member, why in made.missing.items():
            note_result(books, batch, member, *why)
        books.later(JOB, batch.id)

    return keep


def _put_together(errand: Errand, batch: Batch, file: int, places: int) -> Effect:
    """A file of many documents lies on disk meanwhile, and no transaction holds more than a piece of it."""
    parts = (errand.read(partial(part_at, batch=batch, place=place)) for place in range(places))
    with TemporaryFile() as out:
        assemble(errand.read(lambda books: _whole(books, batch, parts)), out)
        out.seek(0)
        beginning = out.read(PIECE)
        for place, piece in enumerate(iter(partial(out.read, PIECE), b""), 1):
            errand.write(partial(keep_piece, batch=batch, file=file, place=place, content=piece))
    return lambda books: keep_file(books, batch, beginning, file)


def _whole(books: Books, batch: Batch, parts: Iterable[bytes]) -> Whole:
    left_out = [result for result in results_of(books, batch) if not result.is_done]
    return Whole(batch, books.account.registration_no or "", parts, left_out)


def _read(errand: Errand, ids: Sequence[int]) -> list[Invoice]:
    return errand.read(lambda books: in_order(books, Invoice, ids))
