"""A worker that fetches from KSeF, and dies where an order says."""

import datetime as dt

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.core.clock import Clock
from faktura.core.ksef.receive import JOB
from faktura.jobs import fetch_from_ksef, handlers
from faktura.outside.ksef.line import Ksef
from faktura.store.database import open_database
from faktura.worker import Worker
from tests.ksef_received import KEY, reach
from tests.proofs.dying import Workers, die_at, serve_orders

BEFORE = {
    "invoices are fetched, and none is kept": "_keep",
    "a package is made, and not fetched": "fetched",
    "all of a side is here, and that is not written": "note_fetched",
}
AFTER = {
    "a package is asked for, and nobody knows its name": "ask_for_export",
    "it is known that a package is made": "package_of",
    "one invoice is fetched": "fetch_one",
    "invoices are kept, and not committed": "keep",
    "invoices are kept, and the rest is not": "_keep",
}
"""Points before and after a function of the job is called."""

POINTS = (*BEFORE, *AFTER)


class Receivers(Workers):
    """Orders workers that fetch."""

    def __init__(self) -> None:
        super().__init__("tests.proofs.dying_receiver")

    def work(self, url: str, now: dt.datetime, point: str | None = None, times: int = 1) -> bool:
        """Do what is due at an instant; whether the worker was killed, so many times after it came to the point."""
        return self.order(url, now.isoformat(), point, times)


def work(url: str, now: str, point: str | None, times: int) -> None:
    """Do what is due at an instant that stands still."""
    if point is not None:
        die_at(fetch_from_ksef, (BEFORE | AFTER)[point], times, before=point in BEFORE)
    clock = Clock()
    clock.stand_at(dt.datetime.fromisoformat(now))
    worker = Worker(open_database(url), clock, {JOB: handlers()[JOB]}, reach(Ksef(KEY)))
    while worker.do_next():
        pass


if __name__ == "__main__":
    serve_orders(work)
