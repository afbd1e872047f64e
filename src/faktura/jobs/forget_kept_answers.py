"""Answers that were kept for a day are forgotten."""

import datetime as dt

from faktura.core.kept_answers import forget_kept_answers
from faktura.core.office import Office

EVERY = dt.timedelta(hours=1)


def do(office: Office) -> None:
    forget_kept_answers(office)
