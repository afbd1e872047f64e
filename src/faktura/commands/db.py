"""faktura db: what an operator does with a database."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from faktura.store.database import Database

db = typer.Typer(help="Keep the database: upgrade, check, back up, move, distribute.", no_args_is_help=True)

Address = Annotated[
    str | None,
    typer.Option("--database", metavar="URL", help="The database; without it, the one of FAKTURA_DATABASE_URL."),
]


@db.command()
def upgrade(database: Address = None) -> None:
    """Bring the tables to what this version needs; a new database gets them all. A SQLite file is copied before."""
    from faktura.store.upgrade import upgrade as bring_up

    with _open(database) as opened, _unserved(opened):
        done = bring_up(opened)
    if done.found == done.now:
        typer.echo(f"The database is at the newest revision, {done.now}; nothing to do.")
    elif done.found is None:
        typer.echo(f"The tables are created, at revision {done.now}.")
    else:
        typer.echo(f"The tables are upgraded from revision {done.found} to {done.now}.")
    if done.copy:
        typer.echo(f"A copy of the database as it was: {done.copy}")


@db.command()
def check(database: Address = None) -> None:
    """Look whether the database is whole; exit 1 and a list of findings where it is not."""
    from faktura.core.books.audit import AUDIT
    from faktura.store.check import check as findings_in

    with _open(database, there=True) as opened:
        findings = findings_in(opened, _tell, AUDIT)
    for finding in findings:
        typer.echo(finding)
    if findings:
        raise typer.Exit(1)
    typer.echo("All is well.")


@db.command()
def backup(
    file: Annotated[Path, typer.Argument(help="The SQLite file to write, which can be served as it is.")],
    database: Address = None,
    *,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")] = False,
) -> None:
    """Write the whole database, as it is at this instant, into a SQLite file; the server may go on working."""
    from faktura.store.backup import back_up

    with _open(database, there=True) as opened:
        back_up(opened, file, _tell, force=force)
    typer.echo(f"The backup is complete: {file}")


@db.command()
def copy(
    source: Annotated[str, typer.Argument(metavar="FROM", help="The database to copy.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="A database without records.")],
) -> None:
    """Copy every record into another database, such as from SQLite to PostgreSQL; stop the server before."""
    from faktura.store.backup import copy_records

    with _open(source, there=True) as old, _open(target) as new:
        copy_records(old, new, _tell)
    typer.echo("The copy is complete.")


@db.command()
def reindex(database: Address = None) -> None:
    """Make the full-text index and kept sums anew."""
    from faktura.store.reindex import reindex as make_anew

    with _open(database, there=True) as opened:
        make_anew(opened, _tell)
    typer.echo("The text index and the kept sums are made anew.")


@db.command("rotate-secrets")
def rotate_secrets(database: Address = None) -> None:
    """Seal secrets anew, after FAKTURA_SECRET_KEY has changed; stop the server before.

    FAKTURA_OLD_SECRET_KEYS says by which keys they were sealed. People sign in again, as whenever the key changes.
    """
    from faktura.assembly.parts import secret_key
    from faktura.core.rotation import rotate_secrets as seal_anew
    from faktura.settings import read_settings
    from faktura.store import schema

    settings = read_settings(os.environ, database_url=database)
    with _open(database, there=True) as opened:
        schema.require_head(opened)
        rotated = seal_anew(opened, settings.old_secret_keys, secret_key(settings, opened))
    typer.echo(f"{rotated.done} secrets are sealed anew, {rotated.already} were already.")
    for place in rotated.lost:
        typer.echo(f"{place}: none of the keys opens it; whoever gave it has to give it again.")
    if rotated.lost:
        raise typer.Exit(1)


@db.command()
def distribute(database: Address = None) -> None:
    """Spread the tables over a Citus cluster, as docs/scale.md says; what is spread already stays as it is."""
    from faktura.store.distribution import distribute as spread

    with _open(database, there=True) as opened:
        done = spread(opened, _tell)
    typer.echo(f"{len(done)} tables are distributed." if done else "Every table is distributed; nothing to do.")


@db.command(hidden=True)
def migration(name: str) -> None:
    """Write the migration NAME, such as 0002_cost_centres, from the records as they are declared; for developers."""
    import faktura.core.tables  # noqa: F401 (declares every table)
    from faktura.store.upgrade import write_migration

    typer.echo(write_migration(name))


@contextlib.contextmanager
def _open(url: str | None, *, there: bool = False) -> "Iterator[Database]":
    """Open the database of the URL or of the settings; where it must be `there`, no file is made."""
    import faktura.core.tables  # noqa: F401 (declares every table)
    from faktura.settings import read_settings
    from faktura.store.backup import require_file
    from faktura.store.database import open_database

    database = open_database(read_settings(os.environ, database_url=url).database_url)
    if there:
        require_file(database)
    with contextlib.closing(database):
        yield database


@contextlib.contextmanager
def _unserved(database: "Database") -> "Iterator[None]":
    """Of a SQLite file: that nobody serves it meanwhile."""
    from faktura.serving import hold, lock_of

    if database.engine == "postgresql":
        yield
        return
    descriptor = hold(lock_of(str(database.url.database)))
    try:
        yield
    finally:
        os.close(descriptor)


def _tell(line: str) -> None:
    typer.echo(line, err=True)
