"""Programs that ask for tokens, and what people let them do: applications and grants."""

import datetime as dt
from typing import Literal

import sqlalchemy as sa

from faktura.core.books.office import Office
from faktura.core.errors import NotFound, Problems
from faktura.core.people.hashes import secret_hash
from faktura.core.people.return_addresses import is_acceptable, leads_to
from faktura.core.people.users import User
from faktura.core.texts import check_texts
from faktura.store.records import Shared, index, record, unique
from faktura.store.statements import Query
from faktura.store.transaction import columns_of


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
    """A person lets an application act for them, until the grant is ended, or the password is another one.

    When one of its tokens was `used_at` last is known within minutes.
    """

    application_id: int
    user_id: int
    password_version: int
    used_at: dt.datetime | None = None


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
        Invalid: it has no name, or people may not be sent to a redirect address.

    """
    problems = Problems()
    if not name.strip():
        problems.add("name", "blank")
    check_texts(Application, {"name": name}, problems)
    if not all(map(is_acceptable, redirect_uris)):
        problems.add("redirect_uris", "malformed")
    problems.refuse()
    client_id, secret = known or (_name_or_secret(office), _name_or_secret(office))
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


def _name_or_secret(office: Office) -> str:
    return office.tx.chance.digits(Application.table_name, 20)


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


_g, _u = Grant.table.c, User.table.c

# What ends at the same moment as something is given is found ended here, whichever of the two was written first.
GRANT_STANDS = sa.and_(_u.id == _g.user_id, _u.password_version == _g.password_version)

_STANDING_GRANT = Query(
    sa.select(*columns_of(Grant))
    .join_from(Grant.table, User.table, GRANT_STANDS)
    .where(_g.application_id == sa.bindparam("application_id"), _g.user_id == sa.bindparam("user_id"))
    .order_by(_g.id)
    .limit(1)
)
