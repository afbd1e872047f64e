"""A person sets another password: with the old one, or by a link where that is forgotten."""

import datetime as dt

import sqlalchemy as sa

from faktura.core.books.jobs_to_do import HOUSE, put
from faktura.core.books.office import Office
from faktura.core.errors import NotFound, Refusal
from faktura.core.people.hashes import secret_hash
from faktura.core.people.sign_in import Session
from faktura.core.people.users import User, change_password, password_fits
from faktura.store.records import Shared, index, record, unique
from faktura.store.statements import Query

LIFETIME = dt.timedelta(hours=1)

MOST_AT_ONCE = 3
"""Letters about a forgotten password that a person gets within the life of the first."""

JOB = "send_reset"


@record("password_resets", unique("hash"), index("user_id"), index("expires_at"), refers={"user_id": "users"})
class PasswordReset(Shared):
    """A link by which a person who forgot the password sets another; its secret is made when it is sent."""

    user_id: int
    expires_at: dt.datetime
    hash: str | None = None


class WrongPassword(Refusal):
    """The old password is another one."""


def check_old_password(user: User, password: str) -> None:
    """A tenth of a second of work: call it before the transaction, and only behind the brake of signing in.

    Raises:
        WrongPassword: it is not this person's.

    """
    if not password_fits(user, password):
        raise WrongPassword("the old password is another one")


def change_own_password(office: Office, user: User, password_hash: str, session: str) -> User:
    """Set another password; the browser with this session stays signed in, every other one and every consent ends.

    Raises:
        NotFound: the session is over, because the password was changed meanwhile.

    """
    here = office.find(Session, hash=secret_hash(session), user_id=user.id, password_version=user.password_version)
    changed = change_password(office, office.find(User, id=user.id), password_hash)
    office.change(here, password_version=changed.password_version)
    return changed


def ask_for_reset(office: Office, email: str, by_mail: str) -> None:
    """Have a link sent to the person with this address, if there is one: nobody learns here whether there is.

    `by_mail` is the address that its secret is appended to.
    """
    user = office.look_up(User, email=email.strip().lower())
    if user is None or office.tx.rows(_STANDING, user_id=user.id, now=office.now)[0][0] >= MOST_AT_ONCE:
        return
    reset = office.add(PasswordReset, user_id=user.id, expires_at=office.now + LIFETIME)
    put(office.tx, HOUSE, JOB, (reset.id, by_mail), office.now, office.now)


def secret_to_mail(office: Office, reset_id: int) -> tuple[User, str]:
    """Whom to send a link, and its secret, told this once.

    Raises:
        NotFound: it is wanted no longer.

    """
    reset = office.find(PasswordReset, id=reset_id)
    if reset.expires_at <= office.now:
        raise NotFound(PasswordReset.table_name)
    secret = office.tx.chance.letters(PasswordReset.table_name, 32)
    office.change(reset, hash=secret_hash(secret))
    return office.find(User, id=reset.user_id), secret


def who_resets(office: Office, secret: str) -> User:
    """Whose password a link sets.

    Raises:
        NotFound: nobody's, or nobody's any more.

    """
    reset = office.find(PasswordReset, hash=secret_hash(secret))
    if reset.expires_at <= office.now:
        raise NotFound(PasswordReset.table_name)
    return office.find(User, id=reset.user_id)


def reset_password(office: Office, secret: str, password_hash: str) -> User:
    """Set another password by a link; no link of the person's opens anything any more, nor does the old password.

    Raises:
        NotFound: the link is nobody's, or nobody's any more.

    """
    user = who_resets(office, secret)
    office.tx.remove(office.find(PasswordReset, hash=secret_hash(secret)))
    office.tx.write(_DROP, user_id=user.id)
    return change_password(office, user, password_hash)


def forget_expired_resets(office: Office) -> int:
    """Delete those that expired; how many."""
    return office.tx.write(_FORGET, now=office.now)


_r = PasswordReset.table.c
_now = sa.bindparam("now", type_=_r.expires_at.type)

_STANDING = Query(sa.select(sa.func.count()).where(_r.user_id == sa.bindparam("user_id"), _r.expires_at > _now))
_DROP = Query(sa.delete(PasswordReset.table).where(_r.user_id == sa.bindparam("user_id")))
_FORGET = Query(sa.delete(PasswordReset.table).where(_r.expires_at <= _now))
