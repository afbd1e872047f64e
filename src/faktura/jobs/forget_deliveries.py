"""What programs were told a month ago is forgotten, a thousand messages at a time."""

import datetime as dt

from faktura.core.books.office import Office
from faktura.core.deliveries import Delivery

EVERY = dt.timedelta(days=1)


def do(office: Office) -> None:
    if office.forget_expired(Delivery):
        office.later("forget_deliveries")
