"""What the tests of the pages share: a browser without scripts over an empty database on each engine."""

import io
import re
from collections.abc import Callable
from decimal import Decimal
from html import unescape
from typing import Any, TypeVar

import pytest
from flask import Flask
from werkzeug.datastructures import FileStorage
from werkzeug.test import TestResponse, encode_multipart

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact
from faktura.core.errors import Given
from faktura.core.invoices.find import find_invoice
from faktura.core.invoices.issue import issue_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.received.enter import enter_expense
from faktura.core.received.record import Expense
from faktura.outputs.printing.printer import Printer
from faktura.store.database import Database
from faktura.web import application
from faktura.web.door.database import lend
from faktura.wire.service import Service
from tests.firm import PASSWORD, Firm, open_firm

HOST = "faktura.example"
SECRET_KEY = "a key that is known to the tests alone"

T = TypeVar("T")


def without_wholes(page: str) -> str:
    """The page without what keeps numbers and days in one line."""
    return re.sub(r'<span class="whole">([^<]*)</span>', r"\1", page)


BOUNDARY = "a-line-of-dashes-and-a-number"
"""Werkzeug's own has more than the 70 characters of RFC 2046 wherever its number has many digits."""


class Browser:
    """Asks for pages, keeps cookies, and sends a form with the hidden fields of the page that it saw last."""

    def __init__(self, app: Flask, address: str = "192.0.2.1", base_url: str = f"http://{HOST}") -> None:
        self.client = app.test_client()
        self.address = address
        self.base_url = base_url
        self.hidden: dict[str, str] = {}

    def get(self, path: str, **headers: str) -> TestResponse:
        return self._open("GET", path, headers=headers)

    def head(self, path: str) -> TestResponse:
        return self._open("HEAD", path)

    def post(self, path: str, **fields: str) -> TestResponse:
        return self._open("POST", path, data=self.hidden | fields)

    def send_file(self, path: str, /, *, content: bytes, filename: str, under: str, **fields: str) -> TestResponse:
        """A form with a file in the field `under`; empty parts, which no browser writes like Werkzeug, are left out."""
        said = {name: text for name, text in (self.hidden | fields).items() if text}
        _, body = encode_multipart(said | {under: FileStorage(io.BytesIO(content), filename)}, BOUNDARY)
        return self._open("POST", path, data=body, content_type=f"multipart/form-data; boundary={BOUNDARY}")

    def post_part(self, path: str, **fields: str) -> TestResponse:
        """As a script sends a form, for a part of the page; nothing of the page is added."""
        return self._open("POST", path, data=fields, headers={"HX-Request-Type": "partial"})

    def post_bare(self, path: str, **fields: str) -> TestResponse:
        """A form that another site made."""
        return self._open("POST", path, data=fields)

    def sign_in(self, email: str, password: str = PASSWORD, then: str = "/") -> TestResponse:
        self.get("/sign-in")
        return self.post("/sign-in", email=email, password=password, next=then)

    @property
    def cookie(self) -> str | None:
        """What the browser keeps of the pages, as it would be stolen."""
        for name in ("faktura", "__Host-faktura"):
            if cookie := self.client.get_cookie(name, HOST):
                return cookie.value
        return None

    def _open(self, method: str, path: str, **options: Any) -> TestResponse:
        remote = {"REMOTE_ADDR": self.address}
        answer = self.client.open(path, method=method, base_url=self.base_url, environ_overrides=remote, **options)
        if answer.content_type.startswith("text/html"):
            self.hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', answer.text))
            self.hidden = {name: unescape(value) for name, value in self.hidden.items()}
        return answer


def in_office(service: Service, work: Callable[[Office], T]) -> T:
    return service.database.write(lambda tx: work(Office(tx, service.clock.now())))


def in_books(service: Service, firm: Firm, work: Callable[[Books], T]) -> T:
    now = service.clock.now()
    return service.database.write(lambda tx: work(Books(tx, firm.account, firm.user.id, now)))


def add(service: Service, firm: Firm, name: str, **values: Any) -> Contact:
    """A contact of the firm's."""
    return in_books(service, firm, lambda books: add_contact(books, Given({"name": name} | values)))


def issue(service: Service, firm: Firm, buyer: Contact | str = "Odběratel a.s.", **values: Any) -> Invoice:
    """A document of the firm's over 100 and 21 %, unless other lines are given."""
    contact = add(service, firm, buyer) if isinstance(buyer, str) else buyer
    line = Given({"name": "Práce", "unit_price": Decimal(100), "vat_rate": Decimal(21)})
    given = Given({"contact_id": contact.id, "lines": [line]} | values)
    return in_books(service, firm, lambda books: issue_invoice(books, given))


def enter(service: Service, firm: Firm, supplier: Contact, **values: Any) -> Expense:
    """An expense over 100 and 21 %, unless lines are given."""
    line = Given({"name": "Benzin", "unit_price": Decimal(100), "vat_rate": Decimal(21)})
    given = Given({"contact_id": supplier.id, "lines": [line]} | values)
    return in_books(service, firm, lambda books: enter_expense(books, given))


def again(service: Service, firm: Firm, invoice: Invoice) -> Invoice:
    """The document as it is now."""
    return in_books(service, firm, lambda books: find_invoice(books, invoice.id))


@pytest.fixture(scope="session")
def built() -> list[Flask]:
    """Where the first test puts the pages that it has built, whose templates are compiled once."""
    return []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(database: Database, clock: Clock, printer: Printer) -> Service:
    return Service(database, clock, f"http://{HOST}", printer=printer, secret_key=SECRET_KEY)


@pytest.fixture
def app(service: Service, built: list[Flask]) -> Flask:
    if not built:
        built.append(application(service))
    lend(built[0], service)
    return built[0]


@pytest.fixture
def firm(database: Database, clock: Clock) -> Firm:
    return open_firm(database, clock, language="en")


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Nobody is signed in yet."""
    return Browser(app)


@pytest.fixture
def owner(app: Flask, firm: Firm) -> Browser:
    """The firm's owner is signed in."""
    browser = Browser(app)
    assert browser.sign_in(firm.user.email).status_code == 303
    return browser
