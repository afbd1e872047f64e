"""How often KSeF is asked: counted by sort and firm in sliding windows, refused above the published limits."""

import datetime as dt
import math
from collections import Counter, defaultdict, deque
from typing import NamedTuple

from faktura.sandbox.outside.ksef.calls import TooMany


class Limit(NamedTuple):
    second: int
    minute: int
    hour: int

    def shown(self) -> dict[str, int]:
        return {"perSecond": self.second, "perMinute": self.minute, "perHour": self.hour}


PUBLISHED = {
    "onlineSession": Limit(10, 30, 120),
    "onlineSessionClose": Limit(10, 30, 120),
    "batchSession": Limit(10, 20, 60),
    "batchSessionClose": Limit(10, 20, 60),
    "invoiceSend": Limit(10, 30, 180),
    "invoiceStatus": Limit(30, 120, 1200),
    "sessionList": Limit(5, 10, 60),
    "sessionInvoiceList": Limit(10, 20, 200),
    "sessionMisc": Limit(10, 120, 1200),
    "invoiceMetadata": Limit(8, 16, 20),
    "invoiceExport": Limit(8, 16, 20),
    "invoiceExportStatus": Limit(10, 60, 600),
    "invoiceDownload": Limit(8, 16, 64),
    "collectiveIdentifier": Limit(10, 30, 120),
    "other": Limit(10, 30, 120),
    "anonymous": Limit(60, 3600, 216_000),
    "global": Limit(100, 6000, 360_000),
}
"""By KSeF's own names. Contract 2.6 prints all but the closing ones, `collectiveIdentifier` and `global`."""

NOT_CHANGED = ("anonymous", "batchSessionClose", "global", "onlineSessionClose")
"""Those that a firm of the test environment cannot set; closing a session follows opening one."""

UNLIMITED = "storage"
"""Packages and parts, by the addresses that answers name; and Latarnia and the pages."""

WINDOWS = ((1, "sekundę"), (60, "minutę"), (3600, "godzinę"))


class Line(NamedTuple):
    """Whose calls of which sort."""

    subject: str
    sort: str


class Calls:
    """`made` counts every call, refused ones as well; `refused` those over a limit, `early` those before their time."""

    def __init__(self) -> None:
        self.made: Counter[Line] = Counter()
        self.refused: Counter[Line] = Counter()
        self.early: Counter[Line] = Counter()
        self.own: dict[str, dict[str, Limit]] = {}
        self._taken: dict[Line, deque[dt.datetime]] = defaultdict(deque)
        self._barred: dict[Line, tuple[dt.datetime, int]] = {}

    def limits_of(self, subject: str) -> dict[str, Limit]:
        return PUBLISHED | self.own.get(subject, {})

    def count(self, line: Line, now: dt.datetime, *, limited: bool) -> None:
        """Count a call.

        Raises:
            TooMany: it is above a limit, or before the time that was said at the last one.

        """
        self.made[line] += 1
        if not limited or line.sort == UNLIMITED:
            return
        self._require_time(line, now)
        taken, limit = self._taken[line], self.limits_of(line.subject)[line.sort]
        while taken and now - taken[0] >= dt.timedelta(hours=1):
            taken.popleft()
        for (seconds, word), most in zip(WINDOWS, limit, strict=True):
            since = now - dt.timedelta(seconds=seconds)
            if len(taken) >= most and (most == 0 or taken[-most] > since):
                left = seconds if most == 0 else (taken[-most] - since).total_seconds()
                self._bar(line, now, f"Przekroczono limit {most} żądań na {word}.", math.ceil(left) or 1)
        taken.append(now)

    def _require_time(self, line: Line, now: dt.datetime) -> None:
        """Who asks again before the time waits twice as long."""
        until, seconds = self._barred.get(line, (now, 0))
        if until > now:
            self.early[line] += 1
            self._bar(line, now, "Żądanie wysłano przed upływem wskazanego czasu.", min(seconds * 2, 3600))

    def _bar(self, line: Line, now: dt.datetime, why: str, seconds: int) -> None:
        self.refused[line] += 1
        self._barred[line] = now + dt.timedelta(seconds=seconds), seconds
        raise TooMany(f"{why} Spróbuj ponownie po {seconds} sekundach.", seconds)
