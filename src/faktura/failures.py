"""What an operator is told when a command cannot do its work: one sentence that says what to do, no traceback."""

import sqlite3
from collections.abc import Mapping

import psycopg
import sqlalchemy as sa

from faktura.core.errors import Code, Invalid, NotFound, Problem, Refusal
from faktura.outputs.mail.letters import Undelivered
from faktura.serving import CannotServe
from faktura.settings import Misset
from faktura.store.errors import Unavailable, Unready


def told(error: BaseException) -> str | None:
    """The sentence, or None for what nobody foresaw."""
    if isinstance(error, sa.exc.DBAPIError) and error.orig is not None:
        error = error.orig
    match error:
        case Unready() | Misset() | CannotServe() | Undelivered():
            return str(error)
        case Invalid(problems=problems):
            return "\n".join(f"{name}: {_wrong(problem)}" for name, found in problems.items() for problem in found)
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


def _wrong(problem: Problem) -> str:
    said = _WRONG.get(problem.code, problem.code.replace("_", " "))
    return said.format(limit=problem.limit, number=problem.number)


def _on_one_line(error: BaseException) -> str:
    return " ".join(str(error).split()).rstrip("?.")


def _not_found(table: str) -> str:
    missing = _MISSING.get(table)
    return (
        f"There is no such {missing}; `faktura {missing} list` shows what there is."
        if missing
        else f"Not found: {table}"
    )


_WRONG: Mapping[Code, str] = {
    "blank": "cannot be empty",
    "too_long": "has more than {limit} letters",
    "too_large": "is too large",
    "malformed": "is not written as it must be",
    "malformed_email": "is no e-mail address",
    "not_in_list": "is none of those that there are",
    "taken": "is taken already; choose another",
    "immutable": "cannot be changed",
    "relied_on": "cannot be changed any more, because number {number} rests on it",
    "not_positive": "must be greater than 0",
    "more_than_left": "is more than what is left of the document",
    "not_together": "contradicts what was said beside it",
    "number_used": "was given out already; the next one must be higher",
    "files_too_large": "has more than {limit} MB",
    "not_a_picture": "is no picture that can be read: choose a PNG or a JPEG file",
    "too_many_points": "has too many points: save it smaller",
    "reserved": "is an address of the server itself; choose another",
    "wrong_check_digit": "has a digit wrong: its check digits do not fit the others",
    "unknown_bank": "names no bank that there is: look at the code after the slash",
    "without_counter": "lacks the counter, such as #dddd#, which has to be there once",
    "without_year": "lacks the year, #yyyy# or #yy#, without which next year's numbers would be there already",
    "not_confirmed": "has to be confirmed, since the customer has the document already",
}

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
