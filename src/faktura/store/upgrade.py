"""Bringing a database to the newest revision, and writing down a new one."""

import argparse
from pathlib import Path
from typing import NamedTuple

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.util import CommandError

from faktura.store import schema
from faktura.store.backup import copy_file
from faktura.store.database import Database, SqliteDatabase
from faktura.store.errors import Unready


class Upgrade(NamedTuple):
    """What was done: from which revision (None: the database was empty), and where the copy made before it lies."""

    found: str | None
    now: str
    copy: Path | None


def upgrade(database: Database) -> Upgrade:
    """Bring the tables to the newest revision, all or nothing; a SQLite file is copied before.

    Raises:
        Unready: the database is newer than the program, or holds tables that are not ours.

    """
    engine = schema.engine_for(database)
    with engine.connect() as connection:
        found = schema.revision(connection)
    copy = None
    if found not in {None, schema.head()} and isinstance(database, SqliteDatabase):
        copy = _free_name(Path(str(database.url.database)), str(found))
        copy_file(database, copy)
    with engine.begin() as connection:
        schema.lock(connection)
        run(connection)
    return Upgrade(found, schema.head(), copy)


def run(connection: sa.Connection, to: str = "head") -> None:
    """Run the missing revisions on a connection that is in a transaction.

    Raises:
        Unready: the database is at a revision that the program does not know.

    """
    try:
        command.upgrade(_config(connection), to)
    except CommandError as error:
        raise Unready(f"The database cannot be upgraded: {error}") from error


def write_migration(name: str) -> Path:
    """Write the revision that leads from the one before it to the records as they are declared now.

    A revision that was never released is written anew under its own name, above all 0001_first_tables.
    """
    file = schema.VERSIONS / f"{name}.py"
    before = max((other.stem for other in schema.VERSIONS.glob("[0-9]*.py") if other.stem < name), default=None)
    file.unlink(missing_ok=True)
    engine = sa.create_engine("sqlite://")
    with engine.begin() as connection:
        if before is not None:
            run(connection, before)
        message = name.partition("_")[2].replace("_", " ").capitalize() + "."
        head = before or "base"
        command.revision(_config(connection), message, autogenerate=True, rev_id=name, head=head)
    return file


def _config(connection: sa.Connection) -> Config:
    config = Config(attributes={"connection": connection}, cmd_opts=argparse.Namespace(quiet=True))
    config.set_main_option("script_location", str(schema.VERSIONS.parent).replace("%", "%%"))
    config.set_main_option("file_template", "%%(rev)s")
    config.set_main_option("path_separator", "os")
    return config


def _free_name(file: Path, found: str) -> Path:
    """Beside the file and named after the revision; no older copy is overwritten."""
    wanted = file.with_name(f"{file.name}.{found}")
    tried = 1
    while wanted.exists():
        tried += 1
        wanted = file.with_name(f"{file.name}.{found}-{tried}")
    return wanted
