"""How often KSeF was called as a firm: counted before each call, in the database, whoever calls."""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Literal

import msgspec

from faktura.core.books.office import Office
from faktura.store.records import Shared, record, unique

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
