"""SQLite: the table that hands out ids, asked once a commit and not once an id."""

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

from faktura.store.statements import Cursor, Query

ids = sa.table("ids", sa.column("name", sa.Text), sa.column("last", sa.Integer))


class Ids:
    """The last id of each table, as of one transaction, which holds the only right to write."""

    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._kept: dict[str, int] = {}
        self.last: dict[str, int] = {}

    def next(self, table: str) -> int:
        last = self.last.get(table)
        if last is None:
            found = _READ.on("sqlite").run(self._cursor, {"name": table})
            last = self._kept[table] = found[0][0] if found else 0
        self.last[table] = last + 1
        return last + 1

    def write(self) -> None:
        """Keep what was handed out, before the commit."""
        for table, last in self.last.items():
            if last != self._kept[table]:
                _WRITE.on("sqlite").write(self._cursor, {"name": table, "last": last})


_READ = Query(sa.select(ids.c.last).where(ids.c.name == sa.bindparam("name")))

_WRITE = Query(
    sqlite.insert(ids)
    .values(name=sa.bindparam("name"), last=sa.bindparam("last"))
    .on_conflict_do_update(index_elements=["name"], set_={"last": sa.bindparam("last")})
)
