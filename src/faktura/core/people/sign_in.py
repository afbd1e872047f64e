"""Signing in: the session of a person's browser, and the brake on guessing passwords."""

import datetime as dt
import ipaddress
import math
from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa

from faktura.core.books.office import Office
from faktura.core.errors import Refusal
from faktura.core.people.hashes import secret_hash
from faktura.core.people.users import User
from faktura.store.records import Shared, index, record, unique
from faktura.store.statements import Query

SESSION_LIFETIME = dt.timedelta(days=7)

FIRST_LOCK = dt.timedelta(minutes=1)
LONGEST_LOCK = dt.timedelta(hours=1)

IPV6_NETWORK = 64
"""Bits of an IPv6 address that one customer of a provider keeps; the others are theirs to choose."""


@record("sessions", unique("hash"), index("user_id"), index("expires_at"), refers={"user_id": "users"})
class Session(Shared):
    """A browser in which a person signed in; it shows a secret of which the hash is kept.

    When it was `used_at` last is known within minutes.
    """

    hash: str
    user_id: int
    password_version: int
    expires_at: dt.datetime
    used_at: dt.datetime | None = None


@record("sign_in_failures", unique("hash"), index("forgotten_at"))
class SignInFailures(Shared):
    """Failed sign-ins from one place, for one e-mail address or for any, of which only the hash is kept."""

    hash: str
    count: int
    forgotten_at: dt.datetime
    locked_until: dt.datetime | None = None


class Locked(Refusal):
    """Too many sign-ins failed; `seconds` is how long to wait, at least one."""

    def __init__(self, wait: dt.timedelta) -> None:
        super().__init__("too many failed sign-ins")
        self.seconds = max(math.ceil(wait.total_seconds()), 1)


class Brake(NamedTuple):
    """The failure number `free` locks for a minute, each after it for twice as long, at most an hour.

    Failures are forgotten when `quiet` has passed since the lock ended.
    """

    kind: str
    free: int
    quiet: dt.timedelta

    def lock_after(self, count: int) -> dt.timedelta:
        """How long nobody may try after so many failures."""
        if count < self.free:
            return dt.timedelta()
        return min(FIRST_LOCK * (1 << min(count - self.free, 16)), LONGEST_LOCK)


USER = Brake("user", 5, dt.timedelta(days=1))
"""On one e-mail address from one network address or known browser: the guesses of others lock nobody out."""

ADDRESS = Brake("address", 30, dt.timedelta(hours=1))
"""On whatever comes from one network address, but for browsers that are known."""


class Counted(NamedTuple):
    """An attempt as it was counted against a brake."""

    brake: Brake
    hash: str
    version: int


def begin_attempt(office: Office, email: str, address: str, browser: str | None = None) -> list[Counted]:
    """Count an attempt as failed before its password is looked at, so that guesses made together are counted too.

    `browser` is one in which the person with this e-mail address signed in before.

    Raises:
        Locked: too many failed; the attempt is not counted, and its password must not be looked at.

    """
    keys = _keys(email.strip().lower(), address, browser)
    found = [(brake, hashed, office.look_up(SignInFailures, hash=hashed)) for brake, hashed in keys]
    locks = [failures.locked_until for _, _, failures in found if failures and failures.locked_until]
    if locks and max(locks) > office.now:
        raise Locked(max(locks) - office.now)
    return [Counted(brake, hashed, _count(office, brake, hashed, failures)) for brake, hashed, failures in found]


def admit(office: Office, user: User, attempt: list[Counted]) -> str:
    """The secret of a new session of a person whose password was right, told this once."""
    take_back(office, attempt)
    secret = office.tx.chance.digits(Session.table_name, 32)
    office.add(
        Session,
        hash=secret_hash(secret),
        user_id=user.id,
        password_version=user.password_version,
        expires_at=office.now + SESSION_LIFETIME,
    )
    return secret


def take_back(office: Office, attempt: list[Counted]) -> None:
    """The password was right: the failures of the user are forgotten.

    Of those of the network address only this attempt is taken back, and its lock only where nobody tried meanwhile:
    nobody can go on guessing by signing in as themselves in between.
    """
    for brake, hashed, version in attempt:
        failures = office.look_up(SignInFailures, hash=hashed)
        if failures is None:
            continue
        if brake is USER:
            office.tx.remove(failures)
        else:
            locked_until = None if failures.version == version else failures.locked_until
            office.change(failures, count=failures.count - 1, locked_until=locked_until)


class SignedIn(NamedTuple):
    """A person, and the session of their browser."""

    user: User
    session: Session


def signed_in(office: Office, secret: str) -> SignedIn | None:
    """Whose session this is, while it lasts and the password is the one that it began with."""
    session = office.look_up(Session, hash=secret_hash(secret))
    if session is None or session.expires_at <= office.now:
        return None
    user = office.look_up(User, id=session.user_id, password_version=session.password_version)
    return None if user is None else SignedIn(user, session)


def sign_out(office: Office, secret: str) -> None:
    """End the session, if there still is one."""
    session = office.look_up(Session, hash=secret_hash(secret))
    if session is not None:
        office.tx.remove(session)


def forget_old_sign_ins(office: Office) -> int:
    """Delete sessions and failures that count no more; how many there were."""
    return office.tx.write(_FORGET_SESSIONS, now=office.now) + office.tx.write(_FORGET_FAILURES, now=office.now)


def _count(office: Office, brake: Brake, hashed: str, failures: SignInFailures | None) -> int:
    """The version of what was counted."""
    remembered = failures is not None and failures.forgotten_at > office.now
    count = 1 + (failures.count if failures and remembered else 0)
    unlocked = office.now + brake.lock_after(count)
    values = {
        "count": count,
        "locked_until": unlocked if unlocked > office.now else None,
        "forgotten_at": unlocked + brake.quiet,
    }
    if failures is None:
        return office.add(SignInFailures, hash=hashed, **values).version
    return office.change(failures, **values).version


def _keys(email: str, address: str, browser: str | None) -> Iterator[tuple[Brake, str]]:
    """What an attempt is counted by; a NUL stands in no e-mail address."""
    if browser is None:
        yield ADDRESS, secret_hash(f"{ADDRESS.kind} {_network(address)}")
    place = f"address {_network(address)}" if browser is None else f"browser {browser}"
    yield USER, secret_hash(f"{USER.kind} {email}\0{place}")


def _network(address: str) -> str:
    try:
        known = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(known, ipaddress.IPv4Address):
        return address
    if known.ipv4_mapped:
        return str(known.ipv4_mapped)
    return str(ipaddress.ip_network((known, IPV6_NETWORK), strict=False))


_FORGET_SESSIONS = Query(
    sa.delete(Session.table).where(
        Session.table.c.expires_at <= sa.bindparam("now", type_=Session.table.c.expires_at.type)
    )
)

_FORGET_FAILURES = Query(
    sa.delete(SignInFailures.table).where(
        SignInFailures.table.c.forgotten_at <= sa.bindparam("now", type_=SignInFailures.table.c.forgotten_at.type)
    )
)
