"""Who and what a person let in, and how it is put out: at the end of the transaction nothing of it opens anything."""

import datetime as dt
from typing import Literal, NamedTuple

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.history import Event, EventName
from faktura.core.books.office import Office
from faktura.core.errors import NotFound
from faktura.core.people.accounts import Account
from faktura.core.people.api_keys import ApiKey, add_api_key
from faktura.core.people.applications import Application, Grant, grant_access, register_application
from faktura.core.people.hashes import secret_fits, secret_hash
from faktura.core.people.sign_in import Session
from faktura.core.people.tokens import Token, end_grant
from faktura.core.people.users import Membership, User, accounts_of, seat_in
from faktura.store.statements import Query
from faktura.store.transaction import columns_of


class Consent(NamedTuple):
    """An application as it acts for a person: an integration that they let, or one of their own."""

    application: Application
    grants: tuple[Grant, ...]

    @property
    def used_at(self) -> dt.datetime | None:
        """When it was used last, within minutes."""
        return max((grant.used_at for grant in self.grants if grant.used_at), default=None)


class Key(NamedTuple):
    """A key that acts for a person, and the account that it opens."""

    api_key: ApiKey
    account: Account


def add_application(
    office: Office, user: User, name: str, redirect_uris: tuple[str, ...], known: tuple[str, str] | None = None
) -> tuple[Application, str]:
    """A program of a person's own or, with addresses, an integration, and its secret, which is told this once.

    With those that are `known` a program is added once, however often that is asked.

    Raises:
        Invalid: as for registering it.

    """
    if known is not None and (own := office.look_up(Application, client_id=known[0])) and own.user_id == user.id:
        return own, known[1]
    kind: Literal["personal", "integration"] = "integration" if redirect_uris else "personal"
    application, _, secret = register_application(office, user, name, kind, redirect_uris, known)
    _note(office, user, "application_added", application)
    return application, secret


def add_key(
    office: Office, user: User, slug: str, name: str, scopes: tuple[str, ...], known: str | None = None
) -> tuple[ApiKey, str]:
    """A key of a member's, told this once.

    One that is `known` to them already is added once, however often that is asked.

    Raises:
        Invalid: it has no name, or one that is not what is seen of it.
        NotFound: there is no such account, or the person is no member of it.

    """
    account = seat_in(office, user, slug).account
    if known is not None and (own := office.look_up(ApiKey, hash=secret_hash(known))) and own.user_id == user.id:
        return own, known
    key = add_api_key(office, account, user, name, scopes, known)
    added = office.find(ApiKey, hash=secret_hash(key))
    Books(office.tx, account, user.id, office.now, way=office.way).note_event(
        Event("api_key_added", added, {"name": (None, name)})
    )
    return added, key


def give_consent(office: Office, user: User, application: Application) -> Grant:
    """Let an integration act for a person."""
    grant = grant_access(office, application, user.id)
    _note(office, user, "consent_given", application)
    return grant


def sessions_of(office: Office, user: User) -> list[Session]:
    """The browsers in which a person is signed in, the newest first."""
    return office.tx.records(
        Session, _SESSIONS, user_id=user.id, password_version=user.password_version, now=office.now
    )


def consents_of(office: Office, user: User) -> list[Consent]:
    """The integrations that a person lets act for them, the oldest first; each once, however often it asked."""
    found: dict[int, Consent] = {}
    width = len(Application.__struct_fields__)
    for row in office.tx.rows(_CONSENTS, user_id=user.id, password_version=user.password_version):
        application, grant = Application(*row[:width]), Grant(*row[width:])
        earlier = found.get(application.id)
        found[application.id] = Consent(application, (*(earlier.grants if earlier else ()), grant))
    return list(found.values())


def applications_of(office: Office, user: User) -> list[Application]:
    """The programs that a person registered: those that act as them by themselves, and integrations."""
    return office.tx.records(Application, _APPLICATIONS, user_id=user.id)


def keys_of(office: Office, user: User) -> list[Key]:
    rows = office.tx.rows(_KEYS, user_id=user.id)
    width = len(ApiKey.__struct_fields__)
    return [Key(ApiKey(*row[:width]), Account(*row[width:])) for row in rows]


def end_session(office: Office, user: User, session_id: int) -> None:
    """Sign a person out of one browser.

    Raises:
        NotFound: the person has no such session.

    """
    session = office.find(Session, id=session_id)
    if session.user_id != user.id:
        raise NotFound(Session.table_name)
    office.tx.remove(session)


def end_sessions(office: Office, user: User, but: str = "") -> int:
    """Sign a person out of every browser but the one that shows this secret; how many there were."""
    ending = [session for session in sessions_of(office, user) if session.hash != secret_hash(but)]
    for session in ending:
        office.tx.remove(session)
    return len(ending)


def end_consent(office: Office, user: User, application_id: int) -> Application:
    """Let an integration act for a person no longer.

    Raises:
        NotFound: the person consented to no such application.

    """
    for application, grants in consents_of(office, user):
        if application.id == application_id:
            for grant in grants:
                end_grant(office, grant)
            _note(office, user, "consent_ended", application)
            return application
    raise NotFound(Grant.table_name)


def end_application(office: Office, application: Application) -> None:
    """Let a program act for nobody any more; its id and its secret are worth nothing."""
    grants = office.tx.records(Grant, _GRANTS, application_id=application.id)
    for grant in grants:
        end_grant(office, grant)
    office.tx.remove(application)
    for user_id in sorted({application.user_id, *(grant.user_id for grant in grants)}):
        _note(office, office.find(User, id=user_id), "application_ended", application)


def own_application(office: Office, user: User, application_id: int) -> Application:
    """A program that a person registered.

    Raises:
        NotFound: the person has no such program.

    """
    application = office.find(Application, id=application_id)
    if application.user_id != user.id:
        raise NotFound(Application.table_name)
    return application


def renew_secret(office: Office, application: Application, known: str | None = None) -> str:
    """Another secret, told this once. What was got with the old one opens nothing; refresh tokens need the new one."""
    secret = known or office.tx.chance.digits(Application.table_name, 20)
    if secret_fits(application.secret_hash, secret):
        return secret
    office.tx.write(_DROP_OPENING, application_id=application.id)
    office.change(application, secret_hash=secret_hash(secret))
    _note(office, office.find(User, id=application.user_id), "application_secret_renewed", application)
    return secret


def end_key(office: Office, api_key: ApiKey, by: int | None = None) -> None:
    """Let a key open nothing any more; `by` is who wants it, where it is not whose key it is."""
    office.tx.remove(api_key)
    account = office.find(Account, id=api_key.account_id)
    ended = Event("api_key_ended", api_key, {"name": (api_key.name, None)})
    Books(office.tx, account, by or api_key.user_id, office.now, way=office.way).note_event(ended)


def own_key(office: Office, user: User, key_id: int) -> ApiKey:
    """A key of a person's.

    Raises:
        NotFound: the person has no such key.

    """
    key = office.find(ApiKey, id=key_id)
    if key.user_id != user.id:
        raise NotFound(ApiKey.table_name)
    return key


def remove_member(office: Office, user: User, slug: str, by: int | None = None) -> None:
    """Let a person into an account no longer, nor their keys to it; `by` is who wants it, None the operator.

    Raises:
        NotFound: there is no such account, or the person is no member of it.

    """
    account = office.find(Account, slug=slug)
    books = Books(office.tx, account, by, office.now, way=office.way)
    membership = books.look_up(Membership, user_id=user.id)
    if membership is None:
        raise NotFound(Membership.table_name)
    for key in keys_of(office, user):
        if key.account.id == account.id:
            end_key(office, key.api_key)
    books.remove(membership)
    books.note_event(Event("member_left", user, {"permission": (membership.permission, None)}))
    if user.default_account_id == account.id:
        rest = accounts_of(office, user)
        office.change(user, default_account_id=rest[0].account.id if rest else None)


def _note(office: Office, user: User, name: EventName, application: Application) -> None:
    """What acts for a person acts in all of their accounts; one that is ended is known by its name alone."""
    details = {"name": (application.name, None) if name in _ENDS else (None, application.name)}
    for account, _ in accounts_of(office, user):
        Books(office.tx, account, user.id, office.now, way=office.way).note_event(Event(name, application, details))


_ENDS: frozenset[EventName] = frozenset({"consent_ended", "application_ended"})

_s, _p, _g, _k, _a, _t = (cls.table.c for cls in (Session, Application, Grant, ApiKey, Account, Token))

_SESSIONS = Query(
    sa.select(*columns_of(Session))
    .where(_s.user_id == sa.bindparam("user_id"), _s.password_version == sa.bindparam("password_version"))
    .where(_s.expires_at > sa.bindparam("now", type_=_s.expires_at.type))
    .order_by(_s.id.desc())
)

_CONSENTS = Query(
    sa.select(*columns_of(Application), *columns_of(Grant))
    .join_from(Grant.table, Application.table, _p.id == _g.application_id)
    .where(_g.user_id == sa.bindparam("user_id"), _g.password_version == sa.bindparam("password_version"))
    .where(_p.kind == "integration")
    .order_by(_g.id)
)

_APPLICATIONS = Query(sa.select(*columns_of(Application)).where(_p.user_id == sa.bindparam("user_id")).order_by(_p.id))

_KEYS = Query(
    sa.select(*columns_of(ApiKey), *columns_of(Account))
    .join_from(ApiKey.table, Account.table, _a.id == _k.account_id)
    .where(_k.user_id == sa.bindparam("user_id"))
    .order_by(_k.id)
)

_GRANTS = Query(sa.select(*columns_of(Grant)).where(_g.application_id == sa.bindparam("application_id")))

_DROP_OPENING = Query(
    sa.delete(Token.table)
    .where(_t.kind != "refresh")
    .where(_t.grant_id.in_(sa.select(_g.id).where(_g.application_id == sa.bindparam("application_id"))))
)
