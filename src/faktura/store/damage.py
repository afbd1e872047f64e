"""Whether a database is sound beneath its records: the file, the indexes, the text index, kept sums."""

import contextlib
from collections.abc import Iterator

import psycopg
import sqlalchemy as sa

from faktura.store import schema
from faktura.store.backup import Tell
from faktura.store.database import Database
from faktura.store.findings import MOST_OF_A_KIND
from faktura.store.kept_sums import kept_rows, recounted
from faktura.store.postgres import PostgresDatabase
from faktura.store.records import Record
from faktura.store.search import is_of, texts, texts_name
from faktura.store.statements import Query
from faktura.store.transaction import Transaction

REINDEX = "run `faktura db reindex`"


def missing_extras(database: Database) -> Iterator[str]:
    with schema.engine_for(database).connect() as connection:
        there = schema.names(connection)
    for name in schema.needed_names(database.engine):
        if name not in there:
            yield f"{name} is missing from the database"


def damage_of_file(tx: Transaction, tell: Tell) -> Iterator[str]:
    tell("the file")
    tx.cursor.execute(f"PRAGMA integrity_check({MOST_OF_A_KIND})")
    for (line,) in tx.cursor.fetchall():
        if line != "ok":
            yield f"the file is damaged: {line}"
    tx.cursor.execute("PRAGMA foreign_key_check")
    for table, row_id, parent, _ in tx.cursor.fetchall()[:MOST_OF_A_KIND]:
        yield f"{table}: row {row_id} names a row of {parent} that is not there"


def wrong_text_index(tx: Transaction, table: str, tell: Tell) -> Iterator[str]:
    tell(f"{table}: the text index")
    if not _indexed_as_it_stands(tx, table):
        yield f"{table}: the text index is not that of the records; {REINDEX}"


def texts_of_nobody(tx: Transaction, cls: type[Record]) -> Iterator[str]:
    found = texts(cls.table_name, tx.engine)
    of_none = sa.select(sa.func.count()).select_from(found).where(~sa.exists().where(is_of(cls, tx.engine)))
    if count := tx.rows(Query(of_none))[0][0]:
        yield f"{cls.table_name}: {count} searched texts are of no record; {REINDEX}"


def wrong_kept_sums(tx: Transaction, cls: type[Record], tell: Tell) -> Iterator[str]:
    tell(f"{cls.table_name}: the kept sums")
    right, kept = recounted(cls, tx.engine).subquery().select(), kept_rows(cls)
    wrong = sa.union_all(sa.except_(right, kept).subquery().select(), sa.except_(kept, right).subquery().select())
    if tx.rows(Query(sa.select(sa.func.count()).select_from(wrong.subquery())))[0][0]:
        yield f"{cls.table_name}: the kept sums are not those of the records; {REINDEX}"


def _indexed_as_it_stands(tx: Transaction, table: str) -> bool:
    """Compare the index with a new one of its texts in temporary tables: for each term how often it is there and where.

    FTS5's own check would write, and keep others from it as long as the whole check takes.
    """
    kept, new = texts_name(table), f"new_{texts_name(table)}"
    for statement in (
        f"CREATE VIRTUAL TABLE temp.{new} USING {schema.FTS_MODULE}",
        f"INSERT INTO temp.{new} (rowid, body) SELECT rowid, body FROM {kept} ORDER BY rowid",  # noqa: S608 (names of our own tables)
        f"CREATE VIRTUAL TABLE temp.{kept}_terms USING fts5vocab(main, {kept}, instance)",
        f"CREATE VIRTUAL TABLE temp.{new}_terms USING fts5vocab(temp, {new}, instance)",
    ):
        tx.cursor.execute(statement)
    return _same(tx, _TERMS.format(f"temp.{kept}_terms"), _TERMS.format(f"temp.{new}_terms"))


_TERMS = "SELECT term, count(*), sum(((doc >> 32) * 8191 + doc) & 4294967295) FROM {} GROUP BY term"


def _same(tx: Transaction, one: str, other: str) -> bool:
    for first, second in ((one, other), (other, one)):
        tx.cursor.execute(f"SELECT count(*) FROM (SELECT * FROM ({first}) EXCEPT SELECT * FROM ({second}))")  # noqa: S608 (as above)
        if tx.cursor.fetchall()[0][0]:
            return False
    return True


def damage_of_indexes(database: PostgresDatabase, tell: Tell) -> Iterator[str]:
    tell("the indexes")
    with contextlib.closing(database.connect()) as connection:
        for name, valid in connection.execute(_INDEXES).fetchall():
            if not valid:
                yield f"index {name} is not valid: rebuild it with REINDEX INDEX {name}"
        yield from _amcheck(connection, tell)
        if connection.execute("SELECT lower('ŽŁ')").fetchall() != [("žł",)]:
            yield "PostgreSQL does not know the lower case of letters like Ž here: use a database with a UTF-8 locale"


def _amcheck(connection: psycopg.Connection, tell: Tell) -> Iterator[str]:
    """Look inside the indexes where PostgreSQL lets us; the extension is gone again afterwards."""
    cursor = connection.cursor()
    cursor.execute("BEGIN")
    try:
        cursor.execute("CREATE EXTENSION IF NOT EXISTS amcheck")
        cursor.execute(_TREES)
        trees = [name for (name,) in cursor.fetchall()]
    except psycopg.Error as error:
        tell(f"the inside of the indexes was not looked at: {str(error).splitlines()[0]}")
        trees = []
    for name in trees:
        cursor.execute("SAVEPOINT tree")
        try:
            cursor.execute("SELECT bt_index_check($1::regclass, true)", (name,))
        except psycopg.Error as error:
            cursor.execute("ROLLBACK TO tree")
            yield f"index {name} is damaged: {str(error).splitlines()[0]}"
    cursor.execute("ROLLBACK")


_INDEXES = """
SELECT pg_index.indexrelid::regclass::text, pg_index.indisvalid AND pg_index.indisready
FROM pg_index JOIN pg_class ON pg_class.oid = pg_index.indexrelid
WHERE pg_class.relnamespace = current_schema()::regnamespace ORDER BY 1
"""

_TREES = """
SELECT pg_class.oid::regclass::text FROM pg_class JOIN pg_am ON pg_am.oid = pg_class.relam
JOIN pg_index ON pg_index.indexrelid = pg_class.oid
WHERE pg_am.amname = 'btree' AND pg_class.relkind = 'i' AND pg_index.indisvalid AND pg_index.indisready
AND pg_class.relnamespace = current_schema()::regnamespace ORDER BY 1
"""
