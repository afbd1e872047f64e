"""Everything put together: the service, its doors, its pages and, for the sandbox, the control address."""

import functools
import logging
import os
import resource
import socket
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

import msgspec

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.announcement import announce_set_up
from faktura.app import application, behind_proxies, hosts_of
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.first_run import expect_somebody, nobody_is_here
from faktura.dialects import WsgiApplication, installed, key_rights, mounts, usual_rate_limits
from faktura.intake.asgi import Intake
from faktura.intake.threads import Threads
from faktura.jobs import Reach, handlers
from faktura.logs import write_logs
from faktura.outputs.mail.box import MailBox
from faktura.outputs.mail.server import read_mail_server
from faktura.outputs.printing.printer import Printer
from faktura.outside.http import Client
from faktura.readiness import Readiness
from faktura.sandbox.announcement import announce
from faktura.sandbox.beginning import Beginning
from faktura.sandbox.control.application import control_application
from faktura.sandbox.control.barrier import through
from faktura.sandbox.control.control import Control
from faktura.sandbox.files import CA, DATABASE, EXAMPLE, WORLDS
from faktura.sandbox.folder import prepare_folder
from faktura.sandbox.gate import Gate
from faktura.sandbox.outside.deliveries import Deliveries
from faktura.sandbox.panel import Panel
from faktura.sandbox.stories.outcomes import Outcomes, answer_to
from faktura.sandbox.worlds.printing import OwnFiles
from faktura.sandbox.worlds.router import Router
from faktura.sandbox.worlds.tending import tend_in_thread
from faktura.sandbox.worlds.world import MAIN, Place, World
from faktura.sandbox.worlds.worlds import Worlds
from faktura.settings import Settings
from faktura.store import schema
from faktura.store.chance import Seeded
from faktura.store.database import Database, SqliteDatabase, open_database
from faktura.store.errors import Unready
from faktura.structs import know_structs
from faktura.wire.rate_limit import ACCOUNT, PUBLIC, PUBLIC_LIMITS
from faktura.wire.request_log import RequestLog
from faktura.wire.service import Modes, Service
from faktura.worker import Worker, work_in_thread

log = logging.getLogger(__name__)

SQLITE_READERS = 4

USUAL_PORTS = {"http": 80, "https": 443}


def house(settings: Settings, first_secret: str = "") -> Intake:
    """The program for real use; `first_secret`, the same in all its processes, opens the set-up while nobody is there.

    Raises:
        Unready: the database cannot be used, or there is no secret key; says what to do.
        Misset: FAKTURA_SMTP_URL cannot be read.

    """
    _begin(settings)
    reach = reach_of(settings)
    database = open_database(settings.database_url)
    schema.prepare(database)
    limits = _usual_limits(settings) if settings.rate_limits else {}
    public_url = settings.public_url or own_url(settings)
    if first_secret and expects_somebody(database, first_secret):
        announce_set_up(public_url, first_secret, settings.host, settings.port)
    hosts = (*settings.known_hosts, urlsplit(public_url).netloc)
    sends_mail, printer = reach.mail_server is not None, _printer(settings)
    service = _service(
        settings, database, public_url, dict.fromkeys(hosts, ""), limits, printer=printer, sends_mail=sends_mail
    )
    service.mail_server = reach.mail_server
    service.last_uses.write_in_thread(database, service.clock)
    service.calls.write_in_thread(database, service.clock)
    worker = None
    if settings.worker:
        whole = msgspec.structs.replace(reach, printer=service.printer, secret_key=service.secret_key)
        worker = Worker(database, service.clock, handlers(), whole)
        worker.put_recurring()
        work_in_thread(worker)
    app = application(service, ready=Readiness(service, worker))
    return _intake(app, database, settings, _readers(settings, database.engine), _writers(settings))


def sandbox(settings: Settings, folder: Path, beginning: Beginning) -> Router:
    """The same on the example data of a folder, with the control address; and worlds beside it, on request.

    Raises:
        Unready: the folder was made by another version or seed; says what to do.

    """
    write_logs(settings.log_format, settings.log_level)
    _open_many_files()
    worlds = begun_worlds(settings, folder, beginning)
    announce(worlds.main.manifest, folder, settings.host, settings.port)
    return Router(worlds)


def begun_worlds(settings: Settings, folder: Path, beginning: Beginning) -> Worlds:
    """Those of a sandbox, of which the main one takes requests; nothing is printed, and no log is set up.

    Raises:
        Unready: as above.

    """
    _know()
    shared = Shared(_printer(settings), _readers(settings), _writers(settings))
    worlds = Worlds(folder, own_url(settings), lambda place: open_world(settings, shared, place, worlds))
    worlds.begin(beginning)
    tend_in_thread(worlds, by_itself=settings.worker)
    return worlds


def _open_many_files() -> None:
    """Each world has about ten open, more than the usual 1,024 allow a hundred of them."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


class Shared(NamedTuple):
    """What all worlds of a sandbox have in common: none of it knows any of them."""

    printer: Printer
    readers: Threads
    writers: Threads


def open_world(settings: Settings, shared: Shared, place: Place, worlds: Worlds) -> World:
    """A world that takes requests; the main one makes others.

    Nothing comes back by itself: where the clock is moved to and fro, tokens must not be forgotten. Nothing outside is
    reached: letters stay in a box, and no bank is asked.
    """
    folder, is_main = place.folder, place.plan.name == MAIN
    ca_file = Path(settings.tls_cert).with_name(CA) if settings.tls_cert else None
    manifest = prepare_folder(folder, place.url, ca_file, place.plan.beginning)
    database = open_database(f"sqlite:///{folder / DATABASE}", Seeded(manifest["seed"]))
    schema.prepare(database)
    service = _service(
        settings if is_main else msgspec.structs.replace(settings, secret_key=""),
        database,
        place.url,
        _hosts_of_world(settings, place),
        _usual_limits(settings),
        printer=shared.printer if is_main else OwnFiles(shared.printer, f"{folder}"),
        sends_mail=True,
    )
    service.clock.stand_at(place.plan.clock)
    service.mail_server = box = MailBox(answer_to)
    control = Control(service, folder / EXAMPLE, box)
    reach = Reach(
        mail_server=box,
        mails_per_hour=settings.mails_per_hour,
        printer=service.printer,
        client=Deliveries(
            loopback=True,
            authority=str(ca_file or ""),
            faults=control.faults,
            ledger=control.ledger,
            held_back=control.held_back,
        ),
        public_url=place.url,
        secret_key=service.secret_key,
    )
    work = functools.partial(Worker, database, service.clock, handlers(), reach)
    control.do_due = lambda most: work().do_due(most)
    worker = work(control.jobs.inside)
    service.switches = Panel(control, service, manifest, worlds if is_main else None)
    app = application(service, control_application(control, worlds if is_main else None), when_asked=True)
    intake = _intake(through(control.requests, app), database, settings, shared.readers, shared.writers)
    gate = Gate(Outcomes(intake, control.bring_outcomes), control.doors, control.faults, control.ledger)
    return World(place, manifest, service, control, worker, gate)


def work(settings: Settings, stopped: Callable[[], bool]) -> None:
    """Do jobs, and nothing else.

    Raises:
        Unready: the database cannot be used; says what to do.
        Misset: FAKTURA_SMTP_URL cannot be read.

    """
    _begin(settings)
    reach = reach_of(settings)
    database = open_database(settings.database_url)
    schema.require_head(database)
    printer = _printer(settings)
    whole = msgspec.structs.replace(reach, printer=printer, secret_key=secret_key(settings, database))
    worker = Worker(database, Clock(), handlers(), whole)
    worker.put_recurring()
    log.info("worker started")
    worker.work_until(stopped)
    printer.close()
    database.close()


def _begin(settings: Settings) -> None:
    write_logs(settings.log_format, settings.log_level)
    _know()


def _know() -> None:
    """Whatever is imported by being found is here, and known, before threads are."""
    installed()
    handlers()
    know_structs()


def reach_of(settings: Settings) -> Reach:
    """What the operator lets jobs reach.

    Raises:
        Misset: FAKTURA_SMTP_URL cannot be read.

    """
    return Reach(
        mail_server=read_mail_server(settings.smtp_url),
        mails_per_hour=settings.mails_per_hour,
        rate_sources=settings.rate_sources,
        client=Client(settings.ask_loopback),
        public_url=settings.public_url or own_url(settings),
    )


def expects_somebody(database: Database, first_secret: str) -> bool:
    """Whether the secret opens the set-up from now on, in the words of one process and no other."""
    now = Clock().now()
    if not database.read(lambda tx: nobody_is_here(Office(tx, now))):
        return False
    return database.write(lambda tx: expect_somebody(Office(tx, now), first_secret))


def own_url(settings: Settings) -> str:
    """The address that the server listens at, as this machine reaches it."""
    anywhere = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 (told apart, not bound)
    host = _bracketed(anywhere.get(settings.host, settings.host))
    return f"{_scheme(settings)}://{_with_port(settings, host)}"


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


def _service(
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


def _hosts_of_world(settings: Settings, place: Place) -> dict[str, str]:
    """A world has a host's name to itself, and a path at all others that the sandbox is reached by."""
    names = {"127.0.0.1", "localhost", "[::1]", _bracketed(settings.host), socket.gethostname()}
    everywhere = {*settings.known_hosts, *(_with_port(settings, name) for name in names)}
    return dict.fromkeys(everywhere, place.root) | {_with_port(settings, f"{place.plan.name}.localhost"): ""}


def _usual_limits(settings: Settings) -> dict[str, dict[str, int]]:
    """Of the dialects, of an account at all of them, and of the pages that anybody may open."""
    return usual_rate_limits() | {ACCOUNT: {"all": settings.account_requests}, PUBLIC: dict(PUBLIC_LIMITS)}


def _printer(settings: Settings) -> Printer:
    """With two processes, so that a long document of one account keeps nobody waiting, but where many serve."""
    processes = 2 if settings.processes <= max(1, (os.cpu_count() or 1) // 2) else 1
    return Printer(processes, hourly=settings.print_seconds)


def _readers(settings: Settings, engine: str = "sqlite") -> Threads:
    """Reads of SQLite are short and hold the interpreter: few threads spend less of their time waiting for it."""
    return Threads("read", min(SQLITE_READERS, settings.threads) if engine == "sqlite" else settings.threads)


def _writers(settings: Settings) -> Threads:
    return Threads("write", settings.threads)


def _intake(app: WsgiApplication, database: Database, settings: Settings, readers: Threads, writers: Threads) -> Intake:
    return Intake(
        behind_proxies(app, settings.proxies) if settings.proxies else app,
        readers=readers,
        writers=writers,
        processes=settings.processes,
        tries_on_loop=database.engine == "sqlite",
        writer=database.writer if isinstance(database, SqliteDatabase) else None,
        log_requests=settings.log_requests,
    )


def _scheme(settings: Settings) -> str:
    return "https" if settings.tls_cert else "http"


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _with_port(settings: Settings, host: str) -> str:
    """The host as it stands in addresses and Host headers."""
    return host if settings.port == USUAL_PORTS[_scheme(settings)] else f"{host}:{settings.port}"
