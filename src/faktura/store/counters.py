"""The last id that each table handed out, on both engines: for checks and copies."""

import functools

import sqlalchemy as sa

from faktura.store.ids import Ids, ids
from faktura.store.records import RECORDS
from faktura.store.statements import Query
from faktura.store.transaction import Transaction, sequence_name


def numbered() -> list[str]:
    """The tables whose ids are handed out."""
    return [name for name, cls in RECORDS.items() if "id" in cls.__struct_fields__]


def last_ids(tx: Transaction) -> dict[str, int]:
    """By table; 0 where none was handed out."""
    if tx.engine == "sqlite":
        kept: dict[str, int] = {row[0]: row[1] for row in tx.rows(_KEPT)}
        return {table: kept.get(table, 0) for table in numbered()}
    rows = {table: tx.rows(_in_sequence(table))[0] for table in numbered()}
    return {table: last if is_called else 0 for table, (last, is_called) in rows.items()}


def set_last_ids(tx: Transaction, last: dict[str, int]) -> None:
    """Have the next ids come after these, in a database that handed out none."""
    given = {table: number for table, number in last.items() if number}
    if tx.engine == "postgresql":
        for table, number in given.items():
            tx.rows(_SET, name=sequence_name(table), last=number)
        return
    counters = Ids(tx.cursor)
    for table, number in given.items():
        counters.next(table)
        counters.last[table] = number
    counters.write()


def largest_id(tx: Transaction, table: str) -> int:
    return int(tx.rows(_largest(table))[0][0] or 0)


_KEPT = Query(sa.select(ids.c.name, ids.c.last))

_SET = Query(
    sa.select(
        sa.func.setval(
            sa.func.to_regclass(sa.bindparam("name", type_=sa.Text)),
            sa.bindparam("last", type_=sa.BigInteger),
        )
    )
)


@functools.cache
def _in_sequence(table: str) -> Query:
    return Query(sa.select(sa.column("last_value"), sa.column("is_called")).select_from(sa.table(sequence_name(table))))


@functools.cache
def _largest(table: str) -> Query:
    return Query(sa.select(sa.func.max(RECORDS[table].table.c.id)))
