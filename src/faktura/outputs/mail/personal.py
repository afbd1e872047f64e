"""Letters to people who work here."""

import datetime as dt

from faktura.core.people.invitations import Invitation
from faktura.core.people.users import User
from faktura.outputs.mail.letters import Attached, Letter
from faktura.outputs.words.words import letters_in

# Each has a reference of its own, also where it is sent again: its link is another one, and of two letters with one
# reference mail programs show only the first.


def invitation_letter(
    invitation: Invitation, firm: str, person: str, link: str, reference: str, now: dt.datetime
) -> Letter:
    """What somebody is invited to a firm with, by a person of it."""
    words = letters_in(invitation.language)
    names = {"firm": firm, "person": person or firm, "link": link}
    return Letter(
        reference=reference,
        written_at=now,
        recipient=invitation.email,
        subject=words["subject_invitation"].format(**names),
        body=words["invitation"].format(**names),
        language=invitation.language,
        sender_name=firm,
    )


def test_letter(recipient: str, reference: str, now: dt.datetime) -> Letter:
    """What an operator sends to see whether letters go out."""
    return Letter(
        reference=reference,
        written_at=now,
        recipient=recipient,
        subject="faktura: test",
        body="This letter shows that faktura can send e-mail. Příliš žluťoučký kůň, zażółć gęślą jaźń.\n",
        language="en",
    )


def reset_letter(user: User, link: str, reference: str, now: dt.datetime) -> Letter:
    """What a person who forgot the password sets another one with."""
    words = letters_in(user.language)
    return Letter(
        reference=reference,
        written_at=now,
        recipient=user.email,
        subject=words["subject_reset"],
        body=words["reset"].format(link=link),
        language=user.language,
    )


def failing_letter(user: User, firm: str, url: str, reference: str, now: dt.datetime) -> Letter:
    """What whoever keeps a webhook is told of when its address takes nothing."""
    words = letters_in(user.language)
    return Letter(
        reference=reference,
        written_at=now,
        recipient=user.email,
        subject=words["subject_webhook"].format(firm=firm),
        body=words["webhook"].format(firm=firm, url=url),
        language=user.language,
        sender_name=firm,
    )


def files_letter(user: User, firm: str, packed: bytes, reference: str, now: dt.datetime) -> Letter:
    """What a person gets the files with that they asked for."""
    words = letters_in(user.language)
    return Letter(
        reference=reference,
        written_at=now,
        recipient=user.email,
        subject=words["subject_files"].format(firm=firm),
        body=words["files"].format(firm=firm),
        language=user.language,
        sender_name=firm,
        attached=(Attached(f"{now:%Y-%m-%d}.zip", "application/zip", packed),),
    )
