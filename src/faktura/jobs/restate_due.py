"""Shortly after midnight, documents whose day has passed are overdue, and what needs a person is on the list.

Each account has a job of its own.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from faktura.core.books import jobs_to_do
from faktura.core.books.office import Office
from faktura.core.documents.events import accounts_to_restate
from faktura.core.ksef.duty import accounts_to_connect
from faktura.core.received.due import accounts_with_due

NIGHT = dt.time(0, 5, tzinfo=ZoneInfo("Europe/Prague"))


def next_night(now: dt.datetime) -> dt.datetime:
    """Five past midnight of the next day."""
    tomorrow = now.astimezone(NIGHT.tzinfo).date() + dt.timedelta(days=1)
    return dt.datetime.combine(tomorrow, NIGHT).astimezone(dt.UTC)


EVERY = next_night


def do(office: Office) -> None:
    accounts = {*accounts_to_restate(office), *accounts_with_due(office), *accounts_to_connect(office)}
    jobs_to_do.put_for_each(office.tx, sorted(accounts), "restate_account", office.now)
