"""How often KSeF was called as a firm: counted before each call, in the database, whoever calls."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from faktura.core.books.office import Office
from faktura.store.records import Shared, record, unique
from faktura.store.transaction import Transaction

Sort = Literal[
    "send",
    "session",
    "batch",
    "status",
    "session_invoices",
    "session_misc",
    "metadata",
    "export",
    "export_status",
    "download",
    "sign_in",
    "other",
]
"""Of calls, as KSeF counts them apart.

`session` opens and closes one, `batch` one of many documents, `session_misc` asks for its state and receipts.
"""

SECOND, MINUTE, HOUR = dt.timedelta(seconds=1), dt.timedelta(minutes=1), dt.timedelta(hours=1)

SLACK = dt.timedelta(seconds=2)
"""KSeF counts a call when it arrives, so that what we count is spread over a little more time."""


class Limit(msgspec.Struct, frozen=True):
    """The most calls of a sort that a firm may make."""

    sort: Sort
    per_second: int
    per_minute: int
    per_hour: int


PUBLISHED: Mapping[Sort, Limit] = {
    limit.sort: limit
    for limit in (
        Limit("send", 10, 30, 180),
        Limit("session", 10, 30, 120),
        Limit("batch", 10, 20, 60),
        Limit("status", 30, 120, 1200),
        Limit("session_invoices", 10, 20, 200),
        Limit("session_misc", 10, 120, 1200),
        Limit("metadata", 8, 16, 20),
        Limit("export", 8, 16, 20),
        Limit("export_status", 10, 60, 600),
        Limit("download", 8, 16, 64),
        Limit("sign_in", 30, 120, 1200),
        Limit("other", 10, 30, 120),
    )
}
"""What the ministry says; of signing in only that it is a lot."""


@record("ksef_paces", unique("subject", "sort"))
class KsefPace(Shared):
    """The calls of one sort in the last hour; `subject` is whom KSeF counts by: environment and tax number."""

    subject: str
    sort: str
    taken: tuple[dt.datetime, ...] = ()


@record("ksef_rests", unique("subject"))
class KsefRest(Shared):
    """Until when a firm asks KSeF for nothing, as that wanted it; so many `seconds` it was the last time."""

    subject: str
    until: dt.datetime
    seconds: int


LEAST_REST = 30
LONGEST_REST = 60 * 60


def limit_of(sort: Sort, named: Iterable[Limit] = ()) -> Limit:
    """What holds for a sort: what is published, or what KSeF `named` itself, where that is lower."""
    ours = PUBLISHED[sort]
    for one in named:
        if one.sort == sort:
            lower = (min(of_ours, theirs) for of_ours, theirs in zip(_numbers(ours), _numbers(one), strict=True))
            ours = Limit(sort, *lower)
    return ours


def take_call(office: Office, subject: str, sort: Sort, limit: Limit) -> dt.datetime | None:
    """Count one more call; or, where there were as many as may be, when the next one may be made: none is now."""
    kept = office.look_up(KsefPace, subject=subject, sort=sort)
    taken = [at for at in (kept.taken if kept else ()) if at > office.now - HOUR - SLACK]
    until = _free_from(taken, limit, office.now)
    if until is not None:
        return until
    if kept is None:
        office.add(KsefPace, subject=subject, sort=sort, taken=(office.now,))
    else:
        office.change(kept, taken=(*taken, office.now))
    return None


def calls_left(office: Office, subject: str, sort: Sort, limit: Limit) -> int:
    """How many more may be made within this hour."""
    kept = office.look_up(KsefPace, subject=subject, sort=sort)
    taken = [at for at in (kept.taken if kept else ()) if at > office.now - HOUR - SLACK]
    return max(limit.per_hour - len(taken), 0)


def rests_until(tx: Transaction, subject: str, now: dt.datetime) -> dt.datetime | None:
    """Before when nothing is asked; None where KSeF wants no rest now."""
    rest = tx.get(KsefRest, subject=subject)
    return rest.until if rest is not None and rest.until > now else None


def note_rest(office: Office, subject: str, seconds: int) -> dt.datetime:
    """Ask nothing for so long, as KSeF wants it; twice as long where it has to say so again soon after."""
    old = office.look_up(KsefRest, subject=subject)
    soon_again = old is not None and office.now < old.until + dt.timedelta(seconds=old.seconds)
    twice = old.seconds * 2 if old is not None and soon_again else 0
    rest = min(max(seconds, LEAST_REST, twice), max(LONGEST_REST, seconds))
    until = office.now + dt.timedelta(seconds=rest)
    if old is None:
        office.add(KsefRest, subject=subject, until=until, seconds=rest)
    else:
        office.change(old, until=until, seconds=rest)
    return until


def _free_from(taken: list[dt.datetime], limit: Limit, now: dt.datetime) -> dt.datetime | None:
    """When the fullest of the windows has room again, None where all have."""
    waits, lengths = [], (SECOND, MINUTE + SLACK, HOUR + SLACK)
    for most, length in zip(_numbers(limit), lengths, strict=True):
        within = [at for at in taken if at > now - length]
        if len(within) >= most:
            waits.append((within[-most] if most else now) + length)
    return max(waits, default=None)


def _numbers(limit: Limit) -> tuple[int, int, int]:
    return limit.per_second, limit.per_minute, limit.per_hour
