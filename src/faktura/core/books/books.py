"""The only door to one tenant's data."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from faktura.core.books import jobs_to_do
from faktura.core.books.history import Event, Happening, Way, written
from faktura.core.books.listeners import tell
from faktura.core.countries.known import day_in
from faktura.core.errors import NotFound
from faktura.core.people.accounts import Account
from faktura.store import queries, sums
from faktura.store.queries import Selection, Stamp
from faktura.store.records import Tenant, changed
from faktura.store.redirecting import Ways, redirect
from faktura.store.sums import Grouping, Sum
from faktura.store.transaction import Transaction

T = TypeVar("T", bound=Tenant)

TELL_ALIKE = "tell_alike"
TOLD_TOGETHER = 50
"""Records of which programs are told in one transaction."""


class Books:
    """One account's records as one transaction sees them, at one instant, in the hands of one person (or of nobody).

    `program` is through what that person acts, or what acts by itself; `way` is by what door they came in.
    """

    __slots__ = ("account", "now", "program", "tx", "user_id", "way")

    def __init__(
        self,
        tx: Transaction,
        account: Account,
        user_id: int | None,
        now: dt.datetime,
        program: str | None = None,
        way: Way | None = None,
    ) -> None:
        self.tx = tx
        self.account = account
        self.user_id = user_id
        self.now = now
        self.program = program
        self.way = way

    def find(self, cls: type[T], record_id: int) -> T:
        """The record with this id.

        Raises:
            NotFound: there is none in this account.

        """
        found = self.tx.get(cls, account_id=self.account.id, id=record_id)
        if found is None:
            raise NotFound(cls.table_name)
        return found

    def version(self, cls: type[Tenant], record_id: int) -> int:
        """The record's present version.

        Raises:
            NotFound: there is none in this account.

        """
        found = queries.version(self.tx, cls, self.account.id, record_id)
        if found is None:
            raise NotFound(cls.table_name)
        return found

    def look_up(self, cls: type[T], **values: Any) -> T | None:
        """The record with these values, which are unique together."""
        return self.tx.get(cls, account_id=self.account.id, **values)

    def all(self, cls: type[T], chosen: Selection = Selection()) -> list[T]:  # noqa: B008 (immutable)
        return queries.records(self.tx, cls, self.account.id, chosen)

    def some(self, cls: type[T], ids: Sequence[int]) -> list[T]:
        """Those of the records that exist, in no order."""
        return queries.by_ids(self.tx, cls, self.account.id, ids)

    def some_in_order(self, cls: type[T], chosen: Selection, limit: int, offset: int = 0) -> list[T]:
        """As many of the chosen records as there are, in the order that was chosen."""
        stamps = self.stamps(cls, chosen, limit, offset)
        found = {one.id: one for one in self.some(cls, [record_id for record_id, _ in stamps])}
        return [found[record_id] for record_id, _ in stamps if record_id in found]

    def stamps(self, cls: type[Tenant], chosen: Selection, limit: int, offset: int) -> list[Stamp]:
        """Ids and versions of a page."""
        return queries.stamps(self.tx, cls, self.account.id, chosen, limit, offset)

    def count(self, cls: type[Tenant], chosen: Selection = Selection()) -> int:  # noqa: B008 (immutable)
        return sums.count(self.tx, cls, self.account.id, chosen)

    def sums(
        self, cls: type[Tenant], chosen: Selection, of: tuple[str, ...], by: tuple[Grouping, ...] = ()
    ) -> list[Sum]:
        """What attributes of the records come to, in groups."""
        return sums.sums(self.tx, cls, self.account.id, chosen, of, by)

    def add(self, cls: type[T], **values: Any) -> T:
        return self.add_new(cls(self.account.id, 0, 1, self.now, self.now, **values))

    def add_new(self, new: T) -> T:
        """Keep a record of this account that has no id yet."""
        self.tx.add(new)
        return new

    def next_ids(self, cls: type[Tenant], count: int) -> list[int]:
        """Ids for what lies inside records of this kind: lines, payments."""
        return self.tx.next_ids(cls, count)

    @property
    def today(self) -> dt.date:
        """The day where the account is."""
        return day_in(self.account.country, self.now)

    def change(self, old: T, new: T) -> T:
        """Keep the new state under the next version; the old record comes back where nothing differs."""
        if new == old:
            return old
        new.version = old.version + 1
        new.updated_at = self.now
        self.tx.replace(old, new)
        return new

    def remove(self, record: Tenant) -> None:
        self.tx.remove(record)

    def redirect(self, cls: type[Tenant], attribute: str, old_id: int, new_id: int) -> Iterator[list[Stamp]]:
        """Make all that point to one record by the attribute point to another; back come some at a time, as now."""
        return redirect(self.tx, cls, attribute, Ways(self.account.id, old_id, new_id), self.now)

    def note_event(self, event: Event) -> None:
        """Write into the history what happens to a record, and down who else is to hear of it."""
        self.add_new(self._happening(event))
        if self.account.listeners:
            tell(self.tx, self.account, event, self.now)

    def note_alike(self, event: Event, stamps: Sequence[Stamp]) -> None:
        """The same for many records of one sort to which the same happens, that of the event among them.

        Who else is to hear of it is told by jobs, some records at a time, of each as it is by then.
        """
        one, ids = self._happening(event), self.next_ids(Happening, len(stamps))
        numbered = zip(ids, stamps, strict=True)
        self.tx.insert_all([changed(one, id=n, record_id=of, record_version=version) for n, (of, version) in numbered])
        if self.account.listeners:
            for start in range(0, len(stamps), TOLD_TOGETHER):
                some = [record_id for record_id, _ in stamps[start : start + TOLD_TOGETHER]]
                self.later(TELL_ALIKE, event.name, event.record.table_name, some)

    def _happening(self, event: Event) -> Happening:
        who: dict[str, Any] = {"user_id": self.user_id, "program": self.program, "way": self.way}
        return Happening(self.account.id, 0, 1, self.now, self.now, **who, **written(event))

    def later(self, name: str, *arguments: object, after: dt.timedelta = dt.timedelta()) -> None:
        """Have a job done once this transaction is committed: not before it, and never without it."""
        jobs_to_do.put(self.tx, self.account.id, name, arguments, self.now + after, self.now)
