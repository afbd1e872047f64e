"""An invitation goes out by e-mail, with a secret that is made for this letter and kept nowhere else."""

import datetime as dt
from collections.abc import Callable

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.errors import NotFound
from faktura.core.messages import on_one_line
from faktura.core.people.invitations import Invitation, secret_to_mail
from faktura.core.people.users import User
from faktura.jobs import Errand, doubling
from faktura.outputs.mail.letters import Letter, send
from faktura.outputs.mail.personal import invitation_letter

LANE = "mail"

DELAYS = doubling(dt.timedelta(seconds=30), dt.timedelta(hours=2), dt.timedelta(hours=12))


def go_out(errand: Errand, invitation_id: int, by_mail: str) -> Callable[[Books], None]:
    """Where e-mail is switched off whoever invites hands on the link that they were shown.

    Raises:
        Undelivered: the server did not take it.

    """
    server = errand.world.mail_server
    if server is None:
        return _nothing
    try:
        letter: Letter = errand.write(lambda books: _letter(books, invitation_id, by_mail))
    except NotFound:
        return _nothing
    send(server, letter)
    return _nothing


def _letter(books: Books, invitation_id: int, by_mail: str) -> Letter:
    link = by_mail + secret_to_mail(books, invitation_id)
    invitation = books.find(Invitation, invitation_id)
    host = Office(books.tx, books.now).look_up(User, id=invitation.invited_by) if invitation.invited_by else None
    person = on_one_line(host.full_name) if host else ""
    return invitation_letter(invitation, on_one_line(books.account.name), person, link, books.now)


def _nothing(_books: Books) -> None:
    pass
