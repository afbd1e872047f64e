"""Making the full-text index and kept sums anew: after their attributes changed, or where a check found them wrong."""

import functools

import sqlalchemy as sa

from faktura.store import schema
from faktura.store.backup import Tell
from faktura.store.database import Database
from faktura.store.every import count, every, of_row, transaction
from faktura.store.kept_sums import recounted
from faktura.store.records import RECORDS, SEARCH_TEXT, Record
from faktura.store.search import fts_name, text_of
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
                _build_index(tx, cls.table_name)
            if cls.sums:
                tell(f"{cls.table_name}: {count(tx, cls)} records to be added up")
                tx.cursor.execute(f"DELETE FROM {cls.sums_table.name}")  # noqa: S608 (a name of our own tables)
                right = recounted(cls, tx.engine)
                tx.write(Query(sa.insert(cls.sums_table).from_select(list(cls.sums_table.c), right)))


def _write_texts(tx: Transaction, cls: type[Record]) -> None:
    for rows in every(tx, cls):
        for row in rows:
            record = of_row(cls, row)
            if row[-1] != (text := text_of(record)):
                tx.write(_set_text(cls), text=text, **{f"old_{name}": getattr(record, name) for name in cls.key})


def _build_index(tx: Transaction, table: str) -> None:
    name = fts_name(table)
    if tx.engine == "postgresql":
        tx.cursor.execute(f"REINDEX INDEX ix_{table}_{SEARCH_TEXT}")
        return
    tx.cursor.execute(f"INSERT INTO {name} ({name}) VALUES ('delete-all')")  # noqa: S608 (names of our own tables)
    tx.cursor.execute(filling(name, table))


def filling(fts: str, table: str) -> str:
    """The statement that fills an empty index of SQLite; its documents are numbered as search.entry does."""
    documents = f"SELECT account_id << 32 | id, {SEARCH_TEXT} FROM {table} ORDER BY account_id, id"  # noqa: S608 (as above)
    return f"INSERT INTO {fts} (rowid, body) {documents}"


@functools.cache
def _set_text(cls: type[Record]) -> Query:
    key = [cls.table.c[name] == sa.bindparam(f"old_{name}") for name in cls.key]
    return Query(sa.update(cls.table).where(*key).values({SEARCH_TEXT: sa.bindparam("text")}))
