"""What KSeF holds for the firm is kept, each invoice once; those of its suppliers stand in the inbox until booked."""

import base64
import datetime as dt
import hashlib
from collections.abc import Collection, Sequence
from typing import NamedTuple

import sqlalchemy as sa

from faktura.core.books import jobs_to_do
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.documents.attachments import GivenFile
from faktura.core.documents.media_types import XML
from faktura.core.documents.record import Seller
from faktura.core.errors import NotFound, WrongState
from faktura.core.ksef.connection import (
    KsefConnection,
    Mark,
    Side,
    active_connection,
    connection_of,
    required_connection,
)
from faktura.core.ksef.mark import LIVE
from faktura.core.ksef.received import KsefReceived, Metadata
from faktura.core.ksef.sendings import COUNTS, KsefSending
from faktura.core.received.extraction import NOTHING_READ, Unread, extraction_of
from faktura.core.received.received_invoice import ReceivedInvoice
from faktura.core.received.record import Expense
from faktura.core.received.scans import SCANNED, keep_scan
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import changed
from faktura.store.statements import Query
from faktura.store.transaction import columns_of

JOB = "fetch_from_ksef"

BEGINNING = dt.datetime(2026, 2, 1, tzinfo=dt.UTC)
"""Since then the system takes invoices of its second version, and nothing older is in it."""

SIDES: tuple[Side, ...] = ("Subject2", "Subject1", "Subject3")
"""In the order in which they are fetched: what is to be paid comes first."""

ONCE_A_DAY = dt.timedelta(days=1)

FROM_KSEF = Condition("source", "eq", "ksef")
WAITING = Selection(
    (SCANNED, FROM_KSEF), order=tuple(Order(name, descending=True) for name in ("issued_on", "number", "id"))
)
"""Invoices of suppliers that nobody has booked yet."""


class Fetched(NamedTuple):
    """An invoice as KSeF handed it over, and what was read in it; `is_cost` says that the firm is to pay it."""

    ksef_number: str
    stored_at: dt.datetime
    metadata: Metadata
    xml: bytes
    is_cost: bool
    told: ReceivedInvoice | None = None
    unread: Unread | None = None


def sides_due(connection: KsefConnection, now: dt.datetime) -> tuple[Side, ...]:
    """Those whose turn has come; what third parties see is looked at once a day."""
    if not connection.active or not connection.receive:
        return ()
    every = dt.timedelta(minutes=connection.receive_every)
    turns: dict[Side, tuple[dt.datetime | None, dt.timedelta]] = {
        "Subject2": (connection.costs_fetched_at, every),
        "Subject1": (connection.incomes_fetched_at, every),
        "Subject3": (_marked(connection, "Subject3"), ONCE_A_DAY),
    }
    return tuple(side for side in SIDES if _is_due(*turns[side], now))


def accounts_due(office: Office) -> list[int]:
    """Accounts in which there is something to look for."""
    connections = office.tx.records(KsefConnection, _RECEIVING)
    return [one.account_id for one in connections if sides_due(one, office.now)]


def fetch_now(books: Books) -> None:
    """Look for all sides as soon as possible, whoever looked last.

    Raises:
        WrongState: there is no connection, or it is not active.

    """
    active_connection(books)
    if not jobs_to_do.is_put(books.tx, books.account.id, JOB):
        books.later(JOB, SIDES)


def mark_of(connection: KsefConnection, side: Side) -> dt.datetime:
    """Everything before it was fetched."""
    return _marked(connection, side) or BEGINNING


def within(connection: KsefConnection) -> Condition:
    """What is of the environment of a connection."""
    return Condition("environment", "eq", connection.environment)


def known_among(books: Books, connection: KsefConnection, ksef_numbers: Collection[str]) -> frozenset[str]:
    """Those of the numbers that are kept, or that documents of ours went out under, in its environment."""
    chosen = Selection((within(connection), Condition("ksef_number", "in", tuple(sorted(ksef_numbers)))))
    found = [
        *books.sums(KsefReceived, chosen, (), ("ksef_number",)),
        *books.sums(KsefSending, chosen, (), ("ksef_number",)),
    ]
    return frozenset(str(one.group[0]) for one in found)


def keep(books: Books, connection: KsefConnection, side: Side, found: Sequence[Fetched], until: dt.datetime) -> int:
    """Keep what is not there yet, together with the mark up to which nothing is missing; how many that were.

    What we sent ourselves is left out: also while it is on its way and has no number here yet. Nothing is kept where
    the account is connected as somebody else by now than when it was asked for.

    Raises:
        WrongState: there is no such connection any more.

    """
    now = connection_of(books)
    if now is None or (now.environment, now.tax_no) != (connection.environment, connection.tax_no):
        raise WrongState("not_connected")
    left_out = known_among(books, now, [one.ksef_number for one in found]) if found else frozenset()
    on_their_way = _digests_on_their_way(books) if side == "Subject1" else frozenset()
    new = {
        one.ksef_number: one
        for one in found
        if one.ksef_number not in left_out and _digest(one.xml) not in on_their_way
    }
    for one in new.values():
        _keep_one(books, now, side, one)
    marks = {mark.side: mark.until for mark in now.marks}
    marks[side] = max(until, marks.get(side, BEGINNING))
    books.change(now, changed(now, marks=tuple(Mark(*mark) for mark in sorted(marks.items()))))
    return len(new)


def note_fetched(books: Books, side: Side) -> None:
    """Write down that all of a side is here."""
    if (old := connection_of(books)) is not None and side != "Subject3":
        fetched = {"costs_fetched_at" if side == "Subject2" else "incomes_fetched_at": books.now}
        books.change(old, changed(old, **fetched))


def received(
    books: Books,
    side: Side,
    *,
    since: dt.date | None = None,
    until: dt.date | None = None,
    descending: bool = True,
    limit: int = 50,
    offset: int = 0,
) -> tuple[int, list[KsefReceived]]:
    """How many invoices of a side were issued within these days, and some of them in the order of their days."""
    conditions = [within(required_connection(books)), Condition("side", "eq", side)]
    if since is not None:
        conditions.append(Condition("issued_on", "gteq", since))
    if until is not None:
        conditions.append(Condition("issued_on", "lteq", until))
    order = (Order("issued_on", descending=descending), Order("id", descending=descending))
    chosen = Selection(tuple(conditions), order=order)
    return books.count(KsefReceived, Selection(chosen.conditions)), books.some_in_order(
        KsefReceived, chosen, limit, offset
    )


def find_received(books: Books, ksef_number: str) -> KsefReceived:
    """The invoice that KSeF knows by this number.

    Raises:
        NotFound: it was not fetched.

    """
    environment = required_connection(books).environment
    found = books.look_up(KsefReceived, environment=environment, ksef_number=ksef_number)
    if found is None:
        raise NotFound(KsefReceived.table_name)
    return found


def _keep_one(books: Books, connection: KsefConnection, side: Side, one: Fetched) -> None:
    scan = _put_into_inbox(books, one) if one.is_cost else None
    books.add(
        KsefReceived,
        environment=connection.environment,
        ksef_number=one.ksef_number,
        side=side,
        issued_on=one.metadata.issued_on,
        stored_at=one.stored_at,
        metadata=one.metadata,
        xml=one.xml,
        expense_id=None if scan is None else scan.id,
    )


def _put_into_inbox(books: Books, one: Fetched) -> Expense:
    """A scan whose file is the XML, already read; its supplier can be looked for by name and number."""
    metadata, told = one.metadata, one.told
    return keep_scan(
        books,
        GivenFile(f"{one.ksef_number}.xml", XML, one.xml),
        source="ksef",
        ksef_number=one.ksef_number,
        original_number=metadata.number,
        seller=Seller(name=metadata.seller_name, country="PL", vat_no=metadata.seller_tax_no),
        issued_on=metadata.issued_on,
        reading="refused" if told is None else "read",
        reading_ended_at=books.now,
        paper=NOTHING_READ if told is None else extraction_of(told),
        told=told,
        unread=one.unread,
    )


def _is_due(last: dt.datetime | None, every: dt.timedelta, now: dt.datetime) -> bool:
    return last is None or last + every <= now


def _marked(connection: KsefConnection, side: Side) -> dt.datetime | None:
    return next((mark.until for mark in connection.marks if mark.side == side), None)


def _digest(xml: bytes) -> str:
    return base64.b64encode(hashlib.sha256(xml).digest()).decode()


def _digests_on_their_way(books: Books) -> frozenset[str]:
    chosen = Selection((COUNTS, Condition("state", "in", tuple(sorted(LIVE)))))
    return frozenset(str(one.group[0]) for one in books.sums(KsefSending, chosen, (), ("digest",)))


_c = KsefConnection.table.c

_RECEIVING = Query(
    sa.select(*columns_of(KsefConnection))
    .where(_c.active.is_(sa.true()), _c.receive.is_(sa.true()))
    .order_by(_c.account_id)
)
