"""Databases of PostgreSQL that tests use one after another: to empty one costs a tenth of making another."""

import contextlib
from collections.abc import Iterator
from typing import Any

import psycopg

from tests.postgres import administrator, fresh_database

MOST_USES = 200
"""Deleted rows stay in the files, and make them longer."""

SENT_AWAY = """
SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""

EMPTIED = """
DO $$
DECLARE filled regclass;
BEGIN
    SET LOCAL session_replication_role = replica;
    FOR filled IN
        SELECT oid FROM pg_class
        WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version'
            AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE format('DELETE FROM %s', filled);
    END LOOP;
    PERFORM setval(seqrelid, seqstart, false) FROM pg_sequence WHERE pg_sequence_last_value(seqrelid) IS NOT NULL;
END
$$
"""

# Each definition is a row of a catalogue, which holds the transaction that wrote it.
DEFINITIONS = """
SELECT
    (SELECT array_agg(version_num) FROM alembic_version),
    (SELECT ARRAY[count(*), max(xmin::text::bigint)] FROM pg_class WHERE oid >= 16384),
    (SELECT ARRAY[count(*), max(xmin::text::bigint)] FROM pg_index WHERE indexrelid >= 16384),
    (SELECT ARRAY[count(*), max(xmin::text::bigint)] FROM pg_attribute WHERE attrelid >= 16384),
    (SELECT ARRAY[count(*), max(xmin::text::bigint)] FROM pg_constraint WHERE oid >= 16384),
    (SELECT ARRAY[count(*), max(xmin::text::bigint)] FROM pg_trigger WHERE oid >= 16384),
    (SELECT ARRAY[count(*), max(xmin::text::bigint)] FROM pg_proc WHERE oid >= 16384),
    (SELECT ARRAY[count(*), max(xmin::text::bigint)] FROM pg_namespace WHERE oid >= 16384),
    (SELECT count(*) FROM pg_db_role_setting)
"""


class Copy:
    """A copy of the template, and a connection that stays open beside those of the test."""

    def __init__(self, server: str, template: str) -> None:
        self._open = contextlib.ExitStack()
        self.url = self._open.enter_context(fresh_database(server, template))
        self._connection = self._open.enter_context(administrator(self.url))
        self._definitions = self._defined()
        self._uses = 0

    def is_as_new(self) -> bool:
        """Empty the tables; a copy whose tables were changed, or that was used for long, is none any more."""
        self._uses += 1
        if self._uses >= MOST_USES:
            return False
        with contextlib.suppress(psycopg.Error):
            self._connection.execute(SENT_AWAY)
            if self._defined() == self._definitions:
                self._connection.execute(EMPTIED)
                return True
        return False

    def drop(self) -> None:
        self._open.close()

    def _defined(self) -> tuple[Any, ...] | None:
        return self._connection.execute(DEFINITIONS).fetchone()


class LentDatabases:
    """One copy for each test that runs at the same time."""

    def __init__(self, server: str, template: str) -> None:
        self._server, self._template = server, template
        self._spare: list[Copy] = []

    @contextlib.contextmanager
    def lent(self) -> Iterator[str]:
        """Yield the URL of a database that nobody seems to have used before."""
        copy = self._spare.pop() if self._spare else Copy(self._server, self._template)
        try:
            yield copy.url
        finally:
            if copy.is_as_new():
                self._spare.append(copy)
            else:
                copy.drop()

    def close(self) -> None:
        while self._spare:
            self._spare.pop().drop()
