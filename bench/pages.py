"""What pages cost the server, where one account has 10,000 contacts and 100,000 documents, beside their marks.

`.venv/bin/python -m bench.pages [contacts documents]` fills SQLite and then PostgreSQL, prints and keeps a table. Of
each page, in milliseconds of the processor, that of PostgreSQL's and of the printer's processes among them: the first
request, the worst but two of fifty while nobody writes, and the same with a document issued before each request. The
first compiles what it asks and reads what its language says of days; whether it keeps the mark, too, is said apart.
"""

import datetime as dt
import itertools
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from werkzeug.test import TestResponse

import faktura.core.tables  # noqa: F401 (declares every table)
from bench.long_books import CONTACTS, DOCUMENTS, House, filled
from bench.processes import cpu_nanoseconds, tree
from faktura.core.clock import Clock
from faktura.core.contact_links import make_contact_link
from faktura.core.invoices.issue import issue_invoice
from faktura.outputs.printing.printer import Printer
from faktura.store import schema
from faktura.store.chance import SYSTEM
from faktura.store.database import Database, open_database
from faktura.web import application
from faktura.web.contacts import list as contacts
from faktura.web.documents import list as documents
from faktura.web.expenses import list as expenses
from faktura.web.products import list as products
from faktura.web.tests.conftest import HOST, Browser
from faktura.wire.service import Service
from tests.postgres import running_postgres

RESULTS = Path(__file__).parent / "results"

ROUNDS = 50
LEFT_OUT = 2
"""So many of the fifty may be worse: the 95th percentile."""


class Row(NamedTuple):
    """A page with its mark, and what it took."""

    engine: str
    name: str
    mark: int
    first: float
    quiet: float
    written: float
    size: int

    @property
    def verdict(self) -> str:
        return _verdict(self.mark, self.quiet, self.written)

    @property
    def first_verdict(self) -> str:
        return _verdict(self.mark, self.first)


def _verdict(mark: int, *times: float) -> str:
    return "met" if max(times) <= mark else "**missed**"


def main(contacts: int = CONTACTS, documents: int = DOCUMENTS) -> None:
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        Path(folder).chmod(0o755)
        rows += of_engine(f"sqlite:///{Path(folder) / 'pages.db'}", contacts, documents)
        with running_postgres(Path(folder) / "postgres", durable=True) as url:
            rows += of_engine(url, contacts, documents)
    file = RESULTS / f"{dt.datetime.now(tz=dt.UTC):%Y-%m-%d}-pages.md"
    file.write_text(table(rows, contacts, documents))
    print(file)


def of_engine(url: str, contacts: int, documents: int) -> Iterator[Row]:
    database, clock = open_database(url), Clock()
    schema.prepare(database)
    house = filled(database, clock, contacts, documents)
    _tidy(database)
    printer = Printer(1)
    service = Service(database, clock, f"http://{HOST}", printer=printer)
    installed = application(service).jinja_env
    for name in installed.list_templates(["html"]):
        installed.get_template(name)
    browser = Browser(application(service))
    browser.sign_in(house.firm.user.email)
    for name, mark, ask in pages_of(house, browser):
        yield (row := measured(house, name, mark, partial(_cost, ask)))
        print(*row, row.verdict, flush=True)
    printer.close()
    database.close()


def _tidy(database: Database) -> None:
    """As a server of PostgreSQL does by itself, minutes after so much was written."""
    if database.engine == "postgresql":
        with schema.engine_for(database).connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")


def measured(house: House, name: str, mark: int, cost: Callable[[], tuple[float, int]]) -> Row:
    first, size = cost()
    quiet = [cost()[0] for _ in range(ROUNDS)]
    written = []
    for _ in range(ROUNDS):
        house.do(lambda books: issue_invoice(books, house.given))
        written.append(cost()[0])
    return Row(house.database.engine, name, mark, first, _p95(quiet), _p95(written), size)


def _p95(times: list[float]) -> float:
    return sorted(times)[-1 - LEFT_OUT]


def _cost(ask: Callable[[], TestResponse]) -> tuple[float, int]:
    """Milliseconds of the processor, whatever else the machine does, and bytes of the answer."""
    began = _spent()
    answer = ask()
    cost = _spent() - began
    if answer.status_code not in {HTTPStatus.OK, HTTPStatus.SEE_OTHER}:
        raise SystemExit(f"{answer.request.path}: {answer.status}")
    return cost / 1e6, len(answer.data)


def _spent() -> int:
    """Nanoseconds of this process and of those that it started: PostgreSQL and the printer."""
    return time.process_time_ns() + sum(cpu_nanoseconds(pid) for pid in tree(os.getpid())[1:])


def pages_of(house: House, browser: Browser) -> Iterator[tuple[str, int, Callable[[], TestResponse]]]:
    for name, mark, path in PAGES:
        yield name, mark, partial(browser.get, path.format(contact=house.busy))
    secret = SYSTEM.letters("contact_links", 32)
    house.do(lambda books: make_contact_link(books, house.busy, secret))
    yield "portal of a contact of 1,000", 40, partial(browser.get, f"/applecorp/c/{secret}")
    browser.get("/applecorp/invoices/new")
    typed = browser.hidden | TYPED | {"contact_id": str(house.busy)}
    yield "totals of what is typed", 15, partial(_recounted, browser, typed)
    yield "totals with the document", 15, partial(_recounted, browser, typed | {"preview": "on"})
    yield "totals without a script", 40, partial(_sent, browser, typed, "/applecorp/invoices/totals")
    yield "issue a document", 30, partial(_sent, browser, typed, "/applecorp/invoices/new")
    places = itertools.count()
    yield "print of a document", 150, lambda: browser.get("/applecorp/p/t{0}/OLD-{0:06}.pdf".format(next(places)))


def _sent(browser: Browser, fields: Mapping[str, str], path: str) -> TestResponse:
    return browser.post_bare(path, **dict(fields) | {"once": f"{time.perf_counter_ns():032}"})


def _recounted(browser: Browser, fields: Mapping[str, str]) -> TestResponse:
    """As a script asks after a key, which changes the amount."""
    changed = dict(fields) | {"lines-0-unit_price": f"{time.perf_counter_ns() % 1_000_000}"}
    return browser.post_part("/applecorp/invoices/totals", **changed)


LINES = 10

TYPED = {"kind": "invoice"} | {
    f"lines-{n}-{name}": value
    for n in range(LINES)
    for name, value in (("name", "Práce"), ("quantity", "1"), ("unit_price", "100"))
}


def table(rows: list[Row], contacts: int, documents: int) -> str:
    columns = (
        "engine",
        "page",
        "mark, ms",
        "first",
        "p95 of 50",
        "p95 while written",
        "bytes",
        "verdict",
        "of the first",
    )
    lines = [columns, ("---",) * len(columns)]
    for row in rows:
        times = (f"{value:.1f}" for value in (row.first, row.quiet, row.written))
        lines.append((row.engine, row.name, str(row.mark), *times, f"{row.size:,}", row.verdict, row.first_verdict))
    head = f"# Pages, {dt.datetime.now(tz=dt.UTC):%Y-%m-%d}"
    held = f"{contacts:,} contacts, {documents:,} documents in one account; milliseconds of the processor."
    return "\n".join([head, "", held, "", *(f"| {' | '.join(line)} |" for line in lines), ""])


LIST, SEARCH, PICK = 25, 40, 20
"""Marks, with those of single pages, are of section 5 of the design of pages: milliseconds of one core."""


def _sorted(noun: str, path: str, sorts: Iterable[str]) -> Iterator[tuple[str, int, str]]:
    """A list in each order that its heads offer, from either end."""
    beside = "&" if "?" in path else "?"
    for sort in sorts:
        yield f"{noun}, sorted by {sort}", LIST, f"{path}{beside}sort={sort}"
        yield f"{noun}, sorted by {sort} the other way", LIST, f"{path}{beside}sort=-{sort}"


PAGES = (
    ("contacts", LIST, "/applecorp/subjects"),
    *_sorted("contacts", "/applecorp/subjects", contacts.SORTS),
    ("contacts of a role", LIST, "/applecorp/subjects?role=both"),
    *_sorted("contacts of a role", "/applecorp/subjects?role=customer", contacts.SORTS),
    ("contacts by city", SEARCH, "/applecorp/subjects?query=pisek"),
    ("contacts by all their names", SEARCH, "/applecorp/subjects?query=firma"),
    ("contacts by two letters", SEARCH, "/applecorp/subjects?query=fi"),
    ("contacts by what none has", SEARCH, "/applecorp/subjects?query=qq"),
    ("contacts, one", SEARCH, "/applecorp/subjects?query=Firma+04711"),
    ("pick", PICK, "/applecorp/subjects/pick?query=firma+04"),
    ("pick of two letters", PICK, "/applecorp/subjects/pick?query=rm"),
    ("pick of nothing typed", PICK, "/applecorp/subjects/pick"),
    ("contact of 1,000 documents", 40, "/applecorp/subjects/{contact}"),
    ("new contact", 40, "/applecorp/subjects/new"),
    ("documents", LIST, "/applecorp/invoices"),
    *_sorted("documents", "/applecorp/invoices", documents.SORTS),
    ("documents, last page", LIST, "/applecorp/invoices?before=last"),
    ("documents, unpaid", LIST, "/applecorp/invoices?part=unpaid"),
    *_sorted("documents, unpaid", "/applecorp/invoices?part=unpaid", documents.SORTS),
    ("documents, overdue", LIST, "/applecorp/invoices?part=overdue"),
    *_sorted("documents, overdue", "/applecorp/invoices?part=overdue", documents.SORTS),
    ("documents, paid", LIST, "/applecorp/invoices?part=paid"),
    *_sorted("documents, paid", "/applecorp/invoices?part=paid", documents.SORTS),
    ("documents, proformas", LIST, "/applecorp/invoices?part=proformas"),
    ("documents, credit notes", LIST, "/applecorp/invoices?part=corrections"),
    ("documents of a kind", LIST, "/applecorp/invoices?kind=invoice"),
    ("documents of a currency", LIST, "/applecorp/invoices?currency=czk"),
    ("documents of a currency that is rare", LIST, "/applecorp/invoices?currency=eur"),
    ("documents paid in a month", LIST, "/applecorp/invoices?day=paid_on&since=2026-11-01&until=2026-11-30"),
    ("documents issued in a month", LIST, "/applecorp/invoices?since=2026-10-01&until=2026-10-31"),
    ("documents due in a month", LIST, "/applecorp/invoices?day=due_on&since=2026-11-01&until=2026-11-30"),
    ("documents taxed in a month", LIST, "/applecorp/invoices?day=taxable_on&since=2026-10-01&until=2026-10-31"),
    *_sorted("documents issued in a year", "/applecorp/invoices?since=2025-10-01&until=2026-09-30", documents.SORTS),
    ("documents, unpaid, issued in a year", LIST, "/applecorp/invoices?part=unpaid&since=2025-10-01&until=2026-09-30"),
    ("documents with a tag", SEARCH, "/applecorp/invoices?tag=vip"),
    ("documents by number", SEARCH, "/applecorp/invoices?query=OLD-04711"),
    ("documents by all their numbers", SEARCH, "/applecorp/invoices?query=old"),
    ("documents by two letters", SEARCH, "/applecorp/invoices?query=ol"),
    ("documents by amount", SEARCH, "/applecorp/invoices?query=4711"),
    ("documents by city", SEARCH, "/applecorp/invoices?query=pisek"),
    ("documents by total from", SEARCH, "/applecorp/invoices?least=4000"),
    ("documents by total to", SEARCH, "/applecorp/invoices?most=4000"),
    ("documents of a contact of 1,000", LIST, "/applecorp/invoices?subject={contact}"),
    *_sorted("documents of a contact of 1,000", "/applecorp/invoices?subject={contact}", documents.SORTS),
    ("document", LIST, "/applecorp/invoices/1000"),
    ("new document", 30, "/applecorp/invoices/new"),
    ("change of a document", 30, "/applecorp/invoices/1000/edit"),
    ("drafts", LIST, "/applecorp/invoices/drafts"),
    ("line offered", PICK, "/applecorp/invoices/lines?query=pra&contact_id={contact}"),
    ("line offered of two letters", PICK, "/applecorp/invoices/lines?query=bo&contact_id={contact}"),
    ("expenses", LIST, "/applecorp/expenses"),
    *_sorted("expenses", "/applecorp/expenses", expenses.SORTS),
    ("expenses, unpaid", LIST, "/applecorp/expenses?part=unpaid"),
    *_sorted("expenses, unpaid", "/applecorp/expenses?part=unpaid", expenses.SORTS),
    ("expenses, overdue", LIST, "/applecorp/expenses?part=overdue"),
    ("expenses, paid", LIST, "/applecorp/expenses?part=paid"),
    *_sorted("expenses, paid", "/applecorp/expenses?part=paid", expenses.SORTS),
    ("expenses of a kind", LIST, "/applecorp/expenses?kind=bill"),
    ("expenses issued in a month", LIST, "/applecorp/expenses?since=2026-10-01&until=2026-10-31"),
    *_sorted("expenses issued in a year", "/applecorp/expenses?since=2025-10-01&until=2026-09-30", expenses.SORTS),
    ("expenses with a tag", SEARCH, "/applecorp/expenses?tag=vip"),
    ("expenses by number", SEARCH, "/applecorp/expenses?query=THEIRS-04711"),
    ("expenses by all their numbers", SEARCH, "/applecorp/expenses?query=theirs"),
    ("expenses of a contact of 1,000", LIST, "/applecorp/expenses?subject={contact}"),
    ("new expense", 30, "/applecorp/expenses/new"),
    ("search of everything", SEARCH, "/applecorp/search?query=04711"),
    ("search of what much has", SEARCH, "/applecorp/search?query=firma"),
    ("palette", SEARCH, "/applecorp/search/pick?query=04711"),
    ("overview", 60, "/applecorp"),
    ("export form", LIST, "/applecorp/export?since=2026-10-01&until=2026-10-31"),
    ("history", LIST, "/applecorp/history"),
    ("history, last page", LIST, "/applecorp/history?before=last"),
    ("products", LIST, "/applecorp/inventory_items"),
    *_sorted("products", "/applecorp/inventory_items", products.SORTS),
    ("products by name", SEARCH, "/applecorp/inventory_items?query=04711"),
    ("products by all their names", SEARCH, "/applecorp/inventory_items?query=zbo"),
    ("products picked", PICK, "/applecorp/inventory_items/pick?query=zbo"),
    ("requests", LIST, "/applecorp/settings/requests"),
    ("settings", LIST, "/applecorp/settings/account"),
)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
