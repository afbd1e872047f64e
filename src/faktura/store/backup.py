"""Copies of a whole database: of the file on SQLite, record by record between engines."""

import contextlib
import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from faktura.store import schema
from faktura.store.counters import last_ids, set_last_ids
from faktura.store.database import Database, SqliteDatabase, open_database
from faktura.store.errors import Unready
from faktura.store.every import BATCH, count, every, of_row, snapshot, transaction
from faktura.store.records import RECORDS, Record
from faktura.store.search import write_entries
from faktura.store.transaction import Transaction

Tell = Callable[[str], None]
"""Is told, in a line each, what long work is doing."""

TOLD_EVERY = 20 * BATCH


def back_up(database: Database, target: Path, tell: Tell, *, force: bool = False) -> None:
    """Write a SQLite file with the whole database as it was at one instant; others may write meanwhile.

    The file can be read by nobody else, is complete when it appears, and can be served as it is.

    Raises:
        Unready: the target exists and force is not used, or it is a database in use; the database is empty.

    """
    with schema.engine_for(database).connect() as connection:
        if schema.revision(connection) is None:
            raise Unready("The database is empty")
    if target.exists() and not force:
        raise Unready(f"{target} exists already; --force replaces it")
    if Path(f"{target}-wal").exists():
        raise Unready(f"{target} is a database in use")
    with _arriving(target) as file:
        if isinstance(database, SqliteDatabase):
            _vacuum_into(database, file)
            return
        copy = open_database(f"sqlite:///{file}")
        try:
            copy_records(database, copy, tell)
        finally:
            copy.close()


def require_file(database: Database) -> None:
    """Opening a SQLite file that is not there would make one.

    Raises:
        Unready: there is no file.

    """
    if isinstance(database, SqliteDatabase) and not Path(str(database.url.database)).exists():
        raise Unready(f"There is no database at {database.url.database}")


def copy_file(database: SqliteDatabase, target: Path) -> None:
    """A copy of the file, whatever its revision."""
    with _arriving(target) as file:
        _vacuum_into(database, file)


def copy_records(source: Database, target: Database, tell: Tell) -> None:
    """Copy every record as one instant saw it, with ids and versions, into a database without records.

    The text index and kept sums are made anew, and ids go on after the last one of the source.

    Raises:
        Unready: the source is not at the newest revision, or the target is not empty.

    """
    schema.require_head(source)
    schema.prepare(target)
    with snapshot(source) as old, transaction(target) as new:
        holding = [name for name, cls in RECORDS.items() if count(new, cls)]
        if holding:
            raise Unready(f"The database to copy to holds records already: {', '.join(holding[:5])}")
        for cls in RECORDS.values():
            _copy_table(old, new, cls, tell)
        set_last_ids(new, last_ids(old))


def _copy_table(old: Transaction, new: Transaction, cls: type[Record], tell: Tell) -> None:
    whole = count(old, cls)
    copied = 0
    for rows in every(old, cls):
        new.insert_all([of_row(cls, row) for row in rows])
        write_entries(new.cursor, new.unindexed)
        new.unindexed.clear()
        new.owed.write(new.cursor, new.engine)
        copied += len(rows)
        if copied == whole or copied % TOLD_EVERY == 0:
            tell(f"{cls.table_name}: {copied} of {whole} copied")


def _vacuum_into(database: SqliteDatabase, file: Path) -> None:
    with contextlib.closing(database.connect()) as connection:
        connection.execute("VACUUM INTO ?", (str(file),))


@contextlib.contextmanager
def _arriving(target: Path) -> Iterator[Path]:
    """Yield an empty file beside the target, closed to others, which takes the target's name when it is complete."""
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        yield Path(name)
        os.fsync(handle)
        Path(name).replace(target)
        _sync_folder(target.parent)
    finally:
        os.close(handle)
        for leftover in (name, f"{name}-wal", f"{name}-shm"):
            Path(leftover).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """A new name is on disk when its folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
