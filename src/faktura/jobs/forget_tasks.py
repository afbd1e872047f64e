"""Tasks that were done or refused a month ago are forgotten, a thousand at a time."""

import datetime as dt

from faktura.core.books.office import Office
from faktura.core.books.tasks import Task

EVERY = dt.timedelta(days=1)


def do(office: Office) -> None:
    if office.forget_expired(Task):
        office.later("forget_tasks")
