"""What every assembly is made of: the service, its printer, its threads, and how requests come in."""

import os
from collections.abc import Mapping
from pathlib import Path

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.app import behind_proxies, hosts_of
from faktura.core.clock import Clock
from faktura.dialects import WsgiApplication, installed, key_rights, mounts, usual_rate_limits
from faktura.intake.asgi import Intake
from faktura.intake.threads import Threads
from faktura.jobs import handlers
from faktura.outputs.printing.printer import Printer
from faktura.sandbox.files import WORLDS
from faktura.settings import Settings
from faktura.store.database import Database, SqliteDatabase
from faktura.store.errors import Unready
from faktura.structs import know_structs
from faktura.wire.rate_limit import ACCOUNT, PUBLIC, PUBLIC_LIMITS
from faktura.wire.request_log import RequestLog
from faktura.wire.service import Modes, Service

SQLITE_READERS = 4


def know() -> None:
    """Whatever is imported by being found is here, and known, before threads are."""
    installed()
    handlers()
    know_structs()


def make_service(
    settings: Settings,
    database: Database,
    public_url: str,
    hosts: Mapping[str, str],
    limits: dict[str, dict[str, int]],
    *,
    printer: Printer,
    sends_mail: bool,
) -> Service:
    """Its `hosts` are those at which pages are found, each with the path that addresses there begin with."""
    of_programs = hosts_of(installed(), settings.port)
    modes = Modes(rate_limits=limits)
    lenient = settings.lenient_content_type
    return Service(
        database,
        Clock(),
        public_url,
        of_programs | hosts.keys(),
        modes,
        printer=printer,
        lenient_content_type=lenient,
        sends_mail=sends_mail,
        mounts=mounts() | {WORLDS},
        shared=hosts,
        of_programs=of_programs if any(hosts.values()) else frozenset(),
        key_rights=key_rights(),
        secret_key=secret_key(settings, database),
        requests=RequestLog(settings.processes),
    )


def secret_key(settings: Settings, database: Database) -> str:
    """The key that signs sessions and tickets: set, or made once and kept beside the SQLite file.

    Raises:
        Unready: on PostgreSQL it is not set.

    """
    if settings.secret_key:
        return settings.secret_key
    if database.engine != "sqlite":
        message = (
            "FAKTURA_SECRET_KEY is not set. On PostgreSQL, where several processes and machines serve the same data, "
            "it must be: 32 or more random characters, the same everywhere, for instance "
            + database.chance.digits("key", 32)
        )
        raise Unready(message)
    file = Path(f"{Path(str(database.url.database)).resolve()}.key")
    try:
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return file.read_text()
    with os.fdopen(descriptor, "w") as new:
        new.write(database.chance.digits("key", 32))
    return file.read_text()


def usual_limits(settings: Settings) -> dict[str, dict[str, int]]:
    """Of the dialects, of an account at all of them, and of the pages that anybody may open."""
    return usual_rate_limits() | {ACCOUNT: {"all": settings.account_requests}, PUBLIC: dict(PUBLIC_LIMITS)}


def make_printer(settings: Settings) -> Printer:
    """With two processes, so that a long document of one account keeps nobody waiting, but where many serve."""
    processes = 2 if settings.processes <= max(1, (os.cpu_count() or 1) // 2) else 1
    return Printer(processes, hourly=settings.print_seconds)


def readers(settings: Settings, engine: str = "sqlite") -> Threads:
    """Reads of SQLite are short and hold the interpreter: few threads spend less of their time waiting for it."""
    return Threads("read", min(SQLITE_READERS, settings.threads) if engine == "sqlite" else settings.threads)


def writers(settings: Settings) -> Threads:
    return Threads("write", settings.threads)


def make_intake(
    app: WsgiApplication, database: Database, settings: Settings, readers: Threads, writers: Threads
) -> Intake:
    return Intake(
        behind_proxies(app, settings.proxies) if settings.proxies else app,
        readers=readers,
        writers=writers,
        processes=settings.processes,
        writer=database.writer if isinstance(database, SqliteDatabase) else None,
        log_requests=settings.log_requests,
    )
