"""Where a story happens: the books of one firm of a world, and its clock."""

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.accounts import Account
from faktura.core.people.users import first_owner
from faktura.store.database import Database
from faktura.store.transaction import Transaction

T = TypeVar("T")


class Stage:
    """What is done here is done by the owner of the firm; `move_clock` makes the world's clock stand at an instant."""

    def __init__(
        self, database: Database, clock: Clock, slug: str, web_root: str, move_clock: Callable[[dt.datetime], None]
    ) -> None:
        self._database = database
        self._clock = clock
        self._move_clock = move_clock
        self.slug = slug
        self.web_root = web_root

    def do(self, work: Callable[[Books], T]) -> T:
        """Do it in the firm's books, in one transaction.

        Raises:
            NotFound: there is no such firm, or what the work raises.

        """
        return self._database.write(lambda tx: work(self._books(tx)))

    def look(self, work: Callable[[Books], T]) -> T:
        return self._database.read(lambda tx: work(self._books(tx)))

    def wait_until(self, day: dt.date) -> None:
        """Move the clock to the noon of a day, never back."""
        noon = dt.datetime.combine(day, dt.time(12), dt.UTC)
        if noon > self._clock.now():
            self._move_clock(noon)

    def _books(self, tx: Transaction) -> Books:
        office = Office(tx, self._clock.now())
        books = Books(tx, office.find(Account, slug=self.slug), None, office.now)
        owner = first_owner(books)
        return books if owner is None else Books(tx, books.account, owner.id, office.now)
