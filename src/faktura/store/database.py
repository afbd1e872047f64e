"""Opening a database; running a plain function in a transaction."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from sqlalchemy.engine import URL, make_url

from faktura.store.board import Board
from faktura.store.chance import SYSTEM, Chance
from faktura.store.errors import Unready
from faktura.store.sqlite import SqliteDatabase
from faktura.store.transaction import Transaction

if TYPE_CHECKING:
    import sqlite3

    import psycopg

__all__ = ["Database", "SqliteDatabase", "open_database"]

T = TypeVar("T")


class Database(Protocol):
    """One database and the ways to work on it from any thread.

    `generation` grows before a write returns that changed or removed a watched record, and where others may have done
    so in a file that is shared with them. What cannot be done now, because the database is away, full, locked or
    silent, raises Unavailable within five seconds.

    Whether it `meets_others`: notices what other programs commit without asking for it. Where it does not, what was
    read of it is kept for a second at most.

    `chance` is what its transactions draw from.
    """

    url: URL
    engine: str
    meets_others: bool
    chance: Chance

    @property
    def generation(self) -> int: ...

    def read(self, work: Callable[[Transaction], T]) -> T:
        """Run the work where it may only read; each statement sees what is committed when it begins."""

    def write(self, work: Callable[[Transaction], T], turn: int | None = None) -> T:
        """Run the work; return after its commit is on disk. It may be run several times, and is committed once.

        `turn` is the account whose records are written, None where they belong to the whole house. One work of a turn
        runs at a time and sees what those before it committed, so what it finds holds until its own commit.
        """

    def state(self, account_id: int | None = None) -> object | None:
        """What every commit changes that writes in the account, or any commit where none is named.

        None where it cannot be known just now without asking.
        """

    def connect(self) -> "sqlite3.Connection | psycopg.Connection":
        """A connection for long work, which leaves transactions to its user."""

    def close(self) -> None: ...


def open_database(url: str, chance: Chance = SYSTEM, changes: Board | None = None) -> Database:
    """A database at sqlite:///file or postgresql://…, where the system always draws.

    Processes that share a PostgreSQL tell each other what they write by the board of `changes`.

    Raises:
        Unready: the address is of neither kind.

    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        return SqliteDatabase(parsed, chance)
    if parsed.get_backend_name() == "postgresql":
        from faktura.store.postgres import PostgresDatabase  # noqa: PLC0415 (no driver without its engine)

        return PostgresDatabase(parsed, changes)
    message = "The database address must begin with sqlite:/// and a file name, or with postgresql://"
    raise Unready(message)
