"""What the commands for people and programs share: the database of the settings, and those whom options name."""

import contextlib
import os
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import typer

if TYPE_CHECKING:
    import datetime as dt

    from faktura.core.books.books import Books
    from faktura.core.books.office import Office
    from faktura.core.errors import Given
    from faktura.core.people.users import User
    from faktura.store.database import Database
    from faktura.store.records import Shared
    from faktura.store.transaction import Transaction

T = TypeVar("T")
S = TypeVar("S", bound="Shared")

PROGRAM = "faktura"
"""What the history says to have acted."""

Slug = Annotated[str, typer.Option("--account", metavar="SLUG", help="The account, by the name in its addresses.")]
Email = Annotated[str, typer.Option("--user", metavar="EMAIL", help="The user, by the e-mail address.")]
OfUser = Annotated[str | None, typer.Option("--user", metavar="EMAIL", help="Only those of this user.")]


def read(work: "Callable[[Office], T]") -> T:
    with opened() as database:
        return database.read(lambda tx: work(_office(tx)))


def write(work: "Callable[[Office], T]") -> T:
    with opened() as database:
        return database.write(lambda tx: work(_office(tx)))


def read_in(slug: str, work: "Callable[[Books], T]") -> T:
    """Read in the books of an account."""
    return read(lambda office: work(_books(office, slug)))


def write_in(slug: str, work: "Callable[[Books], T]") -> T:
    """Write in the books of an account, when it is their turn."""
    with opened() as database:
        account_id = database.read(lambda tx: _books(_office(tx), slug)).account.id
        return database.write(lambda tx: work(_books(_office(tx), slug)), turn=account_id)


def every(office: "Office", cls: "type[S]") -> "list[S]":
    from faktura.store.every import every, of_row

    return [of_row(cls, row) for rows in every(office.tx, cls) for row in rows]  # type: ignore[misc]


def day_of(at: "dt.datetime | None") -> str:
    """Of what may not have happened yet."""
    return "-" if at is None else f"{at:%Y-%m-%d}"


def user_named(office: "Office", email: str) -> "User":
    """The user.

    Raises:
        NotFound: there is none with this address.

    """
    from faktura.core.people.users import User

    return office.find(User, email=email.lower())


def users_named(office: "Office", email: str | None) -> "list[User]":
    """The user, or everybody where nobody is named."""
    from faktura.core.people.users import User

    return every(office, User) if email is None else [user_named(office, email)]


def given(cls: type[Any], texts: "Iterable[str]", names: "Collection[str]") -> "Given":
    """What is typed as NAME=VALUE, in the types of a record's attributes; an empty value takes a value away."""
    import msgspec

    from faktura.core.errors import Given

    hints, values = get_type_hints(cls), Given()
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or name not in names:
            raise typer.BadParameter(f"{text}: write NAME=VALUE, with one of the names {', '.join(sorted(names))}.")
        listed = value.split(",") if get_origin(_without_none(hints[name])) is tuple else value
        try:
            values[name] = msgspec.convert(listed, hints[name], strict=False) if value else None
        except msgspec.ValidationError as error:
            raise typer.BadParameter(f"{text}: {error}.") from None
    return values


def _without_none(hint: Any) -> Any:
    return (
        next((part for part in get_args(hint) if part is not type(None)), hint)
        if type(None) in get_args(hint)
        else hint
    )


def _books(office: "Office", slug: str) -> "Books":
    from faktura.core.books.books import Books
    from faktura.core.people.accounts import Account

    return Books(office.tx, office.find(Account, slug=slug), None, office.now, PROGRAM)


def _office(tx: "Transaction") -> "Office":
    from faktura.core.books.office import Office
    from faktura.core.clock import Clock

    return Office(tx, Clock().now())


@contextlib.contextmanager
def opened() -> "Iterator[Database]":
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
