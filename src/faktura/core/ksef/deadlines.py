"""By when a document that was issued beside KSeF must have arrived there (art. 106nda, 106nf, 106nh of the VAT act)."""

import datetime as dt
from collections.abc import Iterable
from typing import Literal

import msgspec

from faktura.core.countries.pl.poland import POLAND
from faktura.core.countries.pl.working_days import DAY, working_day_after
from faktura.core.ksef.mark import Mode

AFTER_FAILURE = 7
"""Working days that remain after a failure."""

LAST_SECOND = dt.time(23, 59, 59, tzinfo=POLAND.zone)


class Outage(msgspec.Struct, frozen=True):
    """A time that the ministry announced, by its number for it: `until` is None while it goes on.

    In a `maintenance` KSeF is down as planned, in a `failure` it is not; in a `total_failure` nobody need tell it.
    """

    event: int
    sort: Literal["maintenance", "failure", "total_failure"]
    since: dt.datetime
    until: dt.datetime | None = None

    def holds_at(self, instant: dt.datetime) -> bool:
        return self.since <= instant and (self.until is None or instant < self.until)

    def touches(self, first: dt.date, last: dt.date) -> bool:
        """Whether some of it was on these days in Poland."""
        ended = self.until is None or POLAND.day_of(self.until) >= first
        return ended and POLAND.day_of(self.since) <= last


def mode_at(outages: Iterable[Outage], instant: dt.datetime) -> Mode:
    """How a document is issued beside KSeF at an instant: by choice, unless KSeF was said to be down."""
    sorts = {one.sort for one in outages if one.holds_at(instant)}
    if sorts & {"failure", "total_failure"}:
        return "emergency"
    return "unavailable" if "maintenance" in sorts else "offline24"


def deadline_of(mode: Mode, issued_on: dt.date, outages: Iterable[Outage] = ()) -> dt.datetime | None:
    """The last second; None while nobody knows it, as an outage goes on, and where nothing need be told any more.

    A failure that is announced before the deadline moves it to seven working days after the end of that failure. One
    that ended on the day of issue may have ended before it, so that it moves nothing unless the document says that it
    was issued during one. Of an outage that is not known, the day after the issue is the deadline.
    """
    known = sorted(outages, key=lambda one: one.since)
    day = _first_deadline(mode, issued_on, known)
    counts_from = issued_on if mode == "emergency" else issued_on + DAY
    for failure in known:
        if day is None:
            return None
        if failure.sort == "maintenance" or not failure.touches(counts_from, day):
            continue
        day = _after(failure, AFTER_FAILURE) if failure.sort == "failure" else None
    return None if day is None else dt.datetime.combine(day, LAST_SECOND).astimezone(dt.UTC)


def _first_deadline(mode: Mode, issued_on: dt.date, known: list[Outage]) -> dt.date | None:
    """Without regard to failures."""
    planned = [one for one in known if one.sort == "maintenance" and one.touches(issued_on, issued_on)]
    if mode == "unavailable" and planned:
        return _after(planned[-1], 1)
    return working_day_after(issued_on)


def _after(outage: Outage, days: int) -> dt.date | None:
    return None if outage.until is None else working_day_after(POLAND.day_of(outage.until), days)
