"""The days on which nobody works in Poland (act of 18 January 1951 on days free from work), Saturdays among them."""

import datetime as dt
import functools
import itertools
from collections.abc import Iterator
from typing import NamedTuple

SATURDAY = 5
DAY = dt.timedelta(days=1)


class Fixed(NamedTuple):
    """A holiday of each year since one."""

    month: int
    day: int
    since: int = 0


FIXED = (
    Fixed(1, 1),
    Fixed(1, 6, since=2011),
    Fixed(5, 1),
    Fixed(5, 3),
    Fixed(8, 15),
    Fixed(11, 1),
    Fixed(11, 11),
    Fixed(12, 24, since=2025),
    Fixed(12, 25),
    Fixed(12, 26),
)

AFTER_EASTER = (0, 1, 49, 60)
"""Easter and its Monday, Pentecost, Corpus Christi, in days after Easter."""


def easter(year: int) -> dt.date:
    """The Sunday by the calendar of Gregory, as the algorithm of Meeus, Jones and Butcher has it."""
    century, rest = divmod(year, 100)
    golden = year % 19
    shift = (8 * century + 13) // 25
    moon = (19 * golden + century - century // 4 - shift + 15) % 30
    week = (32 + 2 * (century % 4) + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * week) // 451
    month, day = divmod(moon + week - 7 * late + 114, 31)
    return dt.date(year, month, day + 1)


@functools.cache
def holidays(year: int) -> frozenset[dt.date]:
    fixed = {dt.date(year, one.month, one.day) for one in FIXED if one.since <= year}
    return frozenset(fixed | {easter(year) + days * DAY for days in AFTER_EASTER})


def is_working_day(day: dt.date) -> bool:
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def working_day_after(day: dt.date, count: int = 1) -> dt.date:
    """The so many-th working day after a day, which is not counted itself."""
    return next(itertools.islice(_working_days_after(day), count - 1, None))


def _working_days_after(day: dt.date) -> Iterator[dt.date]:
    while True:
        day += DAY
        if is_working_day(day):
            yield day
