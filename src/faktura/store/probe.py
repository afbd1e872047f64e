"""Whether a database reads and writes, found out by doing it."""

import sqlalchemy as sa

from faktura.store.database import Database
from faktura.store.errors import Unavailable
from faktura.store.schema import revisions
from faktura.store.statements import Query


def probe(database: Database) -> str | None:
    """What is wrong, or None. It writes what is there already and commits it: only a commit knows of a full disk."""
    try:
        database.read(lambda tx: tx.rows(_READ))
        database.write(lambda tx: tx.write(_WRITE))
    except Unavailable as fault:
        return str(fault)
    return None


_READ = Query(sa.select(revisions.c.version_num))

_WRITE = Query(sa.update(revisions).values(version_num=revisions.c.version_num))
