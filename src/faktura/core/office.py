"""What belongs to the whole house and to no account: people, applications, credentials."""

import datetime as dt
from typing import Any, TypeVar

from faktura.core.errors import NotFound
from faktura.store.records import Shared, changed
from faktura.store.transaction import Transaction

S = TypeVar("S", bound=Shared)


class Office:
    """The shared records as one transaction sees them, at one instant."""

    __slots__ = ("now", "tx")

    def __init__(self, tx: Transaction, now: dt.datetime) -> None:
        self.tx = tx
        self.now = now

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
        new = cls(id=self.tx.next_id(cls), version=1, created_at=self.now, updated_at=self.now, **values)
        self.tx.insert(new)
        return new

    def change(self, old: S, **values: Any) -> S:
        new = changed(old, **values)
        if new == old:
            return old
        new = changed(new, version=old.version + 1, updated_at=self.now)
        self.tx.replace(old, new)
        return new
