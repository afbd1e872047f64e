"""What an error of a driver says: that the database cannot do its work now, or that something else is wrong."""

import logging
import sqlite3
from typing import TYPE_CHECKING

from faktura.store.errors import Unavailable

if TYPE_CHECKING:
    import psycopg

log = logging.getLogger(__name__)

PATIENCE = 4.0
"""Seconds that somebody waits for the database at most."""

_SQLITE = {
    sqlite3.SQLITE_BUSY: "another program holds the lock of the database file",
    sqlite3.SQLITE_LOCKED: "another program holds the lock of the database file",
    sqlite3.SQLITE_PROTOCOL: "another program holds the lock of the database file",
    sqlite3.SQLITE_NOMEM: "there is no memory left",
    sqlite3.SQLITE_READONLY: "the database file, or the folder that it is in, cannot be written",
    sqlite3.SQLITE_IOERR: "the disk of the database file failed",
    sqlite3.SQLITE_FULL: "the disk of the database file is full",
    sqlite3.SQLITE_CANTOPEN: "the database file, or one beside it, cannot be opened",
}

_POSTGRES = {
    "25006": "PostgreSQL only lets read: it is a standby, or was set so",
    "25P03": "PostgreSQL ended a transaction that did nothing for long",
    "53100": "the disk of PostgreSQL is full",
    "53200": "PostgreSQL has no memory left",
    "53300": "PostgreSQL takes no more connections",
    "55P03": "others were writing in the same place for too long",
    "57014": "PostgreSQL needed too long for a statement",
    "57P01": "PostgreSQL was stopped",
    "57P02": "PostgreSQL was stopped",
    "57P03": "PostgreSQL is starting or stopping",
    "57P05": "PostgreSQL ended an idle connection",
}
"""By SQLSTATE, what an operator can do something about."""

_SYSTEM = "58"
"""The class of errors of PostgreSQL's own system: files that cannot be read or written."""

_CONNECTION = "08"


def of_sqlite(error: sqlite3.Error) -> Unavailable | None:
    """The fault of the database, or None where something else is wrong."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    why = _SQLITE.get(code)
    if why is None:
        return None
    waited = code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL}
    return reported(f"{why} ({error})", silent=waited)


def of_postgres(error: "psycopg.Error", *, lost: bool, committing: bool) -> Unavailable | None:
    """The same; `lost` says that the connection is of no more use, `committing` that a commit was asked for."""
    state = error.sqlstate or ""
    why = _POSTGRES.get(state)
    if why is None and state.startswith(_SYSTEM):
        why = "PostgreSQL cannot use its disk"
    if why is None and (lost or state.startswith(_CONNECTION)):
        why = "the connection to PostgreSQL broke"
    if why is None:
        return None
    if lost and committing:
        why += " during a commit, so that nobody knows whether it was kept"
    broken = (lost and not committing) or state == "25006"
    return reported(f"{why} ({_first_line(error)})", broken=broken)


def unreached(error: "psycopg.Error", *, silent: bool) -> Unavailable:
    """What is to be said where no connection could be made."""
    return reported(f"PostgreSQL cannot be reached ({_first_line(error)})", silent=silent)


def reported(why: str, *, silent: bool = False, broken: bool = False) -> Unavailable:
    """The fault, which the operator finds in the log."""
    log.error("the database cannot do its work: %s", why)
    return Unavailable(why, silent=silent, broken=broken)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
