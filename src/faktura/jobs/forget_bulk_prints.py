"""Orders of many documents in one file are forgotten after a day."""

import datetime as dt

from faktura.core.invoices.bulk_print import forget_prints
from faktura.core.office import Office

EVERY = dt.timedelta(hours=1)


def do(office: Office) -> None:
    forget_prints(office)
