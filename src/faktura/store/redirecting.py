"""Records that point to one record are made to point to another, many by one statement."""

import datetime as dt
import functools
from collections.abc import Iterator
from typing import NamedTuple

import sqlalchemy as sa

from faktura.store.queries import Stamp
from faktura.store.records import Tenant
from faktura.store.statements import Query
from faktura.store.transaction import Transaction

TOGETHER = 1000
"""Records that one statement changes: a server of PostgreSQL gives none more than some seconds."""


class Ways(NamedTuple):
    """From which record of an account to which other."""

    account_id: int
    old_id: int
    new_id: int


def redirect(tx: Transaction, cls: type[Tenant], attribute: str, ways: Ways, now: dt.datetime) -> Iterator[list[Stamp]]:
    """Make all whose attribute is the one id say the other; back come some at a time, as they are now.

    Raises:
        TypeError: the text index or kept sums are made of the attribute, too, which no statement here writes.

    """
    if attribute in cls.searched or (cls.sums and attribute in cls.sums.attributes):
        message = f"{cls.table_name}.{attribute} stands in more than its column"
        raise TypeError(message)
    found = tx.rows(_pointing(cls, attribute), **ways._asdict())
    tx.touched_watched |= cls.watched and bool(found)
    for start in range(0, len(found), TOGETHER):
        some = found[start : start + TOGETHER]
        tx.write(_redirect(cls, attribute), **ways._asdict(), now=now, last_id=some[-1][0])
        yield [(record_id, version + 1) for record_id, version in some]


@functools.cache
def _pointing(cls: type[Tenant], attribute: str) -> Query:
    c = cls.table.c
    pointing = c.account_id == sa.bindparam("account_id"), c[attribute] == sa.bindparam("old_id")
    return Query(sa.select(c.id, c.version).where(*pointing).order_by(c.id))


@functools.cache
def _redirect(cls: type[Tenant], attribute: str) -> Query:
    c = cls.table.c
    pointing = c.account_id == sa.bindparam("account_id"), c[attribute] == sa.bindparam("old_id")
    new = {attribute: sa.bindparam("new_id"), "version": c.version + 1, "updated_at": sa.bindparam("now")}
    return Query(sa.update(cls.table).where(*pointing, c.id <= sa.bindparam("last_id")).values(new))
