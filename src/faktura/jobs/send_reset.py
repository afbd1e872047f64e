"""Whoever forgot the password gets a link by e-mail; its secret is made for this letter and kept nowhere else."""

import datetime as dt

from faktura.core.books.office import Office
from faktura.core.people.own_password import secret_to_mail
from faktura.jobs import Effect, Errand, doubling, send_secret
from faktura.outputs.mail.letters import Letter
from faktura.outputs.mail.personal import reset_letter

LANE = "mail"

DELAYS = doubling(dt.timedelta(seconds=10), dt.timedelta(minutes=10), dt.timedelta(minutes=50))
"""Less than the link's life."""


def go_out(errand: Errand, reset_id: int, by_mail: str) -> Effect:
    """Send the link, unless e-mail is switched off or nobody wants it any more.

    Raises:
        Undelivered: the server did not take it.

    """
    return send_secret(errand, lambda office: _letter(office, reset_id, by_mail))


def _letter(office: Office, reset_id: int, by_mail: str) -> Letter:
    user, secret = secret_to_mail(office, reset_id)
    return reset_letter(user, by_mail + secret, office.tx.chance.uuid("letters"), office.now)
