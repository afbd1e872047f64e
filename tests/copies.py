"""Many records like one, written by the database itself: rows of what each has of its own, joined with the one."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa

from faktura.store.database import Database, SqliteDatabase
from faktura.store.every import transaction
from faktura.store.kept_sums import recounted
from faktura.store.records import RECORDS, Record, Tenant, changed
from faktura.store.search import write_texts
from faktura.store.statements import Query, spelling
from faktura.store.transaction import Transaction

INDEXES = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
    # Made again with those of all parts, where a table has any.
    "postgresql": "SELECT indexname, replace(indexdef, ' ON ONLY ', ' ON ') FROM pg_indexes"
    " WHERE indexname LIKE 'ix_%'",
}


@contextlib.contextmanager
def copying(database: Database) -> Iterator[Transaction]:
    """A transaction in which many records are written: what is looked up by and added up is made when all are there."""
    with transaction(database) as tx:
        tx.cursor.execute(INDEXES[tx.engine])
        indexes = tx.cursor.fetchall()
        for name, _ in indexes:
            tx.cursor.execute(f"DROP INDEX {name}")
        yield tx
        for _, definition in indexes:
            tx.cursor.execute(definition)
        for cls in RECORDS.values():
            _complete(tx, cls)
    if not isinstance(database, SqliteDatabase):
        with contextlib.closing(database.connect()) as connection:
            connection.execute("VACUUM ANALYZE")


def copy(tx: Transaction, one: Tenant, rows: Sequence[dict[str, Any]]) -> None:
    """So many more records like that one, which is kept already; each row has an id and whatever else is its own."""
    if one.searched:
        write_texts(tx.cursor, tx.engine, [changed(one, **row) for row in rows])
    staged = _staged(tx, one, rows)
    table, old = one.table, one.table.alias()
    columns = [(staged if column.name in staged.c else old).c[column.name] for column in table.c]
    is_one = old.c.account_id == one.account_id, old.c.id == one.id
    tx.write(Query(sa.insert(table).from_select(list(table.c), sa.select(*columns).where(*is_one))))
    tx.cursor.execute(f"DROP TABLE {staged.name}")


def _staged(tx: Transaction, one: Tenant, rows: Sequence[dict[str, Any]]) -> sa.Table:
    columns = [sa.Column(name, one.table.c[name].type) for name in rows[0]]
    staged = sa.Table("copies", sa.MetaData(), *columns, prefixes=["TEMPORARY"])
    tx.cursor.execute(str(sa.schema.CreateTable(staged).compile(dialect=spelling(tx.engine).dialect)))
    insert = Query(sa.insert(staged).values({name: sa.bindparam(name) for name in rows[0]})).on(tx.engine)
    values = [list(row.values()) for row in rows]
    if tx.engine == "sqlite":
        insert.write_all(tx.cursor, values)
    else:
        with tx.cursor.copy("COPY copies FROM STDIN") as pipe:  # type: ignore[attr-defined] # it is of psycopg
            for row in rows:
                pipe.write_row(insert.parameters(row))
    return staged


def _complete(tx: Transaction, cls: type[Record]) -> None:
    if cls.sums is not None:
        tx.cursor.execute(f"DELETE FROM {cls.sums_table.name}")  # noqa: S608 (of our own words)
        tx.write(Query(sa.insert(cls.sums_table).from_select(list(cls.sums_table.c), recounted(cls, tx.engine))))
