"""In the morning customers are reminded of what they have to pay: each account has a job of its own."""

import datetime as dt
from zoneinfo import ZoneInfo

from faktura.core.books import jobs_to_do
from faktura.core.books.office import Office
from faktura.core.invoices.reminders import accounts_to_remind
from faktura.jobs.remind_account import JOB

MORNING = dt.time(8, 0, tzinfo=ZoneInfo("Europe/Prague"))
"""It is the same hour in all countries that books are kept in."""


def next_morning(now: dt.datetime) -> dt.datetime:
    """Eight o'clock, today or tomorrow."""
    here = now.astimezone(MORNING.tzinfo)
    morning = dt.datetime.combine(here.date(), MORNING)
    if now >= morning:
        morning = dt.datetime.combine(here.date() + dt.timedelta(days=1), MORNING)
    return morning.astimezone(dt.UTC)


EVERY = next_morning


def do(office: Office) -> None:
    """A morning that was missed is made up for, but nobody is written to at night."""
    if office.now.astimezone(MORNING.tzinfo).time() < MORNING.replace(tzinfo=None):
        return
    jobs_to_do.put_for_each(office.tx, accounts_to_remind(office), JOB, office.now)
