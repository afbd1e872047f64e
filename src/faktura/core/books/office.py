"""What belongs to the whole house and to no account: people, applications, credentials."""

import datetime as dt
from typing import Any, TypeVar

from faktura.core.books import jobs_to_do
from faktura.core.books.history import Way
from faktura.core.errors import NotFound
from faktura.store.expiry import remove_expired
from faktura.store.records import Shared, Tenant, changed
from faktura.store.transaction import Transaction

S = TypeVar("S", bound=Shared)


class Office:
    """The shared records as one transaction sees them, at one instant, for whoever came in by a door."""

    __slots__ = ("now", "tx", "way")

    def __init__(self, tx: Transaction, now: dt.datetime, way: Way | None = None) -> None:
        self.tx = tx
        self.now = now
        self.way = way

    def look_up(self, cls: type[S], **key: Any) -> S | None:
        return self.tx.get(cls, **key)

    def find(self, cls: type[S], **key: Any) -> S:
        """The record with these values.

        Raises:
            NotFound: there is none.

        """
        found = self.tx.get(cls, **key)
        if found is None:
            raise NotFound(cls.table_name)
        return found

    def add(self, cls: type[S], **values: Any) -> S:
        new = cls(id=0, version=1, created_at=self.now, updated_at=self.now, **values)
        self.tx.add(new)
        return new

    def change(self, old: S, **values: Any) -> S:
        new = changed(old, **values)
        if new == old:
            return old
        new = changed(new, version=old.version + 1, updated_at=self.now)
        self.tx.replace(old, new)
        return new

    def forget_expired(self, cls: type[Tenant]) -> bool:
        """Delete records whose `expires_at` is past, in every account; whether more are left."""
        return remove_expired(self.tx, cls, self.now)

    def later(self, name: str) -> None:
        """Have a job of the house done after this transaction."""
        jobs_to_do.put(self.tx, jobs_to_do.HOUSE, name, (), self.now, self.now)
