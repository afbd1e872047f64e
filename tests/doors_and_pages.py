"""A Polish firm at both machine doors and on the pages, over one database: what one of them does, the others show."""

import re
from typing import Any

import pypdfium2
from flask import Flask

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.api_keys import add_api_key
from faktura.outputs.printing.printer import Printer
from faktura.store.database import Database
from faktura.web import application
from faktura.web.door.database import lend
from faktura.web.tests.conftest import SECRET_KEY, Browser
from faktura.wire.service import Service
from tests.firm import Firm, open_firm
from tests.test_documents_two_doors import Doors, Values

SCOPES = (
    *("api:invoices:read", "api:invoices:write", "api:clients:read", "api:clients:write"),
    *("api:sensitive:bank_accounts:read", "api:sensitive:bank_accounts:write"),
)


class House:
    """`doors` are the two of programs, `owner` the browser of whoever owns the firm."""

    def __init__(self, database: Database, printer: Printer, clock: Clock) -> None:
        self.service = Service(database, clock, "http://faktura.example", printer=printer, secret_key=SECRET_KEY)
        said: dict[str, Any] = {"street": "Krótka 2", "city": "Warszawa", "postcode": "00-001", "vat_no": "5252248481"}
        said |= {"country": "PL", "currency": "PLN", "invoice_language": "pl"}
        self.firm = open_firm(database, clock, language="en", vat_rate=23, **said)
        self.doors = Doors(self.service, self.firm, _key(database, clock, self.firm))
        self.owner = Browser(pages_over(self.service))
        assert self.owner.sign_in(self.firm.user.email).status_code == 303

    def page(self, document_id: int) -> str:
        """As its owner sees it, without what keeps numbers in one line."""
        return without_marks(self.owner.get(f"/applecorp/invoices/{document_id}").text)

    def paper(self, resource: str, document: Values) -> str:
        """What stands on the print of the second door."""
        path = f"/{resource}/{document['uuid']}/pdf.json?document_type=original"
        answer = self.doors.ask_second("GET", path)
        assert answer.status_code == 200, answer.text
        return text_of(answer.content)


def text_of(content: bytes) -> str:
    pages = pypdfium2.PdfDocument(content)
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    return text.replace("\N{NO-BREAK SPACE}", " ").replace("\r\n", "\n")


def without_marks(page: str) -> str:
    return re.sub(r"<[^>]+>", "", page.replace("\N{NO-BREAK SPACE}", " "))


_BUILT: list[Flask] = []


def pages_over(service: Service) -> Flask:
    """The pages, built for the first test that asked, and lent the service of this one."""
    if not _BUILT:
        _BUILT.append(application(service))
    lend(_BUILT[0], service)
    return _BUILT[0]


def _key(database: Database, clock: Clock, firm: Firm) -> str:
    return database.write(lambda tx: add_api_key(Office(tx, clock.now()), firm.account, firm.user, "tests", SCOPES))
