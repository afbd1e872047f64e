"""The sandbox: the same program on example data, in worlds beside each other, with a control address."""

import functools
import resource
import socket
from pathlib import Path
from typing import NamedTuple

import msgspec

from faktura.app import application
from faktura.assembly.parts import know, make_intake, make_printer, make_service, readers, usual_limits, writers
from faktura.intake.threads import Threads
from faktura.jobs import Reach, handlers
from faktura.logs import write_logs
from faktura.outputs.e_invoices.official_rules import rules_in
from faktura.outputs.mail.box import MailBox
from faktura.outputs.printing.printer import Printer
from faktura.outside.http import Client
from faktura.outside.ksef.line import Ksef
from faktura.outside.registries.asking import Registries
from faktura.outside.registries.firms import firms_in
from faktura.outside.registries.known import adapters
from faktura.sandbox.announcement import announce
from faktura.sandbox.beginning import Beginning
from faktura.sandbox.control.application import control_application
from faktura.sandbox.control.barrier import through
from faktura.sandbox.control.control import Control
from faktura.sandbox.files import CA, DATABASE, EXAMPLE
from faktura.sandbox.first import AtFirst
from faktura.sandbox.folder import prepare_folder
from faktura.sandbox.gate import Gate
from faktura.sandbox.outside.deliveries import Deliveries
from faktura.sandbox.outside.registries import BELOW, NAMES, SESSION
from faktura.sandbox.outside.world import WorldOutside
from faktura.sandbox.panel import Panel
from faktura.sandbox.stories.outcomes import Outcomes, answer_to
from faktura.sandbox.worlds.printing import OwnFiles
from faktura.sandbox.worlds.router import Router
from faktura.sandbox.worlds.tending import tend_in_thread
from faktura.sandbox.worlds.world import MAIN, Place, World
from faktura.sandbox.worlds.worlds import Worlds
from faktura.settings import Settings, bracketed
from faktura.store import schema
from faktura.store.chance import Seeded
from faktura.store.database import open_database
from faktura.worker import Worker


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
    know()
    shared = Shared(make_printer(settings), readers(settings), writers(settings))
    worlds = Worlds(folder, settings.own_url, lambda place: open_world(settings, shared, place, worlds))
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
    reached: letters stay in a box, no bank is asked, and of registries only doubles.
    """
    folder, is_main = place.folder, place.plan.name == MAIN
    ca_file = Path(settings.tls_cert).with_name(CA) if settings.tls_cert else None
    manifest = prepare_folder(folder, place.url, ca_file, place.plan.beginning)
    database = open_database(f"sqlite:///{folder / DATABASE}", Seeded(manifest["seed"]))
    schema.prepare(database)
    service = make_service(
        settings if is_main else msgspec.structs.replace(settings, secret_key=""),
        database,
        place.url,
        _hosts_of_world(settings, place),
        usual_limits(settings),
        printer=shared.printer if is_main else OwnFiles(shared.printer, f"{folder}"),
        sends_mail=True,
    )
    service.clock.stand_at(place.plan.clock)
    service.mail_server = box = MailBox(answer_to)
    control = Control(service, folder / EXAMPLE, box)
    service.registries = Registries(
        database,
        service.clock,
        Client(loopback=True, authority=str(ca_file or "")),
        adapters({name: f"{place.url}{BELOW}{name}" for name in NAMES}, SESSION),
        lambda: service.modes.read_only,
    )
    service.look_ups = firms_in(service.registries)
    service.ksef_double = f"{place.url}{BELOW}ksef"
    reach = Reach(
        mail_server=box,
        mails_per_hour=settings.mails_per_hour,
        printer=service.printer,
        rules=rules_in(settings.rules_dir),
        client=Deliveries(
            loopback=True,
            authority=str(ca_file or ""),
            faults=control.faults,
            ledger=control.ledger,
            held_back=control.held_back,
        ),
        registries=service.registries,
        ksef=Ksef(service.secret_key, authority=str(ca_file or "")),
        public_url=place.url,
        secret_key=service.secret_key,
    )
    work = functools.partial(Worker, database, service.clock, handlers(), reach)
    control.do_due = lambda most: work().do_due(most)
    worker = work(control.jobs.inside)
    service.switches = Panel(control, service, manifest, worlds if is_main else None)
    app = application(service, control_application(control, worlds if is_main else None))
    intake = make_intake(through(control.requests, app), database, settings, shared.readers, shared.writers)
    gate = Gate(Outcomes(intake, control.bring_outcomes), control.doors, control.faults, control.ledger)
    outside = WorldOutside(gate, control.registries, control.ksef)
    return World(place, manifest, service, control, worker, AtFirst(outside, control.connect_example))


def _hosts_of_world(settings: Settings, place: Place) -> dict[str, str]:
    """A world has a host's name to itself, and a path at all others that the sandbox is reached by."""
    names = {"127.0.0.1", "localhost", "[::1]", bracketed(settings.host), socket.gethostname()}
    everywhere = {*settings.known_hosts, *(settings.with_port(name) for name in names)}
    return dict.fromkeys(everywhere, place.root) | {settings.with_port(f"{place.plan.name}.localhost"): ""}
