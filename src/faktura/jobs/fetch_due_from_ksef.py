"""Every few minutes, accounts whose turn it is look for what KSeF holds for them; each has a job of its own."""

import datetime as dt

from faktura.core.books import jobs_to_do
from faktura.core.books.office import Office
from faktura.core.ksef.receive import JOB, accounts_due

EVERY = dt.timedelta(minutes=5)


def do(office: Office) -> None:
    jobs_to_do.put_for_each(office.tx, accounts_due(office), JOB, office.now)
