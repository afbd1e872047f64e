"""A firm that reaches KSeF, and KSeF as it answers a document in a test."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar

import pytest

from faktura.core.accounts.change import change_account
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.errors import Given
from faktura.core.invoices.find import find_invoice_by_uuid
from faktura.core.ksef.connection import KsefConnection, Side, connection_of
from faktura.core.ksef.progress import Named, Said, accept, begin, give_up, refuse
from faktura.core.ksef.received import KsefReceived, Metadata
from faktura.core.ksef.sendings import KsefSending, latest_sending
from faktura.core.people.accounts import Account
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import NOON, Json, issue
from faktura.store.records import changed
from tests.firm import Firm

T = TypeVar("T")

NUMBER = "5252248481-20261121-0100A0A0A0A0-3F"

SELLER = {"vat_no": "5252248481", "street": "Długa 7", "city": "Kraków", "postcode": "30-001", "full_name": "Gęśl"}

BUYER = {
    "client_company_name": "Jaźń sp. z o.o.",
    "client_tax_code": "9452121681",
    "client_street": "Uliczna",
    "client_street_number": "1",
    "client_city": "Kraków",
    "client_post_code": "30-002",
    "client_country": "PL",
    "client_business_activity_kind": "other_business",
}

TODAY = NOON.date()
FOR_GOOD = NOON + dt.timedelta(minutes=2)


class Ksef:
    """The firm's side of KSeF, and what KSeF says."""

    def __init__(self, client: Client, firm: Firm) -> None:
        self.client = client
        self.firm = firm

    def do(self, work: Callable[[Books], T]) -> T:
        service = self.client.service

        def in_books(tx: Any) -> T:
            now = service.clock.now()
            account = Office(tx, now).find(Account, id=self.firm.account.id)
            return work(Books(tx, account, self.firm.user.id, now))

        return service.database.write(in_books)

    def make_whole(self) -> None:
        """The firm says of itself what KSeF wants to know."""
        self.do(lambda books: change_account(books, Given(SELLER)))

    def wait(self, time: dt.timedelta) -> None:
        clock = self.client.service.clock
        clock.stand_at(clock.now() + time)

    def connect(self, **values: Any) -> None:
        usual = {"environment": "test", "api_url": "https://ksef.example/v2", "qr_url": "https://qr.ksef.example"}
        usual |= {"status_url": "https://status.ksef.example", "tax_no": "5252248481", "method": "token"}
        rights = ("InvoiceRead", "InvoiceWrite")
        self.do(lambda books: books.add(KsefConnection, **({"active": True, "rights": rights} | usual | values)))

    def change_connection(self, **values: Any) -> None:
        def work(books: Books) -> None:
            old = connection_of(books)
            assert old is not None
            books.change(old, changed(old, **values))

        self.do(work)

    def sending(self, document: Json) -> KsefSending | None:
        return self.do(lambda books: latest_sending(books, find_invoice_by_uuid(books, document["uuid"]).id))

    def answer(self, document: Json, verb: Callable[..., Any], *said: Any) -> None:
        """Let the last attempt of a document come to that."""

        def work(books: Books) -> None:
            seen = latest_sending(books, find_invoice_by_uuid(books, document["uuid"]).id)
            assert seen is not None
            verb(books, seen, *said)

        self.do(work)

    def take(self, document: Json) -> None:
        """It left."""
        self.answer(document, begin, "20261121-SO-1")

    def accept(self, document: Json, number: str = NUMBER) -> None:
        connection = self.do(connection_of)
        assert connection is not None
        self.answer(document, accept, Named(number, "20261121-SO-1"), Said(200, "Sukces"), connection)

    def refuse(self, document: Json, code: int | None = 430, text: str = "Błąd weryfikacji", *details: str) -> None:
        self.answer(document, refuse, Said(code, text, details))

    def give_up(self, document: Json) -> None:
        self.answer(document, give_up, Said(None))

    def hold(self, number: str, side: Side = "Subject2", issued_on: dt.date = TODAY, **values: Any) -> None:
        """Something was fetched."""
        said: dict[str, Any] = {
            "number": "7/11/2026",
            "kind": "Vat",
            "issued_on": issued_on,
            "seller_name": "Dostawca S.A.",
            "seller_tax_no": "5268969361",
            "buyer_name": "Gęśl",
            "buyer_tax_no": "5252248481",
            "net_total": Decimal("100.00"),
            "vat_total": Decimal("23.00"),
            "gross_total": Decimal("123.00"),
            "currency": "PLN",
            "schema": "FA (3)",
        }
        xml = values.pop("xml", b"<Faktura/>")
        kept = {"ksef_number": number, "side": side, "issued_on": issued_on, "stored_at": FOR_GOOD, "xml": xml}
        kept["environment"] = "test"
        self.do(lambda books: books.add(KsefReceived, metadata=Metadata(**(said | values)), **kept))

    def invoice(self, **values: Any) -> Json:
        """One that KSeF takes."""
        return issue(self.client, **(BUYER | values))

    def sent(self, **values: Any) -> Json:
        """One that waits to leave."""
        document = self.invoice(**values)
        answer = self.client.post(f"/invoices/{document['uuid']}/send_to_ksef.json")
        assert answer.status_code == 200, answer.text
        assert answer.json["status"] == "pending"
        return document

    def status(self, document: Json) -> Json:
        answer = self.client.get(f"/ksef2/documents/{document['uuid']}/status.json")
        assert answer.status_code == 200, answer.text
        found: Json = answer.json
        return found


@pytest.fixture(autouse=True)
def noon(client: Client) -> None:
    client.service.clock.stand_at(NOON)


@pytest.fixture
def seller(client: Client, firm: Firm) -> Ksef:
    """A firm that could be connected, and is not."""
    found = Ksef(client, firm)
    found.make_whole()
    return found


@pytest.fixture
def ksef(seller: Ksef) -> Ksef:
    """What is sent waits for an hour, in which a test says what KSeF answers."""
    seller.connect(send_delay=3600)
    return seller
