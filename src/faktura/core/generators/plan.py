"""The days on which a recurring generator issues."""

import calendar
import datetime as dt
from collections.abc import Mapping
from typing import Any

from faktura.core.documents.checks import FIRST_YEAR, LAST_YEAR
from faktura.core.errors import Problems
from faktura.core.generators.record import Generator

MOST_MONTHS = 1200


def settle_plan(old: Generator | None, new: Generator, values: Mapping[str, Any], problems: Problems) -> None:
    """Check what is said of its days, and find the next one; it follows another start until something was issued."""
    _check(old, new, values, problems)
    start, said = new.start_on, values.get("next_on")
    if start is None or any(name in problems for name in PLAN):
        return
    if old is None or (old.next_on == placed(old, old.start_on) and new.start_on != old.start_on):
        new.next_on = said or start
    if said is not None and said < start:
        problems.add("next_on", "malformed")
    if new.next_on is not None:
        new.next_on = until_end(new, placed(new, new.next_on))


def following(generator: Generator, day: dt.date) -> dt.date:
    """The day of the document after the one of that day; at the end of a short month the day of the start is kept."""
    start = generator.start_on or day
    at_end = day.day == calendar.monthrange(day.year, day.month)[1]
    wanted = max(day.day, start.day) if at_end else day.day
    found = _months_after(day.replace(day=1), generator.months)
    last = calendar.monthrange(found.year, found.month)[1]
    return found.replace(day=last if generator.on_last_day else min(wanted, last))


def again_after(day: dt.date, today: dt.date) -> dt.date:
    """The first day after today that lies whole months after a day, as when its document is repeated every month."""
    months = 0
    while (found := _months_after(day, months)) <= today:
        months += 1
    return found


def next_after(generator: Generator, day: dt.date) -> dt.date | None:
    """The first day of its series after another day; None where it ends before."""
    found = generator.next_on
    while found is not None and found <= day:
        found = until_end(generator, following(generator, found))
    return found


def days_ahead(generator: Generator, most: int) -> list[dt.date]:
    """The next days on which it issues, fewer where it ends before."""
    days: list[dt.date] = []
    day = generator.next_on
    while day is not None and len(days) < most:
        days.append(day)
        day = until_end(generator, following(generator, day))
    return days


def until_end(generator: Generator, day: dt.date | None) -> dt.date | None:
    """The day, unless the end has come by then."""
    return None if day is None or day > (generator.end_on or LAST_DAY) else day


def placed(generator: Generator, day: dt.date | None) -> dt.date | None:
    """The day itself, or the last one of its month."""
    if day is None or not generator.on_last_day:
        return day
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def _months_after(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or its last one where it has no such day."""
    years, month = divmod(day.month - 1 + months, 12)
    first = dt.date(day.year + years, month + 1, 1)
    return first.replace(day=min(day.day, calendar.monthrange(first.year, first.month)[1]))


def _check(old: Generator | None, new: Generator, values: Mapping[str, Any], problems: Problems) -> None:
    if new.start_on is None and "start_on" not in problems:
        problems.add("start_on", "blank")
    if old is None and "months" not in {*values, *problems.by_attribute()}:
        problems.add("months", "blank")
    if "months" not in problems and not 0 < new.months <= MOST_MONTHS:
        problems.add("months", "too_large" if new.months > 0 else "not_positive")
    for name in ("start_on", "end_on", "next_on"):
        if (day := getattr(new, name)) is not None and not FIRST_YEAR <= day.year <= LAST_YEAR:
            problems.add(name, "not_a_date")
    if new.start_on and new.end_on and new.end_on < new.start_on:
        problems.add("end_on", "malformed")


LAST_DAY = dt.date(LAST_YEAR, 12, 31)

PLAN = ("start_on", "end_on", "next_on", "months")
"""What its days follow from."""
