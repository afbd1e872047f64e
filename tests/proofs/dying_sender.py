"""A worker that sends to KSeF, and dies where an order says."""

import datetime as dt
import random
from typing import Any

import ksef_client.exceptions
import ksef_client.services.auth
import ksef_client.services.xades  # noqa: F401 (imported once, not by each worker)

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.core.clock import Clock
from faktura.core.ksef import progress
from faktura.core.ksef.sendings import SEND
from faktura.jobs import Reach, handlers
from faktura.outside.http import Client
from faktura.outside.ksef import batches, sessions
from faktura.outside.ksef.line import Ksef
from faktura.store.database import open_database
from faktura.worker import Worker
from tests.ksef_firm import KEY
from tests.proofs.dying import Workers, die_at, serve_orders

BEFORE: dict[str, tuple[Any, str]] = {
    "it is written where it goes, and it has not left": (sessions, "send_invoice"),
    "it was named, and nobody has looked at it": (sessions, "look_at"),
    "it was accepted, and has no receipt": (sessions, "receipt_of"),
    "it is lost, or uploaded, and its session is open": (sessions, "close_session"),
    "it is written into which package all go, and nothing has left": (batches, "upload"),
}
"""Points before something is called."""

AFTER: dict[str, tuple[Any, str]] = {
    "a session is open, and nobody knows of it": (sessions, "open_session"),
    "it has left, and its name is not written": (sessions, "send_invoice"),
    "it was decided, and that is not written": (sessions, "look_at"),
    "its receipt was given out, and is not kept": (sessions, "receipt_of"),
    "its session is closed, and nobody has looked into it": (sessions, "close_session"),
    "its number is ready, and not committed": (progress, "accept"),
    "a package has its session, and nobody knows of it": (batches, "open_batch"),
    "some parts of a package have left, or all": (batches, "upload"),
    "it is written into which package some go": (progress, "begin"),
}
"""Points after something was called."""

POINTS = (*BEFORE, *AFTER)

ONE_BY_ONE, IN_PACKAGES = {"open_session", "send_invoice", "look_at"}, {"open_batch", "upload", "begin"}
"""What is called by a worker of that sort alone, or most of all."""

A_PACKAGE = 2
A_PART = 2_000
"""From how many documents on a worker that sends in packages makes one; bytes of a part of it."""


class Sender(Workers):
    """Orders workers that send."""

    def __init__(self) -> None:
        super().__init__("tests.proofs.dying_sender")

    def work(self, url: str, now: dt.datetime, point: str | None, times: int = 1, *, in_packages: bool = False) -> bool:
        """Do what is due at an instant; whether it was killed, the so many-th time that it came to the point."""
        return self.order(url, now.isoformat(), point, times, in_packages)


def work(url: str, now: str, point: str | None, times: int, in_packages: bool) -> None:  # noqa: FBT001 (an order)
    """Do what is due at an instant that stands still."""
    if in_packages:
        batches.MORE_THAN, batches.LARGEST_PART = A_PACKAGE - 1, A_PART
    if point is not None:
        die_at(*(BEFORE | AFTER)[point], times, before=point in BEFORE)
    clock = Clock()
    clock.stand_at(dt.datetime.fromisoformat(now))
    reach = Reach(ksef=Ksef(KEY), client=Client(loopback=True))
    worker = Worker(open_database(url), clock, {SEND: handlers()[SEND]}, reach)
    while worker.do_next("ksef"):
        pass


REACHED_FROM = {"look_at": "sent", "accept": "sent", "receipt_of": "accepted", "close_session": "sending"}
"""In which state a document is that lets a worker come to a call; where nothing is said, it waits."""


def reached_from(point: str) -> str:
    """In which state of a document a worker most often comes to a point."""
    return REACHED_FROM.get((BEFORE | AFTER)[point][1], "waiting")


def in_packages(point: str, chance: random.Random) -> bool:
    """Whether the worker that is to die at a point sends in packages."""
    _, name = (BEFORE | AFTER)[point]
    return name in IN_PACKAGES or (name not in ONE_BY_ONE and chance.random() < 0.5)


if __name__ == "__main__":
    serve_orders(work)
