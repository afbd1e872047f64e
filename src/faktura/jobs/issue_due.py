"""Shortly after midnight, recurring generators issue: each account has a job of its own."""

import datetime as dt

from faktura.core.books import jobs_to_do
from faktura.core.books.office import Office
from faktura.core.generators.recur import JOB, accounts_with_due
from faktura.jobs.restate_due import next_night


def next_night_after(now: dt.datetime) -> dt.datetime:
    """Ten past midnight, when the night's other work has begun."""
    return next_night(now) + dt.timedelta(minutes=5)


EVERY = next_night_after


def do(office: Office) -> None:
    jobs_to_do.put_for_each(office.tx, accounts_with_due(office), JOB, office.now)
