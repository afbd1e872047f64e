"""What tests of KSeF do in the pages of a Polish firm: its connection, and documents that have come so far."""

import datetime as dt
import re
from decimal import Decimal
from typing import Any

from faktura.core.books.books import Books
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connection import KsefConnection
from faktura.core.ksef.mark import LIVE, KsefMark, SendingState
from faktura.core.ksef.sendings import KsefSending
from faktura.store.records import changed
from faktura.web.tests.conftest import add, again, in_books, issue
from faktura.wire.service import Service
from tests.firm import Firm

NOON = dt.datetime(2026, 11, 20, 11, tzinfo=dt.UTC)

SELLER = {
    "name": "Firma sp. z o.o.",
    "vat_no": "1234563218",
    "street": "Długa 1",
    "city": "Kraków",
    "postcode": "30-001",
}
BUYER = {"vat_no": "1111111111", "street": "Prosta 3", "city": "Warszawa", "postcode": "00-001"}


def connect(service: Service, firm: Firm, **values: Any) -> KsefConnection:
    said = {"environment": "test", "tax_no": SELLER["vat_no"], "method": "token", "active": True} | values
    urls = dict.fromkeys(("api_url", "qr_url", "status_url"), "https://ksef.example")
    return in_books(service, firm, lambda books: books.add(KsefConnection, **urls, **said))


def put(service: Service, firm: Firm, invoice: Invoice, state: SendingState, **values: Any) -> None:
    """An attempt of the document in this state, as the queue keeps it."""

    def work(books: Books) -> None:
        now = books.find(Invoice, invoice.id)
        said = {"attempt": 1, "kind": "VAT", "number": now.number, "xml": b"<Faktura/>", "digest": "digest"}
        said["environment"] = "test"
        said |= {"not_before": books.now, "next_at": books.now, "uuid": f"{now.id}-{state}", "invoice_id": now.id}
        said |= {"live_invoice_id": now.id if state in LIVE else None}
        books.add(KsefSending, **(said | {"state": state} | values))
        mark = KsefMark(state, "https://qr.example/invoice")
        books.change(now, changed(now, ksef=mark, ksef_number=values.get("ksef_number")))

    in_books(service, firm, work)


def sold(service: Service, firm: Firm, **values: Any) -> Invoice:
    line = Given({"name": "Usługa", "unit_price": Decimal(100), "vat_rate": Decimal(23)} | values)
    return issue(service, firm, add(service, firm, "Nabywca SA", **BUYER), lines=[line])


def state_of(service: Service, firm: Firm, invoice: Invoice) -> SendingState | None:
    mark = again(service, firm, invoice).ksef
    return mark.state if mark else None


def card(page: str) -> str:
    """What the page of a document says of KSeF, in one line."""
    [section] = re.findall(r'<section class="card" id="ksef">.*?</section>', page, re.DOTALL)
    return " ".join(re.sub(r"<[^>]*>", " ", section).split())
