"""A batch is done in the background: files hold what was confirmed, and each document has its result."""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import openpyxl
import pypdfium2
import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given, NotFound
from faktura.core.invoices import batches
from faktura.core.invoices.batch_files import BatchPart, kept_file, piece_at
from faktura.core.invoices.batches import KEPT_FOR, Batch, BatchResult, Verb, order_batch, results_of
from faktura.core.invoices.change import delete_invoice
from faktura.core.invoices.debts import by_currency
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.messages import Message
from faktura.jobs import Reach, do_batch, handlers
from faktura.outputs.printing.printer import Printer
from faktura.outputs.tables.documents import COLUMNS
from faktura.store.database import Database
from faktura.store.every import count
from faktura.store.queries import Order, Selection
from faktura.worker import Worker
from tests.firm import Firm, open_firm

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)
EVERYTHING = Selection(order=(Order("number"),))
HEADS = list(COLUMNS)


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(NOON)
    return clock


@pytest.fixture
def firm(database: Database, clock: Clock) -> Firm:
    return open_firm(database, clock)


def file_of(books: Books, batch: Batch, file: int = 0) -> bytes:
    return b"".join(piece_at(books, batch, file, place) for place in range(kept_file(books, batch, file).pieces))


class Desk:
    """Issues documents of a firm, orders batches and does them."""

    def __init__(self, database: Database, clock: Clock, firm: Firm, printer: Printer) -> None:
        self.database, self.clock, self.firm = database, clock, firm
        jobs = {name: handler for name, handler in handlers().items() if handler.every is None}
        self.worker = Worker(database, clock, jobs, Reach(printer=printer))

    def do(self, verb: Callable[..., Any], *arguments: object) -> Any:
        firm, now = self.firm, self.clock.now()
        return self.database.write(lambda tx: verb(Books(tx, firm.account, firm.user.id, now), *arguments))

    def issue(self, price: str = "100", email: str | None = "kupec@example.com", **values: object) -> Invoice:
        contact = self.do(add_contact, Given({"name": "=Kupec", "email": email}))
        line = Given({"name": "Práce", "unit_price": Decimal(price), "vat_rate": Decimal(21)})
        invoice: Invoice = self.do(issue_invoice, Given({"contact_id": contact.id, "lines": [line]} | values))
        return invoice

    def order(self, verb: Verb, **given: object) -> Batch:
        batch: Batch = self.do(order_batch, EVERYTHING, verb, given)
        return batch

    def finish(self, batch: Batch) -> Batch:
        while self.worker.do_next():
            pass
        done: Batch = self.do(lambda books: books.find(Batch, batch.id))
        assert done.state == "done"
        return done

    def file(self, verb: Verb, **given: object) -> bytes:
        content: bytes = self.do(file_of, self.finish(self.order(verb, **given)))
        return content


@pytest.fixture
def desk(database: Database, clock: Clock, firm: Firm, printer: Printer) -> Desk:
    return Desk(database, clock, firm, printer)


def test_tables_hold_as_many_documents_and_as_much_as_was_confirmed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(do_batch, "READ", 2)
    numbers = [desk.issue(price).number for price in ("100", "0.33", "-50.5", "99999999.99", "1250")]
    confirmed = desk.do(by_currency, EVERYTHING)[0]

    text = desk.file("csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    first, *cells = openpyxl.load_workbook(io.BytesIO(desk.file("xlsx"))).worksheets[0].iter_rows(values_only=True)

    assert list(first) == HEADS == list(rows[0])
    assert [row["number"] for row in rows] == numbers == [row[0] for row in cells]
    assert len(rows) == confirmed.documents
    assert sum(Decimal(row["gross_total"]) for row in rows) == confirmed.gross
    gross = HEADS.index("gross_total")
    assert sum(Decimal(str(row[gross])) for row in cells) == confirmed.gross
    assert {row["buyer_name"] for row in rows} == {"'=Kupec"}
    assert cells[0][HEADS.index("issued_on")] == dt.datetime(2026, 11, 21)  # noqa: DTZ001 (a day)


def test_prints_are_made_some_at_a_time_and_each_document_is_in_the_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(do_batch, "TOGETHER", 2)
    numbers = [desk.issue().number for _ in range(3)]
    with zipfile.ZipFile(io.BytesIO(desk.file("zip"))) as archive:
        assert archive.namelist() == [f"{number}.pdf" for number in numbers]
    with pypdfium2.PdfDocument(desk.file("pdf")) as whole:
        pages = [page.get_textpage().get_text_bounded() for page in whole]

    assert len(pages) == 3
    assert all(number in page for number, page in zip(numbers, pages, strict=True))


def test_more_prints_than_a_file_holds_come_in_several(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "MOST_IN_FILE", 2)
    numbers = [desk.issue().number for _ in range(5)]
    done = desk.finish(desk.order("zip"))
    files = [zipfile.ZipFile(io.BytesIO(desk.do(file_of, done, file))).namelist() for file in range(3)]

    assert files == [[f"{number}.pdf" for number in numbers[place : place + 2]] for place in (0, 2, 4)]
    with pytest.raises(NotFound):
        desk.do(file_of, done, 3)


def test_what_was_deleted_meanwhile_is_left_out_and_said(desk: Desk) -> None:
    kept, gone = desk.issue(), desk.issue()
    ordered = [desk.order("csv"), desk.order("zip")]
    desk.do(delete_invoice, gone.id)

    for batch in ordered:
        done = desk.finish(batch)
        assert [(one.document_id, one.refused) for one in desk.do(results_of, done)] == [(gone.id, "gone")]
    assert kept.number in desk.do(file_of, desk.do(lambda books: books.find(Batch, ordered[0].id))).decode()


def test_whoever_has_no_address_gets_no_letter_and_all_others_do(desk: Desk, database: Database) -> None:
    sent, unknown = desk.issue(), desk.issue(email=None)
    batch = desk.finish(desk.order("send", public="https://faktura.example/applecorp/p"))

    results = {one.document_id: one.problem and one.problem.code for one in desk.do(results_of, batch)}
    assert results == {sent.id: None, unknown.id: "blank"}
    assert database.read(lambda tx: count(tx, Message)) == 1
    assert desk.do(lambda books: books.find(Invoice, sent.id)).sent_at is not None


def test_more_documents_than_are_done_together_are_all_done(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("faktura.core.invoices.batches.TOGETHER", 2)
    for _ in range(5):
        desk.issue()

    assert len(desk.do(results_of, desk.finish(desk.order("lock")))) == 5


def test_a_batch_is_forgotten_after_a_day_with_its_file(desk: Desk, database: Database, clock: Clock) -> None:
    desk.issue()
    desk.file("csv")
    desk.finish(desk.order("lock"))
    clock.stand_at(NOON + KEPT_FOR)
    worker = Worker(database, clock, {"forget_batches": handlers()["forget_batches"]})
    worker.put_recurring()
    while worker.do_next():
        pass

    assert database.read(lambda tx: [count(tx, cls) for cls in (Batch, BatchResult, BatchPart)]) == [0, 0, 0]
