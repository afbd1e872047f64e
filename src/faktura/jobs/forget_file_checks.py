"""What was found in files that somebody wanted looked through is forgotten after an hour, a thousand at a time."""

import datetime as dt

from faktura.core.books.office import Office
from faktura.core.received.file_checks import FileCheck

EVERY = dt.timedelta(hours=1)


def do(office: Office) -> None:
    if office.forget_expired(FileCheck):
        office.later("forget_file_checks")
