"""What programs show to get in: applications, grants, tokens and keys. Secrets are kept as hashes only."""

import datetime as dt
import hashlib
import hmac
import re
import secrets
from typing import Literal

import msgspec
import sqlalchemy as sa

from faktura.core.books.office import Office
from faktura.core.errors import NotFound, Problems
from faktura.core.people.accounts import Account
from faktura.core.people.return_addresses import is_acceptable, leads_to
from faktura.core.people.users import Membership, Permission, Scope, User
from faktura.core.texts import check_texts
from faktura.store.records import Shared, index, record, unique
from faktura.store.statements import Query
from faktura.store.transaction import columns_of

CODE_LIFETIME = dt.timedelta(minutes=5)
ACCESS_LIFETIME = dt.timedelta(seconds=7200)

TokenKind = Literal["code", "access", "refresh"]


@record("applications", unique("client_id"), index("user_id"), watched=True, refers={"user_id": "users"})
class Application(Shared):
    """A program that asks for tokens.

    A personal one acts as its user by itself; an integration acts for whoever consents, and sends them back to one of
    its `redirect_uris`.
    """

    client_id: str
    secret_hash: str
    name: str
    kind: Literal["personal", "integration"]
    user_id: int
    redirect_uris: tuple[str, ...] = ()


@record(
    "grants",
    index("application_id"),
    index("user_id"),
    watched=True,
    refers={"user_id": "users"},
    remembers={"application_id": "applications"},
)
class Grant(Shared):
    """A person lets an application act for them, until the grant is ended, or the password is another one."""

    application_id: int
    user_id: int
    password_version: int


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


@record(
    "api_keys",
    unique("hash"),
    index("account_id"),
    index("user_id"),
    watched=True,
    refers={"account_id": "accounts", "user_id": "users"},
)
class ApiKey(Shared):
    """A key that opens one account, within its scopes, while its user is a member there."""

    hash: str
    account_id: int
    user_id: int
    name: str
    scopes: tuple[str, ...]


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

    @property
    def may_write(self) -> bool:
        return self.permission != "read"


class KeyHolder(msgspec.Struct, frozen=True):
    """Who stands at the door with a key, whose name is the `program`, as one look at the database shows."""

    user_id: int
    scopes: tuple[str, ...]
    account_id: int
    account_version: int
    program: str


def secret_hash(secret: str) -> str:
    """SHA-256 in hex: enough for secrets that are random and long."""
    return hashlib.sha256(secret.encode()).hexdigest()


def secret_fits(hashed: str, secret: str) -> bool:
    """Compares in constant time."""
    return hmac.compare_digest(hashed, secret_hash(secret))


def register_application(
    office: Office,
    user: User,
    name: str,
    kind: Literal["personal", "integration"],
    redirect_uris: tuple[str, ...] = (),
    known: tuple[str, str] | None = None,
) -> tuple[Application, str, str]:
    """The application, its client id and its secret, which is told this once (or is already `known` to somebody).

    Raises:
        Invalid: people may not be sent to a redirect address.

    """
    problems = Problems()
    check_texts(Application, {"name": name}, problems)
    if not all(map(is_acceptable, redirect_uris)):
        problems.add("redirect_uris", "malformed")
    problems.refuse()
    client_id, secret = known or (secrets.token_hex(20), secrets.token_hex(20))
    application = office.add(
        Application,
        client_id=client_id,
        secret_hash=secret_hash(secret),
        name=name,
        kind=kind,
        user_id=user.id,
        redirect_uris=redirect_uris,
    )
    return application, client_id, secret


def grant_access(office: Office, application: Application, user_id: int) -> Grant:
    version = office.find(User, id=user_id).password_version
    return office.add(Grant, application_id=application.id, user_id=user_id, password_version=version)


def grant_to_itself(office: Office, application: Application) -> Grant:
    """The grant under which a personal application acts for its user: the one that stands, or a new one."""
    standing = office.tx.records(Grant, _STANDING_GRANT, application_id=application.id, user_id=application.user_id)
    return standing[0] if standing else grant_access(office, application, application.user_id)


def may_return_to(application: Application, redirect_uri: str) -> bool:
    """Whether people may be sent back there with a code."""
    allowed = application.redirect_uris if application.kind == "integration" else ()
    return is_acceptable(redirect_uri) and any(leads_to(registered, redirect_uri) for registered in allowed)


def application_that_asks(office: Office, client_id: str, redirect_uri: str) -> Application:
    """The integration that asks a person for access.

    Raises:
        NotFound: there is none with this id that people may be sent back to at this address.

    """
    application = office.find(Application, client_id=client_id)
    if not may_return_to(application, redirect_uri):
        raise NotFound(Application.table_name)
    return application


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
    """Let its tokens open nothing any more."""
    office.tx.write(_DROP_TOKENS, grant_id=grant.id)
    office.tx.remove(grant)


def drop_token(office: Office, token: Token) -> None:
    office.tx.remove(token)


def add_api_key(
    office: Office, account: Account, user: User, name: str, scopes: tuple[str, ...], known: str | None = None
) -> str:
    """The key's text, which is told this once (or is already `known` to somebody).

    Raises:
        Invalid: the name is not what is seen of it.

    """
    problems = Problems()
    check_texts(ApiKey, {"name": name}, problems)
    problems.refuse()
    key = known or secrets.token_hex(20)
    office.add(ApiKey, hash=secret_hash(key), account_id=account.id, user_id=user.id, name=name, scopes=scopes)
    return key


def visitor_with_token(office: Office, secret: str, slug: str) -> Visitor | None:
    """Who brings this access token to the account with this slug.

    None where no standing access token reads so.

    Raises:
        NotFound: the token is good, but its user has no access to such an account.

    """
    rows = office.tx.rows(_VISITOR, hash=secret_hash(secret), slug=slug)
    if not rows:
        if user_with_token(office, secret) is None:
            return None
        raise NotFound(slug)
    visitor = Visitor(*rows[0])
    return visitor if visitor.expires_at > office.now else None


def holder_of_key(office: Office, key: str) -> KeyHolder | None:
    """Who brings this key, or None where no standing key reads so."""
    rows = office.tx.rows(_HOLDER, hash=secret_hash(key))
    return KeyHolder(*rows[0]) if rows else None


def user_with_token(office: Office, secret: str) -> User | None:
    """Whose access token this is."""
    found = standing_token(office, secret, "access")
    return office.find(User, id=found[1].user_id) if found else None


def forget_expired(office: Office) -> int:
    """Delete codes and tokens that expired a day ago or more, and whatever stands no longer; how many tokens."""
    office.tx.write(_FORGET_GRANTS)
    return office.tx.write(_FORGET_TOKENS, before=office.now - dt.timedelta(days=1))


def _issue(office: Office, grant: Grant, kind: TokenKind, **values: object) -> str:
    secret = secrets.token_hex(40)
    office.add(Token, hash=secret_hash(secret), kind=kind, grant_id=grant.id, **values)
    return secret


_CHALLENGE = re.compile(r"[A-Za-z0-9._~-]{43,128}")

_t, _p, _g, _u, _m, _a, _k = (cls.table.c for cls in (Token, Application, Grant, User, Membership, Account, ApiKey))

# What ends at the same moment as something is given is found ended here, whichever of the two was written first.
_GRANT_STANDS = sa.and_(_u.id == _g.user_id, _u.password_version == _g.password_version)

_STANDING_TOKEN = Query(
    sa.select(*columns_of(Token), *columns_of(Grant))
    .select_from(Token.table)
    .join(Grant.table, _g.id == _t.grant_id)
    .join(Application.table, _p.id == _g.application_id)
    .join(User.table, _GRANT_STANDS)
    .where(_t.hash == sa.bindparam("hash"))
)

_VISITOR = Query(
    sa.select(_u.id, _u.language, _m.permission, _m.scopes, _a.id, _a.version, _a.blocked, _t.expires_at, _p.name)
    .select_from(Token.table)
    .join(Grant.table, _g.id == _t.grant_id)
    .join(Application.table, _p.id == _g.application_id)
    .join(User.table, _GRANT_STANDS)
    .join(Account.table, _a.slug == sa.bindparam("slug"))
    .join(Membership.table, sa.and_(_m.account_id == _a.id, _m.user_id == _u.id))
    .where(_t.hash == sa.bindparam("hash"), _t.kind == "access")
)

_STANDING_GRANT = Query(
    sa.select(*columns_of(Grant))
    .join_from(Grant.table, User.table, _GRANT_STANDS)
    .where(_g.application_id == sa.bindparam("application_id"), _g.user_id == sa.bindparam("user_id"))
    .order_by(_g.id)
    .limit(1)
)

_HOLDER = Query(
    sa.select(_k.user_id, _k.scopes, _a.id, _a.version, _k.name)
    .select_from(ApiKey.table)
    .join(Account.table, _a.id == _k.account_id)
    .join(Membership.table, sa.and_(_m.account_id == _k.account_id, _m.user_id == _k.user_id))
    .where(_k.hash == sa.bindparam("hash"))
)

_DROP_TOKENS = Query(sa.delete(Token.table).where(_t.grant_id == sa.bindparam("grant_id")))

_STANDS = (
    sa.select(_u.id).join_from(User.table, Application.table, _p.id == _g.application_id).where(_GRANT_STANDS).exists()
)

_FORGET_GRANTS = Query(sa.delete(Grant.table).where(~_STANDS))

_FORGET_TOKENS = Query(
    sa.delete(Token.table).where(
        (_t.expires_at < sa.bindparam("before", type_=_t.expires_at.type))
        | ~sa.select(_g.id).where(_g.id == _t.grant_id).exists()
    )
)
