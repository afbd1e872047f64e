"""Orders of many documents in one file are forgotten after a day, a thousand at a time."""

import datetime as dt

from faktura.core.books.office import Office
from faktura.core.bulk_prints import BulkPrint

EVERY = dt.timedelta(hours=1)


def do(office: Office) -> None:
    if office.forget_expired(BulkPrint):
        office.later("forget_bulk_prints")
