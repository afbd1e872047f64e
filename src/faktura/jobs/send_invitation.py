"""An invitation goes out by e-mail, with a secret that is made for this letter and kept nowhere else."""

import datetime as dt

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.messages import on_one_line
from faktura.core.people.invitations import Invitation, secret_to_mail
from faktura.core.people.users import User
from faktura.jobs import Effect, Errand, doubling, send_secret
from faktura.outputs.mail.letters import Letter
from faktura.outputs.mail.personal import invitation_letter

LANE = "mail"

DELAYS = doubling(dt.timedelta(seconds=30), dt.timedelta(hours=2), dt.timedelta(hours=12))


def go_out(errand: Errand, invitation_id: int, by_mail: str) -> Effect:
    """Where e-mail is switched off whoever invites hands on the link that they were shown.

    Raises:
        Undelivered: the server did not take it.

    """
    return send_secret(errand, lambda books: _letter(books, invitation_id, by_mail))


def _letter(books: Books, invitation_id: int, by_mail: str) -> Letter:
    link = by_mail + secret_to_mail(books, invitation_id)
    invitation = books.find(Invitation, invitation_id)
    host = Office(books.tx, books.now).look_up(User, id=invitation.invited_by) if invitation.invited_by else None
    person = on_one_line(host.full_name) if host else ""
    reference = books.tx.chance.uuid("letters")
    return invitation_letter(invitation, on_one_line(books.account.name), person, link, reference, books.now)
