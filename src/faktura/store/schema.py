"""The tables as the program needs them, and whether a database has them."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa

from faktura.store.counters import numbered
from faktura.store.database import Database, SqliteDatabase
from faktura.store.errors import Unready
from faktura.store.landmarks import trigger
from faktura.store.records import RECORDS, is_paged, metadata, say_to_postgresql
from faktura.store.search import texts_name
from faktura.store.transaction import sequence_name

VERSIONS = Path(__file__).parent / "migrations" / "versions"

LOCK = 0x66616B74
"""What processes that lay out tables on PostgreSQL wait for."""

# As Alembic itself would create it.
revisions = sa.Table(
    "alembic_version",
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), nullable=False),
    sa.PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


FTS_MODULE = "fts5(body, detail=none, columnsize=0, tokenize='trigram')"
"""How SQLite keeps texts and their index: without the places of a trigram in a text, and without the texts' lengths."""

PARTS = 16
"""PostgreSQL keeps the texts of a table in so many parts, each of the accounts that fall into it by their ids."""


class Extra(NamedTuple):
    """What an engine needs beside tables and their indexes.

    `made_with` names what stands in a SQLite database from the revision on that made it.
    """

    engine: str
    name: str
    definition: str
    made_with: str


def head() -> str:
    """The newest revision: migrations are files in the order of their numbers."""
    return max(file.stem for file in VERSIONS.glob("[0-9]*.py"))


def engine_for(database: Database) -> sa.Engine:
    """SQLAlchemy's own engine, for schema work only; on SQLite its transactions hold DDL too."""
    if not isinstance(database, SqliteDatabase):
        say_to_postgresql()
        return sa.create_engine(database.url.set(drivername="postgresql+psycopg"), poolclass=sa.NullPool)
    engine = sa.create_engine("sqlite://", creator=database.connect, poolclass=sa.NullPool)
    sa.event.listen(engine, "begin", _begin)
    return engine


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def prepare(database: Database) -> None:
    """Create the tables in an empty database.

    Raises:
        Unready: the database holds tables of another revision, or not ours; says what to do.

    """
    with engine_for(database).begin() as connection:
        lock(connection)
        found = revision(connection)
        if found is None:
            metadata.create_all(connection, checkfirst=False)
            create_extras(connection)
            revisions.create(connection)
            connection.execute(sa.insert(revisions).values(version_num=head()))
        elif found != head():
            raise Unready(_says_what_to_do(found))


def require_head(database: Database) -> None:
    """Do nothing where the database is as the program needs it.

    Raises:
        Unready: it is empty or of another revision; says what to do.

    """
    with engine_for(database).connect() as connection:
        found = revision(connection)
    if found is None:
        raise Unready("The database is empty: run `faktura db upgrade`.")
    if found != head():
        raise Unready(_says_what_to_do(found))


def lock(connection: sa.Connection) -> None:
    """Wait until nobody else lays out tables; ends with the transaction."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(LOCK)))


def revision(connection: sa.Connection) -> str | None:
    """The revision of the tables, None in an empty database.

    Raises:
        Unready: there are tables, but not ours.

    """
    tables = sa.inspect(connection).get_table_names()
    if revisions.name not in tables:
        if tables:
            raise Unready(f"The database holds tables that are not faktura's: {', '.join(sorted(tables)[:5])}")
        return None
    found: str | None = connection.scalar(sa.select(revisions.c.version_num))
    return found


def _says_what_to_do(found: str) -> str:
    if found > head():
        return f"The database is at revision {found}, which is newer than this program, whose newest is {head()}."
    return f"The database is at revision {found}, the program needs {head()}: run `faktura db upgrade`."


def create_extras(connection: sa.Connection) -> None:
    """What is not alike on both engines: ids or sequences, the searched texts with their index."""
    for extra in extras():
        if extra.engine == connection.dialect.name:
            connection.exec_driver_sql(extra.definition)


def extras() -> list[Extra]:
    return [*_sqlite_extras(), *_postgres_extras()]


def names(connection: sa.Connection) -> set[str]:
    """What stands in the database: tables, indexes, triggers, sequences, extensions."""
    return {name for (name,) in connection.exec_driver_sql(_NAMES[connection.dialect.name])}


def needed_names(engine: str) -> list[str]:
    """What has to stand there."""
    indexes = [str(index.name) for table in metadata.tables.values() for index in table.indexes]
    return [*metadata.tables, *indexes, *(extra.name for extra in extras() if extra.engine == engine)]


_NAMES = {
    "sqlite": "SELECT name FROM sqlite_master",
    "postgresql": "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace "
    "UNION ALL SELECT extname FROM pg_extension",
}


def _sqlite_extras() -> list[Extra]:
    definitions = {"ids": _IDS, "removals": _REMOVALS}
    definitions |= {trigger_name(table): trigger(table) for table in paged_tables()}
    definitions |= {texts_name(table): create_texts(table) for table in searched_tables()}
    return [Extra("sqlite", name, definition, name) for name, definition in definitions.items()]


def _postgres_extras() -> list[Extra]:
    found = [Extra("postgresql", "pg_trgm", "CREATE EXTENSION IF NOT EXISTS pg_trgm", "ids")]
    for table in numbered():
        name = sequence_name(table)
        found.append(Extra("postgresql", name, f"CREATE SEQUENCE {name} AS integer", table))
    for table in searched_tables():
        texts = texts_name(table)
        found += [Extra("postgresql", name, definition, texts) for name, definition in _parts(texts)]
        definition = f"CREATE INDEX {trigrams_name(table)} ON {texts} USING gin (body gin_trgm_ops)"
        found.append(Extra("postgresql", trigrams_name(table), definition, texts))
    return found


def _parts(texts: str) -> Iterator[tuple[str, str]]:
    """An index has no accounts in it: the smaller the part that it is of, the fewer texts of others a search meets."""
    yield texts, f"CREATE TABLE {texts} ({_TEXT}) PARTITION BY HASH (account_id)"
    for n in range(PARTS):
        of = f"PARTITION OF {texts} FOR VALUES WITH (MODULUS {PARTS}, REMAINDER {n})"
        yield f"{texts}_{n}", f"CREATE TABLE {texts}_{n} {of}"


def create_texts(table: str) -> str:
    """The statement that makes the texts of a table and their index on SQLite."""
    return f"CREATE VIRTUAL TABLE {texts_name(table)} USING {FTS_MODULE}"


def trigrams_name(table: str) -> str:
    """The index over texts on PostgreSQL."""
    return f"ix_{texts_name(table)}_body"


def searched_tables() -> list[str]:
    return [name for name, cls in RECORDS.items() if cls.searched]


def paged_tables() -> list[str]:
    return [name for name, cls in RECORDS.items() if is_paged(cls)]


def trigger_name(table: str) -> str:
    return f"{table}_removed"


_IDS = "CREATE TABLE ids (name TEXT NOT NULL PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID"

_TEXT = "account_id integer NOT NULL, id integer NOT NULL, body text NOT NULL, PRIMARY KEY (account_id, id)"

_REMOVALS = (
    "CREATE TABLE removals (account_id INTEGER NOT NULL, name TEXT NOT NULL, count INTEGER NOT NULL, "
    "PRIMARY KEY (account_id, name)) WITHOUT ROWID"
)
