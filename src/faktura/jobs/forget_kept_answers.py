"""Answers that were kept for a day are forgotten, a thousand at a time."""

import datetime as dt

from faktura.core.books.kept_answers import KeptAnswer
from faktura.core.books.office import Office

EVERY = dt.timedelta(hours=1)


def do(office: Office) -> None:
    if office.forget_expired(KeptAnswer):
        office.later("forget_kept_answers")
