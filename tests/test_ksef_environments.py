"""An account goes from the test environment of KSeF to the real one: what it sent there says nothing here."""

import datetime as dt
from collections.abc import Iterator
from contextlib import ExitStack, closing
from typing import Any

import msgspec
import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.errors import Given, WrongState
from faktura.core.invoices.change import change_invoice
from faktura.core.invoices.record import Invoice
from faktura.core.ksef.addresses import Environment
from faktura.core.ksef.connecting import connect
from faktura.core.ksef.connection import disconnect
from faktura.core.ksef.received import KsefReceived
from faktura.core.ksef.sendings import KsefSending, latest_sending
from faktura.core.tests.conftest import Firm
from faktura.core.todos import Todo
from faktura.outputs.e_invoices.ksef import send
from faktura.sandbox.outside.ksef.double import Double
from faktura.sandbox.outside.ksef.serving import listening
from faktura.store.database import Database
from tests.ksef_firm import KEY, TAX_NO, Queue, polish_firm, sold
from tests.ksef_received import KEY as RECEIVERS_KEY
from tests.ksef_received import Receiver

NOON = dt.datetime(2026, 11, 23, 11, tzinfo=dt.UTC)


class Places:
    """A firm, and two environments that know nothing of each other."""

    def __init__(self, firm: Firm, doubles: dict[Environment, Double], queue: Queue) -> None:
        self.firm = firm
        self.doubles = doubles
        self.queue = queue

    def go_to(self, environment: Environment) -> None:
        double = self.doubles[environment]
        given = {"environment": environment, "method": "token", "token": double.token(TAX_NO)}
        self.firm.do(lambda books: connect(books, Given(given), KEY, double=double.base))
        self.queue.work()

    def issue(self) -> Invoice:
        return self.firm.issue(sold(), issued_on=self.firm.clock.now().date())

    def send(self, *invoices: Invoice) -> None:
        for invoice in invoices:
            self.firm.do(lambda books, found=invoice: send(books, found.id))

    def work(self) -> None:
        self.queue.due()
        self.queue.until_quiet()

    def stand(self, environment: Environment, **standing: Any) -> None:
        double = self.doubles[environment]
        double.standing = msgspec.structs.replace(double.standing, **standing)

    def holds(self, environment: Environment) -> list[str]:
        return [stored.ksef_number for stored in self.doubles[environment].invoices]

    def numbers(self, *invoices: Invoice) -> list[str | None]:
        return [self.firm.again(invoice).ksef_number for invoice in invoices]

    def todos(self) -> list[str]:
        return [todo.name for todo in self.firm.do(lambda books: books.all(Todo)) if todo.done_at is None]


@pytest.fixture
def places(database: Database) -> Iterator[Places]:
    clock = Clock()
    clock.stand_at(NOON)
    names: tuple[Environment, ...] = ("test", "production")
    with ExitStack() as stack:
        doubles = {name: stack.enter_context(listening(clock)) for name in names}
        firm = polish_firm(database, clock)
        yield Places(firm, doubles, stack.enter_context(Queue(firm)))


def test_what_a_test_took_is_free_again_and_sent_to_the_real_one_once(places: Places) -> None:
    places.go_to("test")
    invoice = places.issue()
    places.send(invoice)
    places.work()
    [tried] = places.firm.do(Books.all, KsefSending)
    shown = places.firm.again(invoice).ksef
    with pytest.raises(WrongState):
        places.firm.do(change_invoice, invoice.id, Given({"note": "Jinak"}))

    places.go_to("production")

    now = places.firm.again(invoice)
    assert (now.ksef, now.ksef_number, places.firm.do(latest_sending, invoice.id)) == (None, None, None)
    [kept] = places.firm.do(Books.all, KsefSending)
    assert (kept.upo, kept.ksef_number, kept.xml) == (tried.upo, tried.ksef_number, tried.xml)
    assert kept.upo is not None
    places.firm.do(change_invoice, invoice.id, Given({"note": "Jinak"}))
    places.send(invoice)
    places.work()
    assert places.numbers(invoice) == places.holds("production")

    places.go_to("test")

    again = places.firm.again(invoice)
    assert (again.ksef, again.ksef_number) == (shown, tried.ksef_number)
    places.send(invoice)
    places.work()
    assert [len(places.holds(one)) for one in ("test", "production")] == [1, 1]


def test_what_is_on_its_way_waits_there_and_goes_on_when_the_account_comes_back(places: Places) -> None:
    places.go_to("test")
    places.stand("test", status_after_s=600)
    on_its_way, waiting, refused = places.issue(), places.issue(), places.issue()
    places.send(on_its_way)
    places.queue.work()
    places.send(waiting)
    places.stand("test", status_after_s=0)

    places.go_to("production")
    places.work()
    assert places.holds("production") == []
    assert {places.firm.again(one).ksef for one in (on_its_way, waiting)} == {None}

    places.send(on_its_way, refused)
    places.work()
    assert places.numbers(on_its_way, refused) == places.holds("production")

    places.go_to("test")
    places.work()
    assert places.numbers(on_its_way, waiting) == places.holds("test")
    assert places.numbers(refused) == [None]
    assert len(places.holds("production")) == 2
    assert all(one.upo for one in places.firm.do(Books.all, KsefSending))


def test_a_round_that_began_before_takes_nothing_along(places: Places) -> None:
    places.go_to("test")
    first, second = places.issue(), places.issue()
    places.send(first, second)
    gone: list[str] = []

    def go_on() -> None:
        if not gone:
            gone.append("production")
            double = places.doubles["production"]
            given = {"environment": "production", "method": "token", "token": double.token(TAX_NO)}
            places.firm.do(lambda books: connect(books, Given(given), KEY, double=double.base))

    places.queue.while_sending(go_on)
    places.send(first, second)
    places.work()
    assert places.numbers(first, second) == places.holds("production")
    assert len(places.holds("test")) == 1

    places.go_to("test")
    places.work()
    assert places.numbers(first, second) == places.holds("test")


def test_what_was_refused_in_a_test_needs_nobody_in_the_real_one(places: Places) -> None:
    places.go_to("test")
    places.stand("test", fail_next=(450,))
    invoice = places.issue()
    places.send(invoice)
    places.work()
    assert places.todos() == ["ksef_refused"]

    places.firm.do(disconnect)
    places.go_to("production")

    assert (places.firm.again(invoice).ksef, places.todos()) == (None, [])


def test_the_same_firm_connected_anew_in_one_environment_sends_nothing_twice(places: Places) -> None:
    places.go_to("production")
    invoice = places.issue()
    places.send(invoice)
    places.work()

    places.firm.do(disconnect)
    places.go_to("production")
    places.send(invoice)
    places.work()

    assert places.numbers(invoice) == places.holds("production")


def test_what_was_received_in_a_test_hides_nothing_of_the_real_one(database: Database, places: Places) -> None:
    test, real = places.doubles["test"], places.doubles["production"]
    receiver = Receiver(database, places.firm.clock, test, "druga")
    with closing(receiver.ksef):
        receiver.hand_in(2)
        receiver.fetch()
        given = Given({"environment": "production", "method": "token", "token": real.token(TAX_NO)})
        receiver.firm.do(lambda books: connect(books, given, RECEIVERS_KEY, double=real.base))
        receiver.double = real
        receiver.hand_in(2)
        receiver.fetch()

    kept = receiver.firm.do(Books.all, KsefReceived)
    assert [one.environment for one in kept] == ["test", "test", "production", "production"]
    assert len(receiver.inbox) == 4
