"""Every night, when the Czech register of payers is back, it is asked about those that Czech accounts deal with.

On the first of a month contacts that follow a registry are brought up to date. Each account has jobs of its own.
"""

import datetime as dt

from faktura.core.books import jobs_to_do
from faktura.core.books.office import Office
from faktura.core.countries.known import day_in
from faktura.core.registries.answers import forget_old_answers
from faktura.core.registries.following import COUNTRIES, accounts_in
from faktura.jobs.restate_due import next_night


def next_night_after(now: dt.datetime) -> dt.datetime:
    """Half past midnight."""
    return next_night(now) + dt.timedelta(minutes=25)


EVERY = next_night_after


def do(office: Office) -> None:
    jobs_to_do.put_for_each(office.tx, accounts_in(office, "CZ"), "check_payers", office.now)
    if day_in("CZ", office.now).day == 1:
        for country in COUNTRIES:
            jobs_to_do.put_for_each(office.tx, accounts_in(office, country), "update_contacts", office.now)
    forget_old_answers(office)
