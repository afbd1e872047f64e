"""The program for real use: what serves, and the worker beside it."""

import logging
from collections.abc import Callable
from urllib.parse import urlsplit

import msgspec

from faktura.announcement import announce_set_up
from faktura.app import application
from faktura.assembly.parts import (
    know,
    make_intake,
    make_printer,
    make_service,
    readers,
    secret_key,
    usual_limits,
    writers,
)
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.first_run import expect_somebody, nobody_is_here
from faktura.intake.asgi import Intake
from faktura.jobs import Reach, handlers
from faktura.logs import write_logs
from faktura.outputs.e_invoices.official_rules import rules_in
from faktura.outputs.mail.server import read_mail_server
from faktura.outside.http import Client
from faktura.outside.ksef.line import Ksef
from faktura.outside.registries.asking import Registries
from faktura.outside.registries.firms import firms_in
from faktura.outside.registries.known import adapters
from faktura.readiness import Readiness
from faktura.settings import Settings
from faktura.store import schema
from faktura.store.board import Common
from faktura.store.database import Database, open_database
from faktura.wire.shared_rate_limit import SharedRateLimit
from faktura.worker import Worker, work_in_thread

log = logging.getLogger(__name__)


def house(settings: Settings, common: Common, first_secret: str = "") -> Intake:
    """The program for real use: one of the processes that have what is `common` to them.

    `first_secret`, the same in all of them, opens the set-up while nobody is there.

    Raises:
        Unready: the database cannot be used, or there is no secret key; says what to do.
        Misset: FAKTURA_SMTP_URL cannot be read.

    """
    _begin(settings)
    reach = reach_of(settings)
    database = open_database(settings.database_url, changes=common.changes)
    schema.prepare(database)
    limits = usual_limits(settings) if settings.rate_limits else {}
    public_url = settings.known_url
    if first_secret and expects_somebody(database, first_secret):
        announce_set_up(public_url, first_secret, settings.host, settings.port)
    hosts = (*settings.known_hosts, urlsplit(public_url).netloc)
    sends_mail, printer = reach.mail_server is not None, make_printer(settings)
    service = make_service(
        settings, database, public_url, dict.fromkeys(hosts, ""), limits, printer=printer, sends_mail=sends_mail
    )
    service.mail_server = reach.mail_server
    service.registries = registries_of(settings, database, service.clock)
    service.look_ups = firms_in(service.registries)
    service.ksef_double = settings.ksef_double
    if settings.processes > 1:
        service.rate_limit = SharedRateLimit(common.requests)
    service.last_uses.write_in_thread(database, service.clock)
    service.calls.write_in_thread(database, service.clock)
    worker = None
    if settings.worker:
        whole = msgspec.structs.replace(
            reach,
            printer=service.printer,
            secret_key=service.secret_key,
            registries=service.registries,
            ksef=ksef_of(settings, service.secret_key),
        )
        worker = Worker(database, service.clock, handlers(), whole)
        worker.put_recurring()
        work_in_thread(worker)
    app = application(service, ready=Readiness(service, worker))
    return make_intake(app, database, settings, readers(settings, database.engine), writers(settings))


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
    printer, clock = make_printer(settings), Clock()
    registries, key = registries_of(settings, database, clock), secret_key(settings, database)
    ksef = ksef_of(settings, key)
    whole = msgspec.structs.replace(reach, printer=printer, secret_key=key, registries=registries, ksef=ksef)
    worker = Worker(database, clock, handlers(), whole)
    worker.put_recurring()
    log.info("worker started")
    worker.work_until(stopped)
    if ksef is not None:
        ksef.close()
    printer.close()
    database.close()


def _begin(settings: Settings) -> None:
    write_logs(settings.log_format, settings.log_level)
    know()


def reach_of(settings: Settings) -> Reach:
    """What the operator lets jobs reach.

    Raises:
        Misset: FAKTURA_SMTP_URL cannot be read.

    """
    return Reach(
        mail_server=read_mail_server(settings.smtp_url),
        mails_per_hour=settings.mails_per_hour,
        rules=rules_in(settings.rules_dir),
        rate_sources=settings.rate_sources,
        client=Client(settings.ask_loopback),
        public_url=settings.known_url,
    )


def registries_of(settings: Settings, database: Database, clock: Clock) -> Registries:
    """Those that the operator lets be asked."""
    known = adapters(settings.registry_sources, settings.gus_key)
    return Registries(database, clock, Client(settings.ask_loopback), known)


def ksef_of(settings: Settings, secret_key: str) -> Ksef | None:
    """KSeF, where the operator lets accounts connect to it."""
    return None if settings.ksef_double is None else Ksef(secret_key)


def expects_somebody(database: Database, first_secret: str) -> bool:
    """Whether the secret opens the set-up from now on, in the words of one process and no other."""
    now = Clock().now()
    if not database.read(lambda tx: nobody_is_here(Office(tx, now))):
        return False
    return database.write(lambda tx: expect_somebody(Office(tx, now), first_secret))
