"""What an operator is told when a command cannot do its work: one sentence that says what to do, no traceback."""

import sqlite3

import psycopg
import sqlalchemy as sa

from faktura.core.errors import Invalid, NotFound, Refusal
from faktura.serving import CannotServe
from faktura.settings import Misset
from faktura.store.errors import Unready


def told(error: BaseException) -> str | None:
    """The sentence, or None for what nobody foresaw."""
    if isinstance(error, sa.exc.DBAPIError) and error.orig is not None:
        error = error.orig
    match error:
        case Unready() | Misset() | CannotServe():
            return str(error)
        case Invalid(problems=problems):
            return "; ".join(
                f"{name}: {problem.code.replace('_', ' ')}" for name, found in problems.items() for problem in found
            )
        case NotFound():
            return f"There is no such record among the {error}."
        case Refusal():
            return f"Refused: {error}"
        case sqlite3.OperationalError() | psycopg.OperationalError():
            return f"The database cannot be used: {str(error).strip()}. FAKTURA_DATABASE_URL says where it is."
        case sqlite3.DatabaseError():
            return f"The file is no database: {error}. FAKTURA_DATABASE_URL says where it is."
        case PermissionError() | FileNotFoundError() | NotADirectoryError() | FileExistsError():
            return f"{error.filename}: {error.strerror}"
    return None
