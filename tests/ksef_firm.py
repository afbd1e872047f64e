"""A Polish firm that is connected to KSeF, and what it sells."""

import datetime as dt
from collections.abc import Callable
from typing import Any, Self

import msgspec
import pytest

from faktura.core.accounts.change import change_account
from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import Job
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.connecting import connect
from faktura.core.ksef.connection import KsefConnection, note_sign_in
from faktura.core.ksef.sendings import SEND, KsefSending, latest_sending
from faktura.core.tests.conftest import Firm, line
from faktura.core.todos import Todo
from faktura.jobs import Reach, handlers, ksef_due
from faktura.outputs.e_invoices.ksef import send
from faktura.outside.http import Client
from faktura.outside.ksef import sessions
from faktura.outside.ksef.line import Ksef
from faktura.sandbox.outside.ksef.double import Double
from faktura.store.database import Database
from faktura.worker import Worker
from tests.firm import open_firm

TAX_NO = "1234563218"
KEY = "a key that seals secrets"
MONDAY = dt.datetime(2026, 11, 23, 11, tzinfo=dt.UTC)
SELLER = {
    "name": "Firma Testowa sp. z o.o.",
    "vat_no": TAX_NO,
    "street": "Długa 1/2",
    "city": "Kraków",
    "postcode": "30-001",
}
BUYER = {"name": "Nabywca SA", "vat_no": "1111111111", "street": "Prosta 3", "city": "Warszawa", "postcode": "00-001"}
NOWHERE = {"api_url": "https://api.example", "qr_url": "https://qr.example", "status_url": "https://status.example"}


def polish_firm(database: Database, clock: Clock, slug: str = "firma") -> Firm:
    """One that is not connected."""
    firm = Firm(database, open_firm(database, clock, slug, country="PL", currency="PLN").account, clock)
    firm.account = firm.do(change_account, Given(SELLER))
    firm.contact = firm.do(add_contact, Given(BUYER))
    return firm


def connected(firm: Firm, **values: Any) -> KsefConnection:
    """As if it had signed in."""
    usual = {"environment": "test", "tax_no": TAX_NO, "method": "token", "active": True, **NOWHERE}
    return firm.do(lambda books: _added(books, usual | values))


def _added(books: Books, values: dict[str, Any]) -> KsefConnection:
    return books.add(KsefConnection, **values)


def sold(price: str | int = 100, **values: Any) -> Given:
    return line(price, 23, **({"name": "Usługa", "unit": "szt."} | values))


def connected_to(double: Double, firm: Firm, **wishes: Any) -> KsefConnection:
    """Connected by a certificate of the double's; it was let in once."""
    pair = double.certificate(TAX_NO)
    secrets = {"certificate": pair.certificate, "private_key": pair.key}
    given = Given({"environment": "test", "method": "certificate", **secrets, **wishes})
    firm.do(lambda books: connect(books, given, KEY, double=double.base))
    kept = firm.do(note_sign_in, None)
    assert kept is not None
    return kept


class Queue:
    """A worker that sends what a firm has in its queue, and moves the clock where nothing is due."""

    def __init__(self, firm: Firm) -> None:
        self._firm = firm
        self._ksef = Ksef(KEY)
        names = {SEND, "mail_accepted", "queue_for_ksef", "check_ksef"}
        chosen = {name: handler for name, handler in handlers().items() if name in names}
        reach = Reach(ksef=self._ksef, client=Client(loopback=True), public_url="https://f.example")
        self._worker = Worker(firm.database, firm.clock, chosen, reach)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._ksef.close()

    def jobs(self) -> list[Job]:
        found = self._firm.do(lambda books: books.all(Job))
        return [job for job in found if job.name == SEND and job.waits_until is not None]

    def work(self) -> None:
        """Do what is due now."""
        while self._worker.do_next():
            pass

    def step(self) -> bool:
        """Do what is due next, whenever that is; whether there was something."""
        self.work()
        times = [job.waits_until for job in self.jobs() if job.waits_until is not None]
        if times and min(times) > self._firm.clock.now():
            self._firm.clock.stand_at(min(times))
        return bool(times)

    def until_quiet(self) -> None:
        while self.step():
            pass

    def until(self, instant: dt.datetime) -> None:
        """Do all that is due before an instant, and let that come."""
        self.work()
        while (times := [job.waits_until for job in self.jobs() if job.waits_until]) and min(times) <= instant:
            self._firm.clock.stand_at(max(min(times), self._firm.clock.now()))
            self.work()
        self._firm.clock.stand_at(instant)

    def while_sending(self, happens: Callable[[], None]) -> None:
        """Do what is due; something happens after a document was made ready and before it leaves."""
        self.while_calling(sessions, "send_invoice", happens)

    def while_calling(self, module: Any, name: str, happens: Callable[[], None]) -> None:
        """Do what is due; something happens before each call of this name."""
        call = getattr(module, name)

        def call_then(*arguments: Any) -> Any:
            happens()
            return call(*arguments)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(module, name, call_then)
            self.work()

    def due(self) -> None:
        """What the house does every ten minutes."""
        now = self._firm.clock.now()
        self._firm.database.write(lambda tx: ksef_due.do(Office(tx, now)))


def sent(firm: Firm, **values: Any) -> Invoice:
    invoice = firm.issue(sold(), issued_on=firm.clock.now().date(), **values)
    firm.do(lambda books: send(books, invoice.id))
    return invoice


def last(firm: Firm, invoice: Invoice) -> KsefSending:
    found = firm.do(latest_sending, invoice.id)
    assert found is not None
    return found


def todos(firm: Firm) -> list[str]:
    return [todo.name for todo in firm.do(lambda books: books.all(Todo)) if todo.done_at is None]


def stand(double: Double, **standing: Any) -> None:
    double.standing = msgspec.structs.replace(double.standing, **standing)


def require_once(double: Double, firm: Firm, *invoices: Invoice) -> None:
    """KSeF holds each of them once, and we know by which number."""
    numbers = [firm.again(invoice).ksef_number for invoice in invoices]
    assert None not in numbers
    assert [stored.ksef_number for stored in double.invoices] == numbers
    assert [stored.xml for stored in double.invoices] == [last(firm, invoice).xml for invoice in invoices]
