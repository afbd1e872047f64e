"""Books in which nothing is written: what a verb would make of them is seen before it is done."""

from collections.abc import Sequence
from typing import TypeVar

from faktura.core.books.books import Books
from faktura.core.books.history import Event
from faktura.store.queries import Stamp
from faktura.store.records import Tenant

T = TypeVar("T", bound=Tenant)

BEYOND = 2**31
"""An id that no record has."""


class Trial(Books):
    """The same account at the same instant; what is added has no id, and inside of records one beyond all."""

    __slots__ = ()

    @classmethod
    def of(cls, books: Books) -> "Trial":
        return cls(books.tx, books.account, books.user_id, books.now, books.program, books.way)

    def add_new(self, new: T) -> T:
        return new

    def next_ids(self, cls: type[Tenant], count: int) -> list[int]:  # noqa: ARG002 (those of every kind)
        return list(range(BEYOND, BEYOND + count))

    def change(self, old: T, new: T) -> T:
        return old if new == old else new

    def remove(self, record: Tenant) -> None:
        """Leave it where it is."""

    def note_event(self, event: Event) -> None:
        """Leave the history as it is."""

    def note_alike(self, event: Event, stamps: Sequence[Stamp]) -> None:
        """Leave it so, too."""
