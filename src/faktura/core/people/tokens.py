"""What applications show to get in: codes, access tokens and refresh tokens, each of a grant."""

import datetime as dt
import re
from typing import Literal

import msgspec
import sqlalchemy as sa

from faktura.core.books.office import Office
from faktura.core.errors import NotFound
from faktura.core.people.accounts import Account
from faktura.core.people.applications import GRANT_STANDS, Application, Grant
from faktura.core.people.credentials import Credential
from faktura.core.people.hashes import secret_hash
from faktura.core.people.users import WRITERS, Membership, Permission, Scope, Seat, User, accounts_of
from faktura.core.subscriptions import end_subscriptions_of
from faktura.store.records import Shared, index, record, unique
from faktura.store.statements import Query
from faktura.store.transaction import columns_of

CODE_LIFETIME = dt.timedelta(minutes=5)
ACCESS_LIFETIME = dt.timedelta(seconds=7200)

TokenKind = Literal["code", "access", "refresh"]


@record(
    "tokens",
    unique("hash"),
    index("grant_id"),
    index("expires_at"),
    watched=True,
    remembers={"grant_id": "grants"},
)
class Token(Shared):
    """A code, an access token or a refresh token of a grant. A used code stays, so that a second use is noticed."""

    hash: str
    kind: TokenKind
    grant_id: int
    expires_at: dt.datetime | None = None
    used_at: dt.datetime | None = None
    redirect_uri: str | None = None
    challenge: str | None = None


class Visitor(msgspec.Struct, frozen=True):
    """Who stands at the door of an account, and through what program, as one look at the database shows."""

    user_id: int
    language: str
    permission: Permission
    scopes: tuple[Scope, ...]
    account_id: int
    account_version: int
    blocked: bool
    expires_at: dt.datetime
    program: str
    grant_id: int
    application_id: int
    shut_out: tuple[int, ...]

    @property
    def may_write(self) -> bool:
        return self.permission in WRITERS

    @property
    def credential(self) -> Credential:
        return Credential("grant", self.grant_id)


def is_challenge(challenge: str | None, method: str | None) -> bool:
    """Whether they may stand together in a request for a code (RFC 7636, 4.3): none, or one of the method S256."""
    if challenge is None:
        return method is None
    return method == "S256" and _CHALLENGE.fullmatch(challenge) is not None


def issue_code(office: Office, grant: Grant, redirect_uri: str, challenge: str | None = None) -> str:
    """A code for one exchange within five minutes; `challenge` is that of PKCE (RFC 7636), of the method S256."""
    expires_at = office.now + CODE_LIFETIME
    return _issue(office, grant, "code", expires_at=expires_at, redirect_uri=redirect_uri, challenge=challenge)


def issue_access_token(office: Office, grant: Grant) -> str:
    return _issue(office, grant, "access", expires_at=office.now + ACCESS_LIFETIME)


def issue_refresh_token(office: Office, grant: Grant) -> str:
    return _issue(office, grant, "refresh")


def standing_token(office: Office, secret: str, *kinds: TokenKind) -> tuple[Token, Grant] | None:
    """The token of one of these kinds, unused, not expired and of a grant that stands."""
    rows = office.tx.rows(_STANDING_TOKEN, hash=secret_hash(secret))
    if not rows:
        return None
    width = len(Token.__struct_fields__)
    token, grant = Token(*rows[0][:width]), Grant(*rows[0][width:])
    if token.kind not in kinds or token.used_at is not None:
        return None
    return (token, grant) if token.expires_at is None or token.expires_at > office.now else None


def code_to_exchange(office: Office, application: Application, secret: str) -> tuple[Token, Grant] | None:
    """The standing code that this application was given.

    A code that comes a second time was stolen, or what it gave was: its grant is ended (RFC 6749, 4.1.2).
    """
    code = office.look_up(Token, hash=secret_hash(secret))
    if code is None or code.kind != "code":
        return None
    grant = office.look_up(Grant, id=code.grant_id)
    if grant is None or grant.application_id != application.id:
        return None
    if code.used_at is not None:
        end_grant(office, grant)
        return None
    return standing_token(office, secret, "code")


def use_code(office: Office, token: Token) -> None:
    """Mark the code as used."""
    office.change(token, used_at=office.now)


def end_grant(office: Office, grant: Grant) -> None:
    """Let its tokens open nothing any more, and tell its program nothing of what it asked for."""
    end_subscriptions_of(office, grant)
    office.tx.write(_DROP_TOKENS, grant_id=grant.id)
    office.tx.remove(grant)


def drop_token(office: Office, token: Token) -> None:
    office.tx.remove(token)


def visitor_with_token(office: Office, secret: str, slug: str) -> Visitor | None:
    """Who brings this access token to the account with this slug.

    None where no standing access token reads so.

    Raises:
        NotFound: the token is good, but its user has no access to such an account, or its application none there.

    """
    rows = office.tx.rows(_VISITOR, hash=secret_hash(secret), slug=slug)
    if not rows:
        if user_with_token(office, secret) is None:
            return None
        raise NotFound(slug)
    visitor = Visitor(*rows[0])
    if visitor.application_id in visitor.shut_out:
        raise NotFound(slug)
    return visitor if visitor.expires_at > office.now else None


def user_with_token(office: Office, secret: str) -> User | None:
    """Whose access token this is."""
    found = standing_token(office, secret, "access")
    return office.find(User, id=found[1].user_id) if found else None


def seats_of_token(office: Office, secret: str) -> list[Seat]:
    """The accounts that this access token opens: those of its user, but where its application was shut out."""
    found = standing_token(office, secret, "access")
    if found is None:
        return []
    grant = found[1]
    seats = accounts_of(office, office.find(User, id=grant.user_id))
    return [seat for seat in seats if grant.application_id not in seat.membership.shut_out]


def forget_expired(office: Office) -> int:
    """Delete codes and tokens that expired a day ago or more, and whatever stands no longer; how many tokens."""
    office.tx.write(_FORGET_GRANTS)
    return office.tx.write(_FORGET_TOKENS, before=office.now - dt.timedelta(days=1))


def _issue(office: Office, grant: Grant, kind: TokenKind, **values: object) -> str:
    secret = office.tx.chance.digits(Token.table_name, 40)
    office.add(Token, hash=secret_hash(secret), kind=kind, grant_id=grant.id, **values)
    return secret


_CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")

_t, _p, _g, _u, _m, _a = (cls.table.c for cls in (Token, Application, Grant, User, Membership, Account))


_STANDING_TOKEN = Query(
    sa.select(*columns_of(Token), *columns_of(Grant))
    .select_from(Token.table)
    .join(Grant.table, _g.id == _t.grant_id)
    .join(Application.table, _p.id == _g.application_id)
    .join(User.table, GRANT_STANDS)
    .where(_t.hash == sa.bindparam("hash"))
)

_VISITOR = Query(
    sa.select(
        _u.id,
        _u.language,
        _m.permission,
        _m.scopes,
        _a.id,
        _a.version,
        _a.blocked,
        _t.expires_at,
        _p.name,
        _g.id,
        _p.id,
        _m.shut_out,
    )
    .select_from(Token.table)
    .join(Grant.table, _g.id == _t.grant_id)
    .join(Application.table, _p.id == _g.application_id)
    .join(User.table, GRANT_STANDS)
    .join(Account.table, _a.slug == sa.bindparam("slug"))
    .join(Membership.table, sa.and_(_m.account_id == _a.id, _m.user_id == _u.id))
    .where(_t.hash == sa.bindparam("hash"), _t.kind == "access")
)

_DROP_TOKENS = Query(sa.delete(Token.table).where(_t.grant_id == sa.bindparam("grant_id")))

_STANDS = (
    sa.select(_u.id).join_from(User.table, Application.table, _p.id == _g.application_id).where(GRANT_STANDS).exists()
)

_FORGET_GRANTS = Query(sa.delete(Grant.table).where(~_STANDS))

_FORGET_TOKENS = Query(
    sa.delete(Token.table).where(
        (_t.expires_at < sa.bindparam("before", type_=_t.expires_at.type))
        | ~sa.select(_g.id).where(_g.id == _t.grant_id).exists()
    )
)
