"""A world is kept as a real firm: a database file without anything of the sandbox, and an invitation into it."""

from pathlib import Path
from typing import NamedTuple, TypeVar

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.jobs_to_do import Job
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.deliveries import Delivery
from faktura.core.errors import Invalid
from faktura.core.ksef.connection import KsefConnection
from faktura.core.money.exchange_rates import ExchangeRate
from faktura.core.people.accounts import Account
from faktura.core.people.api_keys import ApiKey
from faktura.core.people.applications import Application, Grant
from faktura.core.people.first_secrets import FirstSecret
from faktura.core.people.invitations import Invitation, invite
from faktura.core.people.own_password import PasswordReset
from faktura.core.people.sign_in import Session, SignInFailures
from faktura.core.people.tokens import Token
from faktura.core.people.users import NOBODYS_HASH, Membership, User
from faktura.core.subscriptions import Subscription
from faktura.sandbox.control.state import Wrong
from faktura.sandbox.example.firms import OWNER
from faktura.sandbox.files import KEPT
from faktura.sandbox.folder import opened
from faktura.sandbox.worlds.world import World
from faktura.store.backup import copy_file
from faktura.store.database import SqliteDatabase
from faktura.store.records import RECORDS, Shared, Tenant
from faktura.store.statements import Query
from faktura.store.transaction import Transaction, columns_of

R = TypeVar("R", bound=Shared | Tenant)

OF_SANDBOX: tuple[type[Shared | Tenant], ...] = (
    Token,
    Grant,
    ApiKey,
    Application,
    Session,
    SignInFailures,
    PasswordReset,
    FirstSecret,
    ExchangeRate,
    Job,
    Delivery,
    Subscription,
    KsefConnection,
    Invitation,
    Membership,
)
"""What opens it, what waits to be done or told, and rates that no bank ever gave."""


class Kept(NamedTuple):
    """The file, and what the owner's way in ends with."""

    file: Path
    account: Account
    secret: str


class AlreadyKept(Exception):  # noqa: N818 (says what a world is)
    """There is such a file; the text says where."""


def keep(world: World, slug: str, email: str) -> Kept:
    """Copy a world, and have the copy belong to whoever is invited into one of its accounts; the others are not in it.

    The world itself goes on as a world.

    Raises:
        Wrong: it has a seed that was named, or no such account; or the address is none that can be invited.
        AlreadyKept: it was kept before.

    """
    if world.plan.seed:
        raise Wrong("A world whose seed was named cannot be kept: its links follow from the seed. Make one without")
    folder = world.place.folder.parent.parent / KEPT
    folder.mkdir(exist_ok=True, mode=0o700)
    file, unfinished = folder / f"{world.name}.sqlite", folder / f".{world.name}.sqlite"
    if file.exists():
        raise AlreadyKept(f"There is {file} already: move it away, or make another world")
    database = world.service.database
    if not isinstance(database, SqliteDatabase):
        raise TypeError(database)
    copy_file(database, unfinished)
    try:
        with opened(unfinished) as copy:
            account, secret = copy.write(lambda tx: _made_real(tx, slug, email))
        unfinished.rename(file)
    finally:
        unfinished.unlink(missing_ok=True)
    return Kept(file, account, secret)


def _made_real(tx: Transaction, slug: str, email: str) -> tuple[Account, str]:
    office, accounts = Office(tx, Clock().now()), _all(tx, Account)
    account = next((one for one in accounts if one.slug == slug), None)
    if account is None:
        raise Wrong(f"There is no account {slug!r}; there are {', '.join(one.slug for one in accounts)}")
    if office.look_up(User, email=email.strip().lower()) is not None:
        raise Wrong(f"{email} belongs to the example people, such as {OWNER}, who get in no more")
    _leave_only(tx, account)
    for user in _all(tx, User):
        office.change(user, password_hash=NOBODYS_HASH, default_account_id=None)
    if account.blocked:
        account = office.change(account, blocked=False, unpaid_invoices=())
    try:
        return account, invite(Books(tx, account, None, office.now), email, "owner")
    except Invalid:
        raise Wrong(f"{email!r} is no e-mail address that can be invited") from None


def _leave_only(tx: Transaction, account: Account) -> None:
    """Remove what is of the sandbox, and what is of its other accounts."""
    for cls in OF_SANDBOX:
        for record in _all(tx, cls):
            tx.remove(record)
    for tenant in (cls for cls in RECORDS.values() if issubclass(cls, Tenant) and cls not in OF_SANDBOX):
        for own in _all(tx, tenant):
            if own.account_id != account.id:
                tx.remove(own)
    for other in _all(tx, Account):
        if other.id != account.id:
            tx.remove(other)


def _all(tx: Transaction, cls: type[R]) -> list[R]:
    return tx.records(cls, Query(sa.select(*columns_of(cls)).order_by(*cls.table.primary_key)))
