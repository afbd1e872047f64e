"""Invitations: a link that makes whoever opens it a member of an account."""

import datetime as dt
from typing import NamedTuple

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.history import Event
from faktura.core.books.office import Office
from faktura.core.contacts import is_email
from faktura.core.errors import NotAllowed, NotFound, Problems
from faktura.core.people.accounts import Account
from faktura.core.people.hashes import secret_hash
from faktura.core.people.users import (
    EVERY_SCOPE,
    LANGUAGES,
    PERMISSIONS,
    Language,
    Membership,
    Permission,
    Scope,
    User,
    add_user,
    let_in,
)
from faktura.store.records import Tenant, changed, index, record, unique
from faktura.store.statements import Query
from faktura.store.transaction import columns_of

LIFETIME = dt.timedelta(days=14)

JOB = "send_invitation"


@record(
    "invitations",
    unique("account_id", "email"),
    index("hash", over_all_accounts="whoever opens the link is no member yet"),
    index("mailed_hash", over_all_accounts="as for hash"),
    index("expires_at", over_all_accounts="those that expired are forgotten"),
    refers={"invited_by": "users"},
)
class Invitation(Tenant):
    """Somebody who may join; two secrets open it, of which only the hashes are kept.

    One was shown to whoever invites, the other one is made when it is sent by e-mail, so that it waits nowhere.
    """

    email: str
    permission: Permission
    scopes: tuple[Scope, ...]
    language: Language
    expires_at: dt.datetime
    hash: str
    mailed_hash: str | None = None
    invited_by: int | None = None


class Invited(NamedTuple):
    """An invitation, to which account, and who has its address already."""

    invitation: Invitation
    account: Account
    user: User | None


class Newcomer(NamedTuple):
    """How somebody who is not known yet wants to be known; the hash is of a good password."""

    full_name: str
    password_hash: str
    language: Language


def invite(
    books: Books,
    email: str,
    permission: Permission,
    scopes: tuple[Scope, ...] = EVERY_SCOPE,
    language: Language = "cs",
    by_mail: str = "",
) -> str:
    """The secret that opens an invitation, told this once; one that the same address had before opens nothing more.

    `by_mail` is the address that such secrets are appended to: it is sent, too, by a link of its own.

    Raises:
        Invalid: the address is none, or a member's; or there is no such permission, scope or language.

    """
    email = email.strip().lower()
    problems = Problems()
    _check(books, email, permission, scopes, problems)
    if language not in LANGUAGES:
        problems.add("language", "not_in_list")
    problems.refuse()
    earlier = books.look_up(Invitation, email=email)
    if earlier is not None:
        books.remove(earlier)
    secret = books.tx.chance.letters(Invitation.table_name, 32)
    invitation = books.add(
        Invitation,
        email=email,
        permission=permission,
        scopes=scopes,
        language=language,
        expires_at=books.now + LIFETIME,
        hash=secret_hash(secret),
        invited_by=books.user_id,
    )
    details = {"email": (None, email), "permission": (None, permission)}
    books.note_event(Event("member_invited", invitation, details))
    if by_mail:
        books.later(JOB, invitation.id, by_mail)
    return secret


def secret_to_mail(books: Books, invitation_id: int) -> str:
    """Another secret that opens the invitation, in place of one that was made for an earlier try to send it.

    Raises:
        NotFound: there is no such invitation any more.

    """
    invitation = books.find(Invitation, invitation_id)
    secret = books.tx.chance.letters(Invitation.table_name, 32)
    books.change(invitation, changed(invitation, mailed_hash=secret_hash(secret)))
    return secret


def invitations_of(books: Books) -> list[Invitation]:
    """Those that stand, the oldest first."""
    return [invitation for invitation in books.all(Invitation) if invitation.expires_at > books.now]


def withdraw_invitation(books: Books, invitation_id: int) -> None:
    """Let an invitation open nothing any more.

    Raises:
        NotFound: there is none.

    """
    invitation = books.find(Invitation, invitation_id)
    books.note_event(Event("invitation_withdrawn", invitation, {"email": (invitation.email, None)}))
    books.remove(invitation)


def invited_by_secret(office: Office, secret: str) -> Invited:
    """What a secret opens.

    Raises:
        NotFound: nothing, or nothing any more.

    """
    found = office.tx.records(Invitation, _BY_HASH, hash=secret_hash(secret), now=office.now)
    if not found:
        raise NotFound(Invitation.table_name)
    account = office.find(Account, id=found[0].account_id)
    return Invited(found[0], account, office.look_up(User, email=found[0].email))


def accept_invitation(office: Office, secret: str, who: User | Newcomer) -> tuple[User, Account]:
    """Join: as the person who is signed in, or as somebody new under the address that was invited.

    Write it in the account's turn, which `invited_by_secret` names. The invitation then opens nothing any more.

    Raises:
        NotFound: the secret opens nothing.
        NotAllowed: another person is signed in than the one invited, or the address is somebody's who must sign in.
        Invalid: the name is not what is seen of it.

    """
    invitation, account, known = invited_by_secret(office, secret)
    if isinstance(who, User):
        if who.email != invitation.email:
            raise NotAllowed(who.email)
        user = who
    elif known is not None:
        raise NotAllowed(known.email)
    else:
        user = add_user(office, invitation.email, who.full_name, who.password_hash, who.language)
    books = Books(office.tx, account, user.id, office.now, way=office.way)
    books.remove(invitation)
    let_in(books, user, invitation.permission, invitation.scopes)
    return office.find(User, id=user.id), account


def forget_expired_invitations(office: Office) -> bool:
    """Delete those that expired, in every account; whether more are left."""
    return office.forget_expired(Invitation)


def _check(books: Books, email: str, permission: Permission, scopes: tuple[Scope, ...], problems: Problems) -> None:
    if not is_email(email):
        problems.add("email", "malformed_email")
    known = Office(books.tx, books.now).look_up(User, email=email)
    if known is not None and books.look_up(Membership, user_id=known.id) is not None:
        problems.add("email", "taken")
    if permission not in PERMISSIONS:
        problems.add("permission", "not_in_list")
    if not set(scopes) <= set(EVERY_SCOPE):
        problems.add("scopes", "not_in_list")


_i = Invitation.table.c

_BY_HASH = Query(
    sa.select(*columns_of(Invitation)).where(
        sa.or_(_i.hash == sa.bindparam("hash"), _i.mailed_hash == sa.bindparam("hash")),
        _i.expires_at > sa.bindparam("now", type_=_i.expires_at.type),
    )
)
