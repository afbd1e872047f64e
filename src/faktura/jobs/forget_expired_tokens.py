"""Codes and tokens that expired a day ago or more are forgotten."""

import datetime as dt

from faktura.core.credentials import forget_expired
from faktura.core.office import Office

EVERY = dt.timedelta(days=1)


def do(office: Office) -> None:
    forget_expired(office)
