"""What a plain function may do while its transaction is open."""

import functools
from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec
import sqlalchemy as sa

from faktura.store import search
from faktura.store.chance import SYSTEM, Chance
from faktura.store.errors import Stale
from faktura.store.freshness import EVERYBODY
from faktura.store.ids import Ids
from faktura.store.owed import Owed
from faktura.store.recall import Recall
from faktura.store.records import Record, Shared, Tenant, differing
from faktura.store.statements import Cursor, Query, Row

if TYPE_CHECKING:
    from faktura.store.landmarks import Landmarks

R = TypeVar("R", bound=Record)
T = TypeVar("T")


class Transaction:
    """One transaction on one connection; it ends when the function that got it returns or raises.

    Where it has no `cursor` yet, `lend` gives it one for its first question. Kept sums are up to date in one that only
    reads: whoever writes still owes them something.
    """

    __slots__ = (
        "asked",
        "chance",
        "cursor",
        "engine",
        "ids",
        "landmarks",
        "lend",
        "only_reads",
        "owed",
        "recall",
        "touched_watched",
        "unindexed",
        "written",
    )

    def __init__(
        self,
        engine: str,
        cursor: Cursor | None = None,
        landmarks: "Landmarks | None" = None,
        ids: Ids | None = None,
        recall: Recall | None = None,
        lend: Callable[[], Cursor] | None = None,
        chance: Chance = SYSTEM,
    ) -> None:
        self.engine = engine
        self.chance = chance
        if cursor is not None:
            self.cursor = cursor
        self.lend = lend
        self.landmarks = landmarks
        self.ids = ids
        self.recall = recall
        self.only_reads = lend is not None
        self.touched_watched = False
        self.asked: dict[Hashable, Any] = {}
        self.written: set[int] = set()
        """In whose books."""
        self.owed = Owed()
        self.unindexed: list[search.Entry] = []
        """What the text index of SQLite is still to be told before the commit."""

    def rows(self, query: Query, **values: Any) -> list[Row]:
        if self.lend is not None:
            self.cursor, self.lend = self.lend(), None
        return query.on(self.engine).run(self.cursor, values)

    def recalled(self, account_id: int, key: Hashable, find: Callable[[], T]) -> T:
        """What `find` finds, or found before in the same state of the account's books; a read that many ask again."""
        return find() if self.recall is None else self.recall.ask(account_id, key, find)

    def known(self, account_id: int, key: Hashable) -> Any | None:
        """What was found before, in the same state of the account's books."""
        return None if self.recall is None else self.recall.known(account_id, key)

    def once(self, key: Hashable, find: Callable[[], T]) -> T:
        """What `find` finds of an account's few records, which is asked once until this transaction writes one."""
        if key not in self.asked:
            self.asked[key] = find()
        found: T = self.asked[key]
        return found

    def write(self, query: Query, **values: Any) -> int:
        """The number of rows written."""
        statement = query.on(self.engine)
        self.asked.clear()
        if statement.of_accounts:
            account_id: int = values.get("account_id") or values.get("old_account_id", EVERYBODY)
            self.written.add(account_id)
        return statement.write(self.cursor, values)

    def records(self, cls: type[R], query: Query, **values: Any) -> list[R]:
        """The rows of a query that selects a record's attributes in their order."""
        return [cls(*row) for row in self.rows(query, **values)]

    def get(self, cls: type[R], **key: Any) -> R | None:
        """The record with these values, which must be unique together."""
        found = self.records(cls, _select_by(cls, tuple(key)), **key)
        return found[0] if found else None

    def next_id(self, cls: type[Record]) -> int:
        """An id never handed out before. On PostgreSQL a transaction that is rolled back leaves a gap."""
        if self.ids is not None:
            return self.ids.next(cls.table_name)
        return int(self.rows(_next_in_sequence(cls))[0][0])

    def next_ids(self, cls: type[Record], count: int) -> list[int]:
        """So many of them, in ascending order."""
        if self.ids is not None:
            return [self.ids.next(cls.table_name) for _ in range(count)]
        return sorted(row[0] for row in self.rows(_several_in_sequence(cls), count=count)) if count else []

    def add(self, record: Tenant | Shared) -> None:
        """Insert a record that has no id yet, and give it the next one."""
        if self.ids is not None:
            record.id = self.next_id(type(record))
            self.insert(record)
            return
        values = [getattr(record, name) for name in record.__struct_fields__ if name != "id"]
        if record.searched:
            values.insert(0, search.text_of(record, self.engine))
        _insert_with_next_id(type(record)).on(self.engine).write_in_order(self.cursor, values)
        record.id = self.cursor.fetchall()[0][0]
        self._count(record)

    def insert(self, record: Record) -> None:
        values = list(msgspec.structs.astuple(record))
        if record.searched:
            self._keep_text(record, values)
        _insert(type(record), self.engine).on(self.engine).write_in_order(self.cursor, values)
        self._count(record)

    def insert_all(self, records: Sequence[Record]) -> None:
        """Insert records of one kind, which have their ids."""
        rows = [list(msgspec.structs.astuple(record)) for record in records]
        if records and records[0].searched:
            for record, row in zip(records, rows, strict=True):
                self._keep_text(record, row)
        if rows:
            _insert(type(records[0]), self.engine).on(self.engine).write_all(self.cursor, rows)
        for record in records:
            self._count(record)

    def replace(self, old: R, new: R) -> None:
        """Write what differs.

        Raises:
            Stale: somebody else changed or removed the record since it was read; the transaction is run again.

        """
        names = differing(old, new)
        if not names:
            return
        values = {f"new_{name}": getattr(new, name) for name in names}
        values |= {f"old_{name}": getattr(old, name) for name in (*old.key, "version")}
        text = search.text_of(new, self.engine) if search.tells(old, names) else None
        if text is not None and self.engine == "postgresql":
            update, values["new_body"] = _update_with_text(type(old), names), text
        else:
            update = _update(type(old), names)
        if self.write(update, **values) != 1:
            raise Stale(old.table_name)
        self.touched_watched |= old.watched
        if old.sums is not None and not old.sums.attributes.isdisjoint(names):
            self.owed.add(old, -1)
            self.owed.add(new)
        if text is not None:
            self._index(old, text, is_there=True)

    def remove(self, record: Record) -> None:
        """Delete the row.

        Raises:
            Stale: as for replace.

        """
        values = {f"old_{name}": getattr(record, name) for name in (*record.key, "version")}
        if self.write(_delete(type(record), self.engine), **values) != 1:
            raise Stale(record.table_name)
        self.touched_watched |= record.watched
        self._count(record, -1)
        if record.searched:
            self._index(record, None, is_there=True)

    def _count(self, record: Record, times: int = 1) -> None:
        self.asked.clear()
        if isinstance(record, Tenant):
            self.written.add(record.account_id)
        if record.sums is not None:
            self.owed.add(record, times)

    def _keep_text(self, record: Record, values: list[Any]) -> None:
        """PostgreSQL writes it by the statement that inserts the record."""
        text = search.text_of(record, self.engine)
        if self.engine == "postgresql":
            values.insert(0, text)
        self._index(record, text, is_there=False)

    def _index(self, record: Record, text: str | None, *, is_there: bool) -> None:
        if self.engine == "sqlite" and isinstance(record, Tenant):
            self.unindexed.append(search.entry(record, text, is_there=is_there))


def sequence_name(table: str) -> str:
    return f"{table}_ids"


def columns_of(cls: type[Record]) -> list[sa.Column[Any]]:
    return [cls.table.c[name] for name in cls.__struct_fields__]


@functools.cache
def _next_in_sequence(cls: type[Record]) -> Query:
    return Query(sa.select(sa.Sequence(sequence_name(cls.table_name)).next_value()))


@functools.cache
def _several_in_sequence(cls: type[Record]) -> Query:
    each = sa.func.generate_series(1, sa.bindparam("count", type_=sa.Integer)).table_valued("n")
    return Query(sa.select(sa.Sequence(sequence_name(cls.table_name)).next_value()).select_from(each))


@functools.cache
def _select_by(cls: type[Record], names: tuple[str, ...]) -> Query:
    table = cls.table
    return Query(sa.select(*columns_of(cls)).where(*(table.c[name] == sa.bindparam(name) for name in names)))


@functools.cache
def _insert(cls: type[Record], engine: str) -> Query:
    """Binds the attributes in their order; on PostgreSQL the searched text before them."""
    inserted = sa.insert(cls.table).values({c.name: sa.bindparam(c.name) for c in cls.table.c})
    return Query(search.inserting_text(inserted, cls) if cls.searched and engine == "postgresql" else inserted)


@functools.cache
def _insert_with_next_id(cls: type[Record]) -> Query:
    """The same on PostgreSQL but for the id, which it returns: the database is asked once, not twice."""
    values: dict[str, Any] = {c.name: sa.bindparam(c.name) for c in cls.table.c}
    values["id"] = sa.Sequence(sequence_name(cls.table_name)).next_value()
    inserted = sa.insert(cls.table).values(values)
    return Query(search.inserting_text(inserted, cls) if cls.searched else inserted.returning(cls.table.c.id))


@functools.cache
def _update(cls: type[Record], names: tuple[str, ...]) -> Query:
    return Query(_updated(cls, names))


@functools.cache
def _update_with_text(cls: type[Record], names: tuple[str, ...]) -> Query:
    return Query(search.changing_text(_updated(cls, names), cls))


def _updated(cls: type[Record], names: tuple[str, ...]) -> sa.Update:
    new: dict[str, Any] = {name: sa.bindparam(f"new_{name}") for name in names}
    return sa.update(cls.table).where(*_is_old(cls)).values(new)


@functools.cache
def _delete(cls: type[Record], engine: str) -> Query:
    deleted = sa.delete(cls.table).where(*_is_old(cls))
    return Query(search.deleting_text(deleted, cls) if cls.searched and engine == "postgresql" else deleted)


def _is_old(cls: type[Record]) -> list[sa.ColumnElement[bool]]:
    return [cls.table.c[name] == sa.bindparam(f"old_{name}") for name in (*cls.key, "version")]
