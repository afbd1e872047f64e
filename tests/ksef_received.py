"""A Polish firm whose worker asks a double of KSeF what there is for it."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import Job
from faktura.core.clock import Clock
from faktura.core.errors import Given
from faktura.core.ksef.connecting import connect
from faktura.core.ksef.connection import connection_of
from faktura.core.ksef.receive import SIDES
from faktura.core.ksef.received import KsefReceived
from faktura.core.received.record import Expense
from faktura.core.received.scans import INBOX
from faktura.jobs import Reach, handlers
from faktura.outside.http import Client
from faktura.outside.ksef.line import Ksef
from faktura.sandbox.outside.ksef.double import Double
from faktura.sandbox.outside.ksef.serving import listening
from faktura.sandbox.outside.ksef.standing import Handed
from faktura.store.database import Database
from faktura.store.every import every
from faktura.store.records import changed
from faktura.worker import Worker
from tests.ksef_firm import TAX_NO, polish_firm

NOON = dt.datetime(2026, 11, 21, 11, tzinfo=dt.UTC)
KEY = "k" * 32

RECEIVING = ("check_ksef", "fetch_from_ksef", "fetch_due_from_ksef")


class Receiver:
    """The firm, the double, and a worker that does nothing but receive."""

    def __init__(
        self, database: Database, clock: Clock, double: Double, slug: str = "firma", tax_no: str = TAX_NO
    ) -> None:
        self.double, self.tax_no = double, tax_no
        self.firm = polish_firm(database, clock, slug)
        given = {"environment": "test", "method": "token", "token": double.token(tax_no), "tax_no": tax_no}
        self.firm.do(lambda books: connect(books, Given(given), KEY, double=double.base))
        self.ksef = Ksef(KEY)
        self.worker = Worker(database, clock, {name: handlers()[name] for name in RECEIVING}, reach(self.ksef))
        self.worker.do_next()

    def change(self, **values: Any) -> None:
        """Of the connection, whatever says it."""

        def work(books: Books) -> None:
            old = connection_of(books)
            assert old is not None
            books.change(old, changed(old, **values))

        self.firm.do(work)

    def hand_in(self, count: int, first: int = 1, **values: Any) -> list[str]:
        handed = (
            Handed(number=f"Z/{n}", **{"buyer_tax_no": self.tax_no} | values) for n in range(first, first + count)
        )
        return self.double.hand_in(*handed)

    def fetch(self, *sides: str, most: int = 1000) -> None:
        """Until nothing is left to do, waiting as long as is wanted."""
        self.firm.do(lambda books: books.later("fetch_from_ksef", list(sides or SIDES)))
        for _ in range(most):
            self.work()
            waiting = [job.waits_until for job in self.jobs() if job.waits_until is not None]
            if not waiting:
                return
            self.firm.clock.stand_at(max(min(waiting), self.firm.clock.now()))
        message = f"still waits: {self.jobs()}"
        raise AssertionError(message)

    def work(self) -> None:
        """What is due."""
        while self.worker.do_next():
            pass

    def jobs(self) -> list[Job]:
        rows = self.firm.database.read(lambda tx: [Job(*row) for some in every(tx, Job) for row in some])
        return [job for job in rows if job.name in RECEIVING and job.account_id == self.firm.account.id]

    @property
    def inbox(self) -> list[Expense]:
        return self.firm.do(Books.all, Expense, INBOX)

    @property
    def kept(self) -> list[KsefReceived]:
        return self.firm.do(Books.all, KsefReceived)

    def numbers(self) -> list[str]:
        return [one.ksef_number for one in self.kept]


def reach(ksef: Ksef) -> Reach:
    return Reach(client=Client(loopback=True), ksef=ksef, secret_key=KEY)


@contextmanager
def received_by(database: Database) -> Iterator[Receiver]:
    clock = Clock()
    clock.stand_at(NOON)
    with listening(clock) as double:
        receiver = Receiver(database, clock, double)
        try:
            yield receiver
        finally:
            receiver.ksef.close()
