"""Whatever waits for KSeF has a job.

One that was lost, or that ended while its account was not connected, is put again.
"""

import datetime as dt

from faktura.core.books import jobs_to_do
from faktura.core.books.office import Office
from faktura.core.ksef.progress import accounts_that_send
from faktura.core.ksef.sendings import SEND

EVERY = dt.timedelta(minutes=10)


def do(office: Office) -> None:
    jobs_to_do.put_for_each(office.tx, accounts_that_send(office), SEND, office.now)
