"""What the commands for people and programs share: the database of the settings, and those whom options name."""

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

if TYPE_CHECKING:
    from faktura.core.books.office import Office
    from faktura.core.people.users import User
    from faktura.store.database import Database
    from faktura.store.records import Shared
    from faktura.store.transaction import Transaction

T = TypeVar("T")
S = TypeVar("S", bound="Shared")

Slug = Annotated[str, typer.Option("--account", metavar="SLUG", help="The account, by the name in its addresses.")]
Email = Annotated[str, typer.Option("--user", metavar="EMAIL", help="The user, by the e-mail address.")]
OfUser = Annotated[str | None, typer.Option("--user", metavar="EMAIL", help="Only those of this user.")]


def read(work: "Callable[[Office], T]") -> T:
    with _opened() as database:
        return database.read(lambda tx: work(_office(tx)))


def write(work: "Callable[[Office], T]") -> T:
    with _opened() as database:
        return database.write(lambda tx: work(_office(tx)))


def every(office: "Office", cls: "type[S]") -> "list[S]":
    from faktura.store.every import every, of_row

    return [of_row(cls, row) for rows in every(office.tx, cls) for row in rows]  # type: ignore[misc]


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


def _office(tx: "Transaction") -> "Office":
    from faktura.core.books.office import Office
    from faktura.core.clock import Clock

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
