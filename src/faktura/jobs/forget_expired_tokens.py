"""Codes and tokens that expired a day ago or more are forgotten."""

import datetime as dt

from faktura.core.books.office import Office
from faktura.core.people.tokens import forget_expired

EVERY = dt.timedelta(days=1)


def do(office: Office) -> None:
    forget_expired(office)
