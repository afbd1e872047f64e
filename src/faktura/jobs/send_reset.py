"""Whoever forgot the password gets a link by e-mail; its secret is made for this letter and kept nowhere else."""

import datetime as dt
from collections.abc import Callable

from faktura.core.books.office import Office
from faktura.core.errors import NotFound
from faktura.core.people.own_password import secret_to_mail
from faktura.jobs import Errand, doubling
from faktura.outputs.mail.letters import Letter, send
from faktura.outputs.mail.personal import reset_letter

LANE = "mail"

DELAYS = doubling(dt.timedelta(seconds=10), dt.timedelta(minutes=10), dt.timedelta(minutes=50))
"""Less than the link's life."""


def go_out(errand: Errand, reset_id: int, by_mail: str) -> Callable[[Office], None]:
    """Send the link, unless e-mail is switched off or nobody wants it any more.

    Raises:
        Undelivered: the server did not take it.

    """
    server = errand.world.mail_server
    if server is None:
        return _nothing
    try:
        letter: Letter = errand.write(lambda office: _letter(office, reset_id, by_mail))
    except NotFound:
        return _nothing
    send(server, letter)
    return _nothing


def _letter(office: Office, reset_id: int, by_mail: str) -> Letter:
    user, secret = secret_to_mail(office, reset_id)
    return reset_letter(user, by_mail + secret, office.now)


def _nothing(_office: Office) -> None:
    pass
