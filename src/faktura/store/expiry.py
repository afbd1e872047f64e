"""What expired is removed, over all accounts: looked for with a plain read, removed row by row by its key.

One statement that deletes over all accounts would lock rows on every machine of a cluster, and hold up every writer of
a SQLite file for as long as it takes.
"""

import functools

import sqlalchemy as sa

from faktura.store.records import Tenant
from faktura.store.statements import Query
from faktura.store.transaction import Transaction

MOST = 1000


def remove_expired(tx: Transaction, cls: type[Tenant], now: object, most: int = MOST) -> bool:
    """Remove records whose `expires_at` is past, so many of them; whether more are left."""
    expired = tx.rows(_expired(cls), now=now, most=most + 1)
    for account_id, record_id in expired[:most]:
        tx.write(_remove(cls), account_id=account_id, id=record_id)
    return len(expired) > most


@functools.cache
def _expired(cls: type[Tenant]) -> Query:
    columns = cls.table.c
    past = columns.expires_at <= sa.bindparam("now", type_=columns.expires_at.type)
    found = sa.select(columns.account_id, columns.id).where(past).order_by(columns.expires_at)
    return Query(found.limit(sa.bindparam("most", type_=sa.Integer)))


@functools.cache
def _remove(cls: type[Tenant]) -> Query:
    columns = cls.table.c
    by_key = columns.account_id == sa.bindparam("account_id"), columns.id == sa.bindparam("id")
    return Query(sa.delete(cls.table).where(*by_key))
