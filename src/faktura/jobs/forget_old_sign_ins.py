"""Sessions that ended, and failed sign-ins that no longer count, are forgotten."""

import datetime as dt

from faktura.core.books.office import Office
from faktura.core.people.sign_in import forget_old_sign_ins

EVERY = dt.timedelta(days=1)


def do(office: Office) -> None:
    forget_old_sign_ins(office)
