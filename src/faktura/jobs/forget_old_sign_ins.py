"""Sessions that ended, and failed sign-ins that no longer count, are forgotten."""

import datetime as dt

from faktura.core.office import Office
from faktura.core.sign_in import forget_old_sign_ins

EVERY = dt.timedelta(days=1)


def do(office: Office) -> None:
    forget_old_sign_ins(office)
