"""Making the full-text index and kept sums anew: after their attributes changed, or where a check found them wrong."""

import sqlalchemy as sa

from faktura.store import schema
from faktura.store.backup import Tell
from faktura.store.database import Database
from faktura.store.every import count, every, of_row, transaction
from faktura.store.kept_sums import recounted
from faktura.store.records import RECORDS, Record, Tenant
from faktura.store.search import texts_name, write_texts
from faktura.store.statements import Query
from faktura.store.transaction import Transaction


def reindex(database: Database, tell: Tell) -> None:
    """Write every searched text, the index over it and kept sums anew; others read meanwhile, and write afterwards.

    Raises:
        Unready: the database is not at the newest revision.

    """
    schema.require_head(database)
    with transaction(database) as tx:
        for cls in RECORDS.values():
            if cls.searched:
                tell(f"{cls.table_name}: {count(tx, cls)} records to be searched")
                _write_texts(tx, cls)
            if cls.sums:
                tell(f"{cls.table_name}: {count(tx, cls)} records to be added up")
                tx.cursor.execute(f"DELETE FROM {cls.sums_table.name}")  # noqa: S608 (a name of our own tables)
                right = recounted(cls, tx.engine)
                tx.write(Query(sa.insert(cls.sums_table).from_select(list(cls.sums_table.c), right)))


def _write_texts(tx: Transaction, cls: type[Record]) -> None:
    table, kept = cls.table_name, texts_name(cls.table_name)
    if tx.engine == "sqlite":
        tx.cursor.execute(f"DROP TABLE {kept}")
        tx.cursor.execute(schema.create_texts(table))
    else:
        # Whoever adds a record meanwhile waits with its text.
        tx.cursor.execute(f"LOCK TABLE {kept} IN EXCLUSIVE MODE")
        tx.cursor.execute(f"DELETE FROM {kept}")  # noqa: S608 (a name of our own tables)
    for rows in every(tx, cls):
        records = (of_row(cls, row) for row in rows)
        write_texts(tx.cursor, tx.engine, [record for record in records if isinstance(record, Tenant)])
    if tx.engine == "postgresql":
        # PostgreSQL makes that of all parts again only outside of a transaction.
        tx.cursor.execute(_INDEXES, [schema.trigrams_name(table)])
        for (index,) in tx.cursor.fetchall():
            tx.cursor.execute(f"REINDEX INDEX {index}")


_INDEXES = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = $1::regclass"
"""Of the parts of a table, by that of the whole."""
