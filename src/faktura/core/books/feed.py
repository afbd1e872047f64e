"""What happened last, of some names alone: each name is read in the order of its index, and only as far as asked."""

import datetime as dt
import functools
from collections.abc import Sequence
from typing import Any, NamedTuple

import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.books.history import EventName, Happening
from faktura.store.statements import Query


class Sought(NamedTuple):
    """Which events: of these names, since an instant, around a contact."""

    names: Sequence[EventName]
    since: dt.datetime | None = None
    contact_id: int | None = None


def last_happenings(books: Books, sought: Sought, limit: int, offset: int = 0) -> list[Happening]:
    """A page of them, the last first."""
    if not sought.names:
        return []
    query = _query(len(sought.names), sought.since is not None, sought.contact_id is not None)
    names = {f"name_{n}": name for n, name in enumerate(sought.names)}
    page = {"_limit": limit, "_offset": offset, "_most": limit + offset}
    asked = {"account_id": books.account.id, "since": sought.since, "contact_id": sought.contact_id}
    ids = [row[0] for row in books.tx.rows(query, **asked, **names, **page)]
    found = {one.id: one for one in books.some(Happening, ids)}
    return [found[happening_id] for happening_id in ids]


@functools.cache
def _query(names: int, since: bool, around: bool) -> Query:  # noqa: FBT001 (the shape of a statement)
    """An engine asked for all the names together would sort all that ever happened."""
    parts = [sa.select(_of_name(n, since, around).subquery()) for n in range(names)]
    found = sa.union_all(*parts).subquery()
    last = sa.select(found.c.id).order_by(found.c.created_at.desc(), found.c.id.desc())
    return Query(last.limit(_whole("_limit")).offset(_whole("_offset")))


def _of_name(place: int, since: bool, around: bool) -> sa.Select[Any]:  # noqa: FBT001 (the shape of a statement)
    c = Happening.table.c
    conditions = [c.account_id == sa.bindparam("account_id"), c.name == sa.bindparam(f"name_{place}")]
    if around:
        conditions.append(c.contact_id == sa.bindparam("contact_id"))
    if since:
        conditions.append(c.created_at >= sa.bindparam("since", type_=c.created_at.type))
    last = sa.select(c.id, c.created_at).where(*conditions).order_by(c.created_at.desc(), c.id.desc())
    return last.limit(_whole("_most"))


def _whole(name: str) -> sa.BindParameter[int]:
    return sa.bindparam(name, type_=sa.Integer)
