"""faktura account, user, session: who keeps books here, who gets in, and who is in."""

import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple

import typer

from faktura.commands.office import Email, OfUser, Slug, day_of, every, given, read, user_named, users_named, write

if TYPE_CHECKING:
    from faktura.core.books.office import Office
    from faktura.core.people.users import User

account = typer.Typer(help="The firms that keep their books here.", no_args_is_help=True)
user = typer.Typer(help="The people who sign in.", no_args_is_help=True)
session = typer.Typer(help="The browsers in which people are signed in.", no_args_is_help=True)

Permission = Literal["owner", "write", "accountant", "read"]
Language = Literal["cs", "en", "pl"]

SAID = ("full_name", "language")
"""What may be said of a person."""

USUAL = "usual"
MOST_OF_A_LIMIT = 1_000_000_000


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
    from faktura.core.codes import countries
    from faktura.core.people.accounts import home_of, open_account
    from faktura.dialects import mounts

    if country.upper() not in countries():
        raise typer.BadParameter(f"{country} is no code of a country.", param_hint="--country")

    def work(office: "Office") -> None:
        home = home_of(country.upper(), office.now)
        open_account(office, slug, name, mounts=mounts(), country=country.upper(), **home)

    write(work)
    typer.echo(f"The account {slug} is open. Let somebody in: faktura user add --account {slug} …")


@account.command("list")
def list_accounts() -> None:
    """List slug, name and country of every account."""
    from faktura.core.people.accounts import Account

    for found in read(lambda office: every(office, Account)):
        typer.echo(f"{found.slug}\t{found.name}\t{found.country}")


def _limit(text: str) -> int:
    """Zero for the server's own."""
    if text == USUAL:
        return 0
    if text.isascii() and text.isdecimal() and 1 <= int(text) <= MOST_OF_A_LIMIT:
        return int(text)
    raise typer.BadParameter(f"{text} is neither a number from 1 to {MOST_OF_A_LIMIT} nor {USUAL}.")


def _limit_option(what: str) -> Any:
    return typer.Option(parser=_limit, metavar=f"NUMBER|{USUAL}", help=what)


@account.command("limits")
def set_limits(
    slug: Slug,
    requests: Annotated[int | None, _limit_option("Requests of the APIs in a minute.")] = None,
    mails: Annotated[int | None, _limit_option("Messages sent in an hour.")] = None,
    print_seconds: Annotated[int | None, _limit_option("Seconds of processor time for prints in an hour.")] = None,
) -> None:
    """Set how much an account may do, or only show it; `usual` is what the settings of the server say."""
    from faktura.core.people.accounts import Account

    limits = {"requests_per_minute": requests, "mails_per_hour": mails, "print_seconds_per_hour": print_seconds}
    given = {name: limit or None for name, limit in limits.items() if limit is not None}
    found = write(lambda office: office.change(office.find(Account, slug=slug), **given))
    for name in limits:
        typer.echo(f"{name}\t{getattr(found, name) or USUAL}")


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
    from faktura.core.contacts import is_email
    from faktura.core.people.accounts import Account

    if not is_email(email):
        raise typer.BadParameter(f"{email} is no e-mail address.", param_hint="--email")
    read(lambda office: office.find(Account, slug=slug))
    password_hash = "" if read(lambda office: _known(office, email)) else _ask_for_password(email, name)
    newcomer = Newcomer(email, name, permission, language)
    write(lambda office: _let_in(office, slug, newcomer, password_hash))
    typer.echo(f"{email} has access to {slug}: {permission}.")


@user.command("list")
def list_users() -> None:
    """List address, name and accounts of every user."""
    from faktura.core.people.users import User, accounts_of

    def work(office: "Office") -> list[str]:
        lines = []
        for found in every(office, User):
            places = accounts_of(office, found)
            slugs = ", ".join(f"{place.account.slug} ({place.membership.permission})" for place in places)
            lines.append(f"{found.email}\t{found.full_name}\t{slugs}")
        return lines

    for line in read(work):
        typer.echo(line)


@user.command("set")
def set_user(
    email: Annotated[str, typer.Option(help="E-mail address of the user.")],
    values: Annotated[list[str] | None, typer.Argument(metavar="[NAME=VALUE]...", help="What to say.")] = None,
) -> None:
    """Say how a person is called, full_name, and their language: cs, en or pl. Or only show it."""
    from faktura.core.people.users import User, change_user

    said = given(User, values or (), SAID)
    found = write(lambda office: change_user(office, user_named(office, email), said))
    for name in SAID:
        typer.echo(f"{name}\t{getattr(found, name)}")


@user.command("password")
def set_password(email: Annotated[str, typer.Option(help="E-mail address of the user.")]) -> None:
    """Set another password; it is asked for, or read from standard input where that is no terminal.

    Whoever got in by the old one, by signing in or by consent, is out. Keys and applications of the user's own stay.
    """
    from faktura.core.people.users import change_password

    person = read(lambda office: user_named(office, email))
    password_hash = _ask_for_password(person.email, person.full_name)
    write(lambda office: change_password(office, user_named(office, email), password_hash))
    typer.echo(f"{email} has another password. Every browser is signed out, every consent is ended.")


@user.command("remove")
def remove_user(email: Annotated[str, typer.Option(help="E-mail address of the user.")], slug: Slug) -> None:
    """Let a person into an account no longer; the person's keys to it are ended."""
    from faktura.core.people.access import remove_member

    write(lambda office: remove_member(office, user_named(office, email), slug))
    typer.echo(f"{email} has no access to {slug} any more.")


@session.command("list")
def list_sessions(email: OfUser = None) -> None:
    """List number, user, beginning, end and last use of every session."""
    from faktura.core.people.access import sessions_of

    def work(office: "Office") -> list[str]:
        return [
            f"{found.id}\t{person.email}\t{found.created_at:%Y-%m-%d %H:%M}\t{found.expires_at:%Y-%m-%d %H:%M}"
            f"\t{day_of(found.used_at)}"
            for person in users_named(office, email)
            for found in sessions_of(office, person)
        ]

    for line in read(work):
        typer.echo(line)


@session.command("end")
def end_sessions(email: Email) -> None:
    """Sign a person out of every browser."""
    from faktura.core.people.access import end_sessions

    count = write(lambda office: end_sessions(office, user_named(office, email)))
    typer.echo(f"{email} is signed out of {count} browser{'' if count == 1 else 's'}.")


def _let_in(office: "Office", slug: str, newcomer: "Newcomer", password_hash: str) -> None:
    """Make a person, new or known, a member of the account."""
    from faktura.core.books.books import Books
    from faktura.core.people.accounts import Account
    from faktura.core.people.users import add_user, let_in

    books = Books(office.tx, office.find(Account, slug=slug), None, office.now)
    person = _known(office, newcomer.email) or add_user(
        office, newcomer.email, newcomer.name, password_hash, newcomer.language
    )
    let_in(books, person, newcomer.permission)


def _known(office: "Office", email: str) -> "User | None":
    from faktura.core.people.users import User

    return office.look_up(User, email=email.lower())


def _ask_for_password(email: str, name: str) -> str:
    """The hash of the password."""
    from faktura.core.people.passwords import SHORTEST, WeakPassword, hash_good_password

    if sys.stdin.isatty():
        password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\n")
    try:
        return hash_good_password(password, email, name)
    except WeakPassword as weak:
        sentences = {
            "too_short": f"The password must have {SHORTEST} characters or more.",
            "easily_guessed": "The password is easily guessed: it is a common one, or near to the person's name or "
            "e-mail address. Several words that have nothing to do with each other make a good one.",
        }
        typer.echo(sentences[weak.reason], err=True)
        raise typer.Exit(1) from None
