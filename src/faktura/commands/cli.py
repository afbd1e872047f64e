"""faktura: what an operator and a developer type."""

import importlib.util
import os
import shutil
import signal
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

from faktura import __version__
from faktura.commands.agents import mcp, proposal
from faktura.commands.fidelity import check_usage, parity
from faktura.commands.firm import add_to, bank, series
from faktura.commands.jobs import job
from faktura.commands.ksef import ksef
from faktura.commands.letters import invite, mail
from faktura.commands.people import account, session, user
from faktura.commands.programs import application, consent, key
from faktura.commands.registries import registry
from faktura.commands.reminders import reminders
from faktura.commands.webhooks import listen, trigger
from faktura.commands.worlds import world

if TYPE_CHECKING:
    from faktura.intake.asgi import Intake
    from faktura.sandbox.beginning import Beginning
    from faktura.sandbox.worlds.router import Router
    from faktura.settings import Settings

T = TypeVar("T")

app = typer.Typer(
    name="faktura",
    help=(
        "An invoicing server that speaks the Fakturoid and the inFakt API. Try it by `faktura sandbox`, use it by "
        "`faktura serve`, which keeps its data in faktura.sqlite here unless FAKTURA_DATABASE_URL names another place. "
        "All settings: see README.md."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
add_to(account)
app.add_typer(account, name="account")
app.add_typer(bank, name="bank")
app.add_typer(series, name="series")
app.add_typer(reminders, name="reminders")
app.add_typer(user, name="user")
app.add_typer(session, name="session")
app.add_typer(application, name="application")
app.add_typer(consent, name="consent")
app.add_typer(key, name="key")
app.add_typer(job, name="job")
app.add_typer(registry, name="registry")
app.add_typer(ksef, name="ksef")
app.add_typer(mail, name="mail")
app.add_typer(proposal, name="proposal")
app.add_typer(world, name="world")
app.command("invite")(invite)
app.command("listen")(listen)
app.command("trigger")(trigger)
app.command("mcp")(mcp)
app.command("check-usage")(check_usage)
app.command("parity")(parity)
if importlib.util.find_spec("faktura.commands.db"):
    from faktura.commands.db import db

    app.add_typer(db, name="db")

Host = Annotated[str | None, typer.Option(help="Address to listen at; else FAKTURA_HOST, else 127.0.0.1.")]
INSTANT = "%Y-%m-%dT%H:%M:%S%z"

Port = Annotated[int | None, typer.Option(help="Port to listen at; else FAKTURA_PORT, else 8000.")]


@app.callback(invoke_without_command=True)
def version(*, version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False) -> None:
    if version:
        typer.echo(f"faktura {__version__}")
        raise typer.Exit


@app.command()
def sandbox(
    host: Host = None,
    port: Port = None,
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Folder for data and credentials; else a temporary one.")
    ] = None,
    seed: Annotated[
        str, typer.Option(metavar="TEXT", help="What ids, tokens, keys and passwords follow from; else a random one.")
    ] = "",
    clock: Annotated[
        datetime | None,
        typer.Option(formats=[INSTANT], metavar="INSTANT", help="Where the clock stands, as 2026-11-28T09:00:00Z."),
    ] = None,
    years: Annotated[
        int, typer.Option(min=0, max=10, metavar="YEARS", help="How long the firms have lived already, with documents.")
    ] = 0,
    *,
    tls: Annotated[bool, typer.Option("--tls", help="Serve HTTPS with a private certificate authority.")] = False,
) -> None:
    """Serve everything on example data.

    To try it out, or as a test double of both services; until it is stopped. Prints the addresses, the login and two
    requests to try. With --data, data and credentials survive restarts. The same seed and clock give the same again.
    """
    from faktura.sandbox.beginning import Beginning
    from faktura.settings import read_settings

    settings = read_settings(os.environ, host=host, port=port, public_url="", tls_cert="", tls_key="", proxies=0)
    folder = Path(tempfile.mkdtemp(prefix="faktura-")) if data is None else data
    # A stop before the server listens for signals must remove the folder as well.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        _serve_sandbox(settings, folder, Beginning(seed, clock, years=years), tls=tls)
    finally:
        if data is None:
            shutil.rmtree(folder, ignore_errors=True)


@app.command()
def serve(
    host: Host = None,
    port: Port = None,
    processes: Annotated[
        int | None, typer.Option(help="Processes that serve, with PostgreSQL; else FAKTURA_PROCESSES, else 1.")
    ] = None,
    *,
    worker: Annotated[
        bool | None, typer.Option("--worker/--no-worker", help="Do the jobs too, or leave them to `faktura worker`.")
    ] = None,
) -> None:
    """Serve for real use.

    Until it is stopped. FAKTURA_DATABASE_URL says where data is kept. In an empty database the tables are made, and as
    long as nobody has an account there, the address is printed at which the first person opens one.
    """
    from faktura.serving import CannotServe, hold, lock_of
    from faktura.serving import serve as serve_until_stopped
    from faktura.settings import read_settings
    from faktura.store.board import common_to
    from faktura.store.chance import SYSTEM

    settings = read_settings(os.environ, host=host, port=port, processes=processes, worker=worker)
    if settings.database_url.startswith("sqlite"):
        if settings.processes > 1:
            raise CannotServe("With SQLite one process serves. For more, let FAKTURA_DATABASE_URL name a PostgreSQL.")
        hold(lock_of(settings.database_file))

    first_secret, common = SYSTEM.letters("first secret", 32), common_to(settings.processes)

    def make() -> "Intake":
        from faktura.assembly.house import house

        return house(settings, common, first_secret)

    serve_until_stopped(settings, _made(make))


@app.command()
def worker() -> None:
    """Do jobs, beside `faktura serve --no-worker`.

    Until it is stopped; the job at hand is done to its end.
    """
    from faktura.assembly.house import work
    from faktura.settings import read_settings

    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopped.set())
    work(read_settings(os.environ), stopped.is_set)


def main() -> None:
    """Run a command; a failure that was foreseen is told in a sentence."""
    try:
        app()
    except Exception as error:  # noqa: BLE001 (told, or raised again)
        _fail(error)


def _serve_sandbox(settings: "Settings", folder: Path, beginning: "Beginning", *, tls: bool) -> None:
    import msgspec

    from faktura.sandbox import files
    from faktura.serving import hold, serve

    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    hold(folder / files.LOCK)
    if tls:
        _make_certificates(folder, settings.host)
        settings = msgspec.structs.replace(
            settings, tls_cert=str(folder / files.CHAIN), tls_key=str(folder / files.KEY)
        )

    def make() -> "Router":
        from faktura.assembly.sandbox import sandbox

        return sandbox(settings, folder, beginning)

    serve(settings, _made(make))


def _make_certificates(folder: Path, host: str) -> None:
    """In a process of its own, because this one stays small as long as the server lives."""
    import multiprocessing

    def make() -> None:
        from faktura.sandbox.certificates import make_certificates

        make_certificates(folder, host)

    making = multiprocessing.get_context("fork").Process(target=make)
    making.start()
    making.join()
    if making.exitcode:
        sys.exit(1)


def _made(make: "Callable[[], T]") -> "Callable[[], T]":
    def made() -> T:
        try:
            return make()
        except Exception as error:  # noqa: BLE001 (told, or raised again)
            _fail(error)

    return made


def _fail(error: Exception) -> NoReturn:
    from faktura.failures import told

    sentence = told(error)
    if sentence is None:
        raise error
    typer.echo(sentence, err=True)
    sys.exit(1)
