"""faktura account, user, key, application: who keeps books here, and who and what gets in."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, Literal, NamedTuple, TypeVar

import typer

if TYPE_CHECKING:
    from faktura.core.office import Office
    from faktura.core.users import User
    from faktura.store.database import Database
    from faktura.store.records import Shared
    from faktura.store.transaction import Transaction

T = TypeVar("T")
S = TypeVar("S", bound="Shared")

account = typer.Typer(help="The firms that keep their books here.", no_args_is_help=True)
user = typer.Typer(help="The people who sign in.", no_args_is_help=True)
key = typer.Typer(help="API keys, each to one account.", no_args_is_help=True)
application = typer.Typer(help="Programs that get tokens.", no_args_is_help=True)

Permission = Literal["owner", "write", "read"]
Language = Literal["cs", "en", "pl"]

SHORTEST_PASSWORD = 10

OWN_NAMES = {"consent", "healthz", "sandbox", "sign-in", "sign-out", "static"}
"""What addresses of the server itself begin with."""

Slug = Annotated[str, typer.Option("--account", metavar="SLUG", help="The account, by the name in its addresses.")]
Email = Annotated[str, typer.Option("--user", metavar="EMAIL", help="The user, by the e-mail address.")]


class Newcomer(NamedTuple):
    """A person as the command line names them."""

    email: str
    name: str
    permission: Permission
    language: Language


@account.command("add")
def add_account(
    slug: Annotated[str, typer.Option(help="Name in addresses: small letters, digits, hyphens.")],
    name: Annotated[str, typer.Option(help="Name of the firm.")],
    country: Annotated[str, typer.Option(help="Country, such as CZ, SK or PL.")] = "CZ",
) -> None:
    """Open the books of a firm; country, currency, language and VAT rate are set by the country."""
    from faktura.core.accounts import open_account
    from faktura.core.codes import countries
    from faktura.dialects import installed

    if country.upper() not in countries():
        raise typer.BadParameter(f"{country} is no code of a country.", param_hint="--country")
    mounts = {mount for d in installed() for found in (d.mounts, *d.hosts.values()) for mount in found}
    if slug in OWN_NAMES | {mount.split("/")[1] for mount in mounts}:
        raise typer.BadParameter(f"{slug} is an address of the server itself.", param_hint="--slug")
    home = _HOMES.get(country.upper(), {})
    _write(lambda office: open_account(office, slug, name, country=country.upper(), **home))
    typer.echo(f"The account {slug} is open. Let somebody in: faktura user add --account {slug} …")


@account.command("list")
def list_accounts() -> None:
    """List slug, name and country of every account."""
    from faktura.core.accounts import Account

    for found in _all(Account):
        typer.echo(f"{found.slug}\t{found.name}\t{found.country}")


@user.command("add")
def add_user(
    email: Annotated[str, typer.Option(help="E-mail address, to sign in with.")],
    name: Annotated[str, typer.Option(help="Full name.")],
    slug: Slug,
    permission: Annotated[Permission, typer.Option(help="What the person may do there.")] = "owner",
    language: Annotated[Language, typer.Option(help="Language of messages to the person.")] = "cs",
) -> None:
    """Add a person, or let one who is known already into another account.

    A new person's password is asked for, or read from standard input where that is no terminal.
    """
    from faktura.core.accounts import Account
    from faktura.core.contacts import is_email

    if not is_email(email):
        raise typer.BadParameter(f"{email} is no e-mail address.", param_hint="--email")
    _read(lambda office: office.find(Account, slug=slug))
    password_hash = "" if _read(lambda office: _known(office, email)) else _ask_for_password()
    newcomer = Newcomer(email, name, permission, language)
    _write(lambda office: _let_in(office, slug, newcomer, password_hash))
    typer.echo(f"{email} has access to {slug}: {permission}.")


@user.command("list")
def list_users() -> None:
    """List address, name and accounts of every user."""
    from faktura.core.users import User, accounts_of

    for found in _all(User):
        places = _read(lambda office, found=found: accounts_of(office, found))  # type: ignore[misc]
        slugs = ", ".join(f"{place.account.slug} ({place.membership.permission})" for place in places)
        typer.echo(f"{found.email}\t{found.full_name}\t{slugs}")


@user.command("password")
def set_password(email: Annotated[str, typer.Option(help="E-mail address of the user.")]) -> None:
    """Set another password; it is asked for, or read from standard input where that is no terminal."""
    _read(lambda office: _find(office, email))
    password_hash = _ask_for_password()
    _write(lambda office: office.change(_find(office, email), password_hash=password_hash))
    typer.echo(f"{email} has another password.")


@key.command("add")
def add_key(
    slug: Slug,
    email: Email,
    name: Annotated[str, typer.Option(help="What the key is for.")],
    scope: Annotated[list[str] | None, typer.Option(help="What it may do, once for each; else everything.")] = None,
) -> None:
    """Make an API key to an account; it is told this once."""
    from faktura.core.accounts import Account
    from faktura.core.credentials import add_api_key
    from faktura.core.users import place_of
    from faktura.dialects import installed

    known = [known for dialect in installed() for known in dialect.key_scopes]
    for wanted in scope or ():
        if wanted not in known:
            raise typer.BadParameter(f"There is no scope {wanted}, but {', '.join(known)}.", param_hint="--scope")

    def work(office: "Office") -> str:
        owner = _find(office, email)
        account = office.find(Account, slug=slug)
        place_of(office, owner, slug)
        return add_api_key(office, account, owner, name, tuple(scope or known))

    typer.echo(_write(work))


@key.command("list")
def list_keys() -> None:
    """List number, account, name and state of every key."""
    from faktura.core.accounts import Account
    from faktura.core.credentials import ApiKey

    slugs = {found.id: found.slug for found in _all(Account)}
    for found in _all(ApiKey):
        typer.echo(f"{found.id}\t{slugs[found.account_id]}\t{found.name}\t{'revoked' if found.revoked_at else 'good'}")


@key.command("revoke")
def revoke_key(number: Annotated[int, typer.Argument(help="Number of the key, see `faktura key list`.")]) -> None:
    """Make a key open nothing any more."""
    from faktura.core.credentials import ApiKey

    _write(lambda office: office.change(office.find(ApiKey, id=number), revoked_at=office.now))
    typer.echo(f"The key {number} is revoked.")


@application.command("add")
def add_application(
    email: Email,
    name: Annotated[str, typer.Option(help="What the program is called.")],
    redirect_uri: Annotated[
        list[str] | None, typer.Option(help="Where people are sent back after they consented; makes an integration.")
    ] = None,
) -> None:
    """Make client id and secret, which are told this once.

    Without --redirect-uri the program acts as the user by itself (client credentials); with it, as whoever consents
    (authorization code).
    """
    from faktura.core.credentials import register_application

    kind: Literal["personal", "integration"] = "integration" if redirect_uri else "personal"

    def work(office: "Office") -> tuple[str, str]:
        owner = _find(office, email)
        return register_application(office, owner, name, kind, tuple(redirect_uri or ()))[1:]

    client_id, secret = _write(work)
    typer.echo(f"client_id={client_id}\nclient_secret={secret}")


@application.command("list")
def list_applications() -> None:
    """List client id, kind and name of every application."""
    from faktura.core.credentials import Application

    for found in _all(Application):
        typer.echo(f"{found.client_id}\t{found.kind}\t{found.name}")


_HOMES = {
    "PL": {"currency": "PLN", "invoice_language": "pl", "vat_rate": 23},
    "SK": {"currency": "EUR", "invoice_language": "sk", "vat_rate": 23},
}
"""What an account has that keeps its books in another country than the Czech Republic."""


def _let_in(office: "Office", slug: str, newcomer: "Newcomer", password_hash: str) -> None:
    """Make a person, new or known, a member of the account."""
    from faktura.core.accounts import Account
    from faktura.core.books import Books
    from faktura.core.users import Membership, add_user, join
    from faktura.store.records import changed

    books = Books(office.tx, office.find(Account, slug=slug), None, office.now)
    person = _known(office, newcomer.email) or add_user(
        office, newcomer.email, newcomer.name, password_hash, newcomer.language
    )
    member = books.look_up(Membership, user_id=person.id)
    if member is None:
        join(books, person, newcomer.permission)
    else:
        books.change(member, changed(member, permission=newcomer.permission))


def _known(office: "Office", email: str) -> "User | None":
    from faktura.core.users import User

    return office.look_up(User, email=email.lower())


def _find(office: "Office", email: str) -> "User":
    from faktura.core.users import User

    return office.find(User, email=email.lower())


def _ask_for_password() -> str:
    """The hash of the password."""
    from faktura.core.users import hash_password

    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    if len(password) < SHORTEST_PASSWORD:
        typer.echo(f"The password must have {SHORTEST_PASSWORD} characters or more.", err=True)
        raise typer.Exit(1)
    return hash_password(password)


def _all(cls: "type[S]") -> "list[S]":
    from faktura.store.every import every, of_row

    def work(office: "Office") -> "list[S]":
        return [of_row(cls, row) for rows in every(office.tx, cls) for row in rows]  # type: ignore[misc]

    return _read(work)


def _read(work: "Callable[[Office], T]") -> T:
    with _opened() as database:
        return database.read(lambda tx: work(_office(tx)))


def _write(work: "Callable[[Office], T]") -> T:
    with _opened() as database:
        return database.write(lambda tx: work(_office(tx)))


def _office(tx: "Transaction") -> "Office":
    from faktura.core.clock import Clock
    from faktura.core.office import Office

    return Office(tx, Clock().now())


@contextlib.contextmanager
def _opened() -> "Iterator[Database]":
    """The database of the settings, which must have its tables."""
    import faktura.core.tables  # noqa: F401 (declares every table)
    from faktura.settings import read_settings
    from faktura.store import schema
    from faktura.store.backup import require_file
    from faktura.store.database import open_database

    database = open_database(read_settings(os.environ).database_url)
    require_file(database)
    with contextlib.closing(database):
        schema.require_head(database)
        yield database
