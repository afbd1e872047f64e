"""A Polish firm and a double of KSeF: what the line of an account does there."""

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.errors import Given
from faktura.core.ksef.connecting import connect
from faktura.core.ksef.connection import KsefConnection, required_connection
from faktura.core.ksef.pace import Sort
from faktura.core.people.accounts import Account
from faktura.jobs import Errand, Reach, handlers
from faktura.outside.ksef.line import Ksef, Line
from faktura.sandbox.outside.ksef.double import Double
from faktura.sandbox.outside.ksef.serving import listening
from faktura.store.database import Database
from faktura.worker import Worker
from tests.firm import open_firm

T = TypeVar("T")

TAX_NO = "1234563218"
KEY = "k" * 40
NOON = dt.datetime(2026, 11, 30, 11, tzinfo=dt.UTC)
SECOND, HOUR = dt.timedelta(seconds=1), dt.timedelta(hours=1)


class Connected:
    """The account, the double that it reaches, and a process that reaches it."""

    def __init__(self, database: Database, clock: Clock, account: Account, double: Double) -> None:
        self.database = database
        self.clock = clock
        self.account = account
        self.double = double
        self.ksef = Ksef(KEY)

    def do(self, verb: Callable[..., T], *arguments: Any, **named: Any) -> T:
        account, clock = self.account, self.clock
        return self.database.write(lambda tx: verb(Books(tx, account, None, clock.now()), *arguments, **named))

    def connection(self) -> KsefConnection:
        return self.do(required_connection)

    @property
    def errand(self) -> Errand:
        return Errand(self.database, self.clock, self.account.id, Reach(ksef=self.ksef, secret_key=KEY), "test")

    def connect(self, **given: Any) -> KsefConnection:
        return self.do(connect, Given({"environment": "test"} | given), KEY, double=self.double.base)

    def connect_by_token(self, token: str = "") -> KsefConnection:
        return self.connect(method="token", token=token or self.double.token(TAX_NO))

    def connect_by_certificate(self) -> KsefConnection:
        pair = self.double.certificate(TAX_NO)
        return self.connect(method="certificate", certificate=pair[0], private_key=pair[1])

    def line(self) -> Line:
        return self.ksef.line(self.errand)

    def ask(self, sort: Sort = "other") -> Any:
        """One call that everybody may make who is let in, counted as one of this sort."""
        return self.line().call(sort, lambda client, access: client.limits.get_context_limits(access))

    def work(self) -> None:
        """Do the jobs that are due."""
        Worker(self.database, self.clock, handlers(), self.errand.reach).do_due(20)

    def as_another_process(self, key: str = KEY) -> None:
        self.ksef.close()
        self.ksef = Ksef(key)

    def pass_time(self, time: dt.timedelta) -> None:
        self.clock.stand_at(self.clock.now() + time)


@pytest.fixture
def firm(database: Database) -> Iterator[Connected]:
    clock = Clock()
    clock.stand_at(NOON)
    account = open_firm(database, clock, "sprzedawca", country="PL", vat_no=TAX_NO).account
    with listening(clock) as double:
        connected = Connected(database, clock, account, double)
        yield connected
        connected.ksef.close()
