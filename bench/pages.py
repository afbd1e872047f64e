"""What pages cost the server in processor time, where one account has 10,000 contacts and 100,000 documents.

`.venv/bin/python -m bench.pages [contacts documents]` fills SQLite and prints the median and the worst of each page
beside its mark, in milliseconds.
"""

import datetime as dt
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from functools import partial
from http import HTTPStatus
from pathlib import Path
from typing import TypeVar

from werkzeug.test import TestResponse

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact
from faktura.core.errors import Given
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.store import schema
from faktura.store.database import Database, open_database
from faktura.store.records import changed
from faktura.web import application
from faktura.web.tests.conftest import HOST, Browser
from faktura.wire.service import Service
from tests.firm import Firm, open_firm

T = TypeVar("T")

CONTACTS, DOCUMENTS = 10_000, 100_000
AT_ONCE = 5_000
ROUNDS = 15

CITIES = ("Praha", "Brno", "Ostrava", "Plzeň", "Liberec", "Olomouc", "Zlín", "Písek")


def filled(database: Database, firm: Firm, clock: Clock, contacts: int, documents: int) -> None:
    """Copies of one contact and of one document, each with a name, number, day and amount of its own."""
    who = _do(database, firm, clock, lambda books: add_contact(books, Given({"name": "Vzor", "city": "Praha"})))
    line = Given({"name": "Práce", "unit_price": Decimal(100), "vat_rate": Decimal(21)})
    given = Given({"contact_id": who.id, "lines": [line]})
    first = _do(database, firm, clock, lambda books: issue_invoice(books, given))
    ids: list[int] = []
    for start in range(0, contacts, AT_ONCE):
        places = range(start, min(start + AT_ONCE, contacts))
        ids += _do(database, firm, clock, partial(_contacts, who=who, places=places))
    for start in range(0, documents, AT_ONCE):
        places = range(start, min(start + AT_ONCE, documents))
        _do(database, firm, clock, partial(_documents, first=first, contact_ids=ids, places=places))


def _contacts(books: Books, who: Contact, places: range) -> list[int]:
    ids = books.next_ids(Contact, len(places))
    books.tx.insert_all(
        [
            changed(
                who,
                id=record_id,
                uuid=f"c{place}",
                name=f"Firma {place:05} s.r.o.",
                city=CITIES[place % len(CITIES)],
                registration_no=f"{10_000_000 + place}",
            )
            for place, record_id in zip(places, ids, strict=True)
        ]
    )
    return ids


def _documents(books: Books, first: Invoice, contact_ids: list[int], places: range) -> None:
    ids = books.next_ids(Invoice, len(places))
    books.tx.insert_all([_document(books, first, contact_ids, *one) for one in zip(places, ids, strict=True)])


def _document(books: Books, first: Invoice, contact_ids: list[int], place: int, record_id: int) -> Invoice:
    """Nine of ten are paid; half of the others are late."""
    day = books.today - dt.timedelta(days=place // 100)
    paid, amount = place % 10 > 0, Decimal(place % 5000 + 100)
    due_on = books.today + dt.timedelta(days=10 if place % 20 else -10)
    return changed(
        first,
        id=record_id,
        uuid=f"d{place}",
        token=f"t{place}",
        number=f"OLD-{place:06}",
        variable_symbol=f"9{place:06}",
        counter=None,
        period=None,
        contact_id=contact_ids[place % len(contact_ids)],
        buyer_name=f"Firma {place % len(contact_ids):05} s.r.o.",
        buyer_city=CITIES[place % len(CITIES)],
        issued_on=day,
        taxable_on=day,
        due_on=due_on,
        net_total=amount,
        gross_total=amount,
        native_gross_total=amount,
        status="paid" if paid else ("open" if place % 20 else "overdue"),
        paid_on=day if paid else None,
        paid_amount=amount if paid else Decimal(0),
        left_to_pay=Decimal(0) if paid else amount,
    )


def _do(database: Database, firm: Firm, clock: Clock, work: Callable[[Books], T]) -> T:
    return database.write(lambda tx: work(Books(tx, firm.account, firm.user.id, clock.now())))


def main(contacts: int = CONTACTS, documents: int = DOCUMENTS) -> None:
    with tempfile.TemporaryDirectory() as folder:
        clock = Clock()
        database = open_database(f"sqlite:///{Path(folder) / 'pages.db'}")
        schema.prepare(database)
        firm = open_firm(database, clock)
        began = time.monotonic()
        filled(database, firm, clock, contacts, documents)
        print(f"filled in {time.monotonic() - began:.0f} s", flush=True)
        service = Service(database, clock, f"http://{HOST}")
        browser = Browser(application(service))
        browser.sign_in(firm.user.email)
        measure(browser)
        database.close()


def measure(browser: Browser) -> None:
    for name, mark, path in PAGES:
        times = [_cost(partial(browser.get, path)) for _ in range(ROUNDS + 1)][1:]
        print(f"{name:28} mark {mark:3}  median {statistics.median(times):6.1f}  worst {max(times):6.1f}", flush=True)


def _cost(ask: Callable[[], TestResponse]) -> float:
    """Milliseconds of the processor, whatever else the machine does."""
    began = time.process_time()
    answer = ask()
    cost = (time.process_time() - began) * 1000
    if answer.status_code != HTTPStatus.OK:
        raise SystemExit(answer.status)
    return cost


PAGES = (
    ("contacts", 25, "/applecorp/subjects"),
    ("contacts, by city", 40, "/applecorp/subjects?query=pisek"),
    ("contacts, one", 40, "/applecorp/subjects?query=Firma+04711"),
    ("pick", 20, "/applecorp/subjects/pick?query=firma+04"),
    ("pick of nothing typed", 20, "/applecorp/subjects/pick"),
    ("documents", 25, "/applecorp/invoices"),
    ("documents, unpaid", 25, "/applecorp/invoices?part=unpaid"),
    ("documents, overdue", 25, "/applecorp/invoices?part=overdue"),
    ("documents, one", 40, "/applecorp/invoices?query=OLD-04711"),
    ("documents, by amount", 40, "/applecorp/invoices?query=4711"),
    ("documents, by city", 40, "/applecorp/invoices?query=pisek"),
    ("search of everything", 40, "/applecorp/search?query=04711"),
    ("overview", 60, "/applecorp"),
    ("new document", 30, "/applecorp/invoices/new"),
)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
