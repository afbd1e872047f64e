"""Proposals are forgotten a month after they expired, a thousand at a time; what was done of them is in the history."""

import datetime as dt

from faktura.core.books.office import Office
from faktura.core.proposals.record import Proposal

EVERY = dt.timedelta(days=1)

KEPT = dt.timedelta(days=30)


def do(office: Office) -> None:
    if Office(office.tx, office.now - KEPT).forget_expired(Proposal):
        office.later("forget_proposals")
