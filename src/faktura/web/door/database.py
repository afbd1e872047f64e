"""What a page asks of the database, through the core and at one instant."""

from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar, cast

from flask import Flask, current_app

from faktura.core.books.office import Office
from faktura.store.errors import Unavailable
from faktura.web.door.expired_forms import refuse_expired
from faktura.wire.service import Service

T = TypeVar("T")


def lend(app: Flask, service: Service) -> None:
    """Let the pages of an application find the service."""
    app.extensions["faktura"] = service


def service() -> Service:
    return cast("Service", current_app.extensions["faktura"])


def read(work: Callable[[Office], T]) -> T:
    lent = service()
    return lent.database.read(lambda tx: work(Office(tx, lent.clock.now(), "browser")))


def write(work: Callable[[Office], T], turn: int | None = None) -> T:
    """Work that may run several times, and is committed once before this comes back.

    `turn` is the account whose records are written, None where they are the house's.
    """
    refuse_expired()
    lent = service()
    return lent.database.write(lambda tx: work(Office(tx, lent.clock.now(), "browser")), turn)


def write_last_uses() -> None:
    """Before a page shows them; while the database takes nothing, they are older than they could be."""
    lent = service()
    with suppress(Unavailable):
        lent.last_uses.write(lent.database, lent.clock)
