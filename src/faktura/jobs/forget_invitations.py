"""Invitations that nobody accepted in time are forgotten, and so are links to set another password."""

import datetime as dt

from faktura.core.books.office import Office
from faktura.core.people.invitations import forget_expired_invitations
from faktura.core.people.own_password import forget_expired_resets

EVERY = dt.timedelta(days=1)


def do(office: Office) -> None:
    forget_expired_resets(office)
    if forget_expired_invitations(office):
        office.later("forget_invitations")
