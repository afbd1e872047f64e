"""Whether a database reads and writes, found out by doing it."""

import sqlalchemy as sa

from faktura.store.database import Database
from faktura.store.errors import Unavailable
from faktura.store.schema import revisions
from faktura.store.statements import Query
from faktura.store.transaction import Transaction


def probe(database: Database) -> str | None:
    """What is wrong, or None. A write is undone and then committed: only a commit knows of a full disk."""
    try:
        database.read(lambda tx: tx.rows(_READ))
        database.write(_write_and_undo)
    except Unavailable as fault:
        return str(fault)
    return None


def _write_and_undo(tx: Transaction) -> None:
    """SQLite writes the page nevertheless, and PostgreSQL its log, both to the disk."""
    tx.cursor.execute("SAVEPOINT probe")
    tx.write(_WRITE)
    tx.cursor.execute("ROLLBACK TO probe")
    tx.cursor.execute("RELEASE probe")


_READ = Query(sa.select(revisions.c.version_num))

_WRITE = Query(sa.update(revisions).values(version_num=revisions.c.version_num))
