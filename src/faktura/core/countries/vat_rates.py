"""A rate of VAT and how long it holds."""

import datetime as dt
from decimal import Decimal
from typing import Literal, NamedTuple

Band = Literal["standard", "reduced", "second_reduced", "zero"]


class Rate(NamedTuple):
    """In percent; `since` and `until` are the first and the last day."""

    percent: Decimal
    band: Band
    since: dt.date
    until: dt.date | None = None

    def holds_on(self, day: dt.date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


def rate(percent: str, band: Band, since: str, until: str | None = None) -> Rate:
    last = None if until is None else dt.date.fromisoformat(until)
    return Rate(Decimal(percent), band, dt.date.fromisoformat(since), last)
