"""What KSeF holds for a firm comes into its books: few invoices one by one, many in packages that KSeF makes first.

The mark up to which nothing is missing moves with what is kept, some invoices at a time: whatever dies in between, the
next try goes on from there, and what is there already is not kept again.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple, TypeVar

import msgspec

from faktura.core.books.books import Books
from faktura.core.documents.media_types import XML
from faktura.core.ksef.connection import KsefConnection, Side, connection_of, required_connection
from faktura.core.ksef.receive import JOB, Fetched, keep, known_among, mark_of, note_fetched, sides_due
from faktura.core.people.accounts import Account
from faktura.inputs.papers import Damaged, NothingToRead, read_file
from faktura.jobs import Effect, Errand, Later, doubling, nothing_more
from faktura.jobs.read_scan import whom
from faktura.outside.ksef.failures import NoRight, Refused, Rests, Unreachable
from faktura.outside.ksef.line import Line
from faktura.outside.ksef.packages import fetched, unpacked
from faktura.outside.ksef.receiving import (
    NOTHING_YET,
    Entry,
    Export,
    Lost,
    ask_for_export,
    fetch_one,
    key_of,
    news,
    package_of,
    window_from,
)

T = TypeVar("T")

LANE = "ksef_received"
DELAYS = doubling(dt.timedelta(minutes=1), dt.timedelta(hours=1), dt.timedelta(days=1))

SOON = dt.timedelta(seconds=5)
"""After that a package is looked for again."""

AFTER_LOSS = dt.timedelta(minutes=10)

TOGETHER = 100
"""Invoices that are kept in one transaction."""

IN_A_TURN = 2000
"""Invoices of an account that are kept before another account has its turn."""

SALT = 16


class Work(NamedTuple):
    """What is at hand for one account: its line, and for whom invoices are read."""

    errand: Errand
    line: Line
    account: Account

    @property
    def connection(self) -> KsefConnection:
        return self.line.connection


def go_out(errand: Errand, sides: Sequence[Side] | None = None, export: Any = None) -> Effect:
    """Fetch sides one after the other, those whose turn it is where none are named; a package is waited for."""
    account, connection = errand.read(lambda books: (books.account, connection_of(books)))
    if errand.reach.ksef is None or account.blocked or connection is None or not connection.active:
        return nothing_more
    left = list(sides_due(connection, errand.clock.now()) if sides is None else sides)
    work = Work(errand, errand.reach.ksef.line(errand), account)
    try:
        return _fetch(work, left, None if export is None else msgspec.convert(export, Export))
    except NoRight:
        return nothing_more
    except Lost:
        return lambda books: books.later(JOB, left, after=AFTER_LOSS)
    except Rests as rests:
        # What is done already is not asked for again: when one call more is allowed, it is another one.
        delay = rests.delay
        return lambda books: books.later(JOB, left, export, after=delay)


def refused(_books: Books, _error: Exception, *_arguments: object) -> None:
    """The connection is gone, or KSeF did not answer for a day: the next look begins anew."""


def _fetch(work: Work, left: list[Side], export: Export | None) -> Effect:
    if export is not None:
        whole = _took(work, left[0], export)
        return lambda books: books.later(JOB, left, None if whole else export)
    while left:
        asked = _look(work, left[0])
        if asked is not None:
            return lambda books: books.later(JOB, left, asked, after=SOON)
        side = left.pop(0)
        work.errand.write(lambda books, of=side: note_fetched(books, of))  # type: ignore[misc]
    return nothing_more


def _look(work: Work, side: Side) -> Export | None:
    """Fetch all of a side, window by window; where that is much, a package that was asked for instead."""
    while True:
        now = work.errand.clock.now()
        window = window_from(mark_of(work.errand.read(required_connection), side), now)
        found = news(work.line, side, window)
        if found.more:
            salt = work.errand.read(lambda books: books.tx.chance.draw("ksef export", SALT).hex())
            return ask_for_export(work.line, side, window, work.errand.reach.secret_key, salt)
        for entry in _unknown(work, found.entries):
            _keep(work, side, [(entry, fetch_one(work.line, entry))], min(entry.stored_at, found.until))
        _keep(work, side, [], found.until)
        if window.end is None or found.until < window.end or window.end >= now:
            return None


def _took(work: Work, side: Side, export: Export) -> bool:
    """Keep what is in a package; False where that is so much that the rest has a turn of its own.

    Raises:
        Later: it is not made yet.

    """
    try:
        package = package_of(work.line, export)
    except Refused as refused:
        if refused.code in NOTHING_YET:
            return True
        raise
    if package is None:
        raise Later(SOON, "KSeF makes a package")
    kept, last = 0, export.window.since
    key = key_of(work.errand.reach.secret_key, export.salt)
    if package.invoice_count:
        with fetched(work.errand.reach.client, package, key) as archive:
            for some in _some(unpacked(archive, work.connection.tax_no, side), TOGETHER):
                if kept >= IN_A_TURN:
                    return False
                new = {entry.ksef_number for entry in _unknown(work, [entry for entry, _ in some])}
                last = max(last, some[-1][0].stored_at)
                kept += _keep(work, side, [one for one in some if one[0].ksef_number in new], last)
    if not package.is_truncated:
        _keep(work, side, [], export.window.settled(package.permanent_storage_hwm_date))
    elif last <= export.window.since:
        message = "a package of KSeF is full, and holds nothing new"
        raise Unreachable(message)
    return True


def _unknown(work: Work, entries: Iterable[Entry]) -> list[Entry]:
    """Those that are not in the books already."""
    some = list(entries)
    known = work.errand.read(lambda books: known_among(books, work.connection, [entry.ksef_number for entry in some]))
    return [entry for entry in some if entry.ksef_number not in known]


def _keep(work: Work, side: Side, found: Iterable[tuple[Entry, bytes]], until: dt.datetime) -> int:
    read = [_read(work, entry, xml) for entry, xml in found]
    return work.errand.write(lambda books: keep(books, work.connection, side, read, until))


def _read(work: Work, entry: Entry, xml: bytes) -> Fetched:
    """What is to be paid is read; what cannot be, stands in the inbox with the reason."""
    one = Fetched(entry.ksef_number, entry.stored_at, entry.metadata, xml, entry.is_cost)
    if not entry.is_cost:
        return one
    reader = whom(work.account)
    try:
        read = read_file(xml, XML, reader._replace(numbers=(*reader.numbers, work.connection.tax_no)))
    except (NothingToRead, Damaged) as unread:
        return one._replace(unread=unread.why)
    return one._replace(told=read.told)


def _some(items: Iterator[T], count: int) -> Iterator[list[T]]:
    while some := list(islice(items, count)):
        yield some
