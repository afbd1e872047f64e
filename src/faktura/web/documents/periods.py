"""Months and quarters that are often asked for, so that nobody turns page after page to get to one."""

import calendar
import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from flask_babel import format_date, lazy_gettext

from faktura.web.forms.fields import Words

DAY = dt.timedelta(days=1)


class Period(NamedTuple):
    """From its first day to its last."""

    label: Words
    since: dt.date
    until: dt.date


def periods(today: dt.date) -> list[Period]:
    """The month and the quarter that it is, and those before."""
    month, quarter = today.replace(day=1), today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    last_month = (month - DAY).replace(day=1)
    last_quarter = (quarter - DAY).replace(day=1)
    last_quarter = last_quarter.replace(month=last_quarter.month - 2)
    return [
        Period(lazy_gettext("This month"), month, _end(month, 0)),
        Period(lazy_gettext("Last month"), last_month, _end(last_month, 0)),
        Period(lazy_gettext("This quarter"), quarter, _end(quarter, 2)),
        Period(lazy_gettext("Last quarter"), last_quarter, _end(last_quarter, 2)),
    ]


def months_beside(since: dt.date | None, until: dt.date | None) -> Iterator[Period]:
    """The month before the chosen one and the month after it, where a whole month is chosen."""
    if since is None or until is None or since.day != 1 or until != _end(since, 0):
        return
    if since > dt.date.min:
        yield _month((since - DAY).replace(day=1))
    if until < dt.date.max:
        yield _month(until + DAY)


def _month(first: dt.date) -> Period:
    return Period(format_date(first, "LLLL yyyy"), first, _end(first, 0))


def _end(first: dt.date, months: int) -> dt.date:
    month = first.month + months
    return dt.date(first.year, month, calendar.monthrange(first.year, month)[1])
