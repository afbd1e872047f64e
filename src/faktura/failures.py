"""What an operator is told when a command cannot do its work: one sentence that says what to do, no traceback."""

import sqlite3

import psycopg
import sqlalchemy as sa

from faktura.core.errors import Invalid, NotFound, Refusal
from faktura.outputs.mail.letters import Undelivered
from faktura.outputs.refusals import sentence
from faktura.outside.http import Unanswered
from faktura.serving import CannotServe
from faktura.settings import Misset
from faktura.store.errors import Unavailable, Unready


def told(error: BaseException) -> str | None:
    """The sentence, or None for what nobody foresaw."""
    if isinstance(error, sa.exc.DBAPIError) and error.orig is not None:
        error = error.orig
    match error:
        case Unready() | Misset() | CannotServe() | Undelivered() | Unanswered():
            return str(error)
        case Invalid(problems=problems):
            return "\n".join(f"{name}: {sentence(problem)}" for name, found in problems.items() for problem in found)
        case NotFound():
            return _not_found(str(error))
        case Refusal():
            return f"Refused: {error}"
        case Unavailable() | sqlite3.OperationalError() | psycopg.OperationalError():
            return f"The database cannot be used: {_on_one_line(error)}. FAKTURA_DATABASE_URL says where it is."
        case sqlite3.DatabaseError():
            return f"The file is no database: {error}. FAKTURA_DATABASE_URL says where it is."
        case PermissionError() | FileNotFoundError() | NotADirectoryError() | FileExistsError():
            return f"{error.filename}: {error.strerror}"
    return None


def _on_one_line(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip("?.")


def _not_found(table: str) -> str:
    missing = _MISSING.get(table)
    return (
        f"There is no such {missing}; `faktura {missing} list` shows what there is."
        if missing
        else f"Not found: {table}"
    )


_MISSING = {
    "accounts": "account",
    "users": "user",
    "memberships": "user",
    "api_keys": "key",
    "applications": "application",
    "grants": "consent",
    "sessions": "session",
    "jobs": "job",
    "bank_accounts": "bank",
    "number_formats": "series",
    "reminder_steps": "reminders",
}
"""What is missing, by its table, as the group of commands that lists it is called."""
