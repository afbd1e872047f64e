"""Whether a record is used, and what belongs to it: the declarations at the records are followed, and nothing else."""

import functools

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.store.pointers import is_inside, pointers_of
from faktura.store.queries import Condition, Selection
from faktura.store.records import RECORDS, KindIn, Record, Tenant
from faktura.store.statements import Query


def in_use(books: Books, record: Tenant) -> bool:
    """Whether another record of the account refers to this one; those that remember it or belong to it do not count."""
    return any(
        books.stamps(cls, Selection(conditions), limit=1, offset=0)
        for cls in RECORDS.values()
        if issubclass(cls, Tenant)
        for conditions in _referring(cls, record)
    )


def remove_whole(books: Books, record: Tenant) -> None:
    """Remove a record with all that belongs to it, unread: files are large."""
    for cls in RECORDS.values():
        for attribute, leads in cls.belongs.items():
            kind = leads.attribute if isinstance(leads, KindIn) else None
            if kind or leads == record.table_name:
                named = {"kind": record.table_name} if kind else {}
                books.tx.write(_belonging(cls, attribute, kind), account_id=books.account.id, id=record.id, **named)
    books.remove(record)


def _referring(cls: type[Tenant], record: Tenant) -> list[tuple[Condition, ...]]:
    """What is true of those records of a kind that refer to this one, a pointer at a time."""
    found: list[tuple[Condition, ...]] = []
    for pointer in pointers_of(cls):
        if pointer.outlives or pointer.attribute in {*cls.copied, *cls.belongs} or is_inside(cls, pointer):
            continue
        named = Condition(pointer.attribute, "eq", record.id)
        if isinstance(pointer.leads, KindIn):
            found.append((named, Condition(pointer.leads.attribute, "eq", record.table_name)))
        elif pointer.leads == record.table_name:
            found.append((named,))
    return found


@functools.cache
def _belonging(cls: type[Record], attribute: str, kind: str | None) -> Query:
    c = cls.table.c
    named = [c.account_id == sa.bindparam("account_id"), c[attribute] == sa.bindparam("id")]
    return Query(sa.delete(cls.table).where(*named, *([c[kind] == sa.bindparam("kind")] if kind else [])))
