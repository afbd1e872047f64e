"""Directus with invoices of ten lines in a database of its own: installed, filled and started."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
from sqlalchemy import make_url

from bench.invoices import busy_places, new_invoice
from bench.operations import BUSY_ACCOUNTS, Operation
from bench.processes import Server, free_port, running
from bench.server import Caller
from bench.sizes import PAGE
from bench.targets import Opponent
from bench.templates import kept_template
from tests.postgres import administrator, fresh_database

PACKAGE = Path(__file__).with_name("package.json")
TOKEN = "bench" * 8
HEADERS = {"Authorization": f"Bearer {TOKEN}"}
LONGEST_INSTALL = 1800

INVOICE = {"account": "integer", "number": "string", "issued_on": "date", "subject_custom_id": "string", "note": "text"}
LINE = {
    "invoice": "integer",
    "name": "string",
    "quantity": "decimal",
    "unit_name": "string",
    "unit_price": "decimal",
    "vat_rate": "integer",
}
FILLING = (
    "CREATE INDEX ON invoices (account, issued_on, number)",
    "CREATE INDEX ON lines (invoice)",
    """
    INSERT INTO invoices (account, number, issued_on, subject_custom_id, note)
    SELECT 1 + n % 40, 'OLD-' || n, date '2026-01-01' + n % 300, 'FIRST', 'Fakturujeme Vám:'
    FROM generate_series(1, 4000) AS n
    """,
    """
    INSERT INTO lines (invoice, name, quantity, unit_name, unit_price, vat_rate)
    SELECT id, 'Práce a materiál ' || n, n, 'ks', n * 100.5, 21 FROM invoices CROSS JOIN generate_series(1, 10) AS n
    """,
    "ANALYZE",
)
"""A hundred for each of 40 accounts; Directus makes no indexes itself."""


class Directus(Opponent):
    """It lists invoices and adds them with their lines; it knows no rules for them, and numbers come from outside."""

    def takes(self, operation: Operation) -> bool:
        return operation.key in {"invoices", "issue"}

    def paths(self, operation: Operation) -> list[str]:
        whole = {"fields": "*,lines.*"}
        if operation.sends == "invoice":
            return [f"/items/invoices?{urlencode(whole)}"]
        page = whole | {"limit": str(PAGE), "sort": "-issued_on,-number"}
        places = range(1, 1 + min(BUSY_ACCOUNTS, len(busy_places(self.contacts))))
        return [f"/items/invoices?{urlencode(page | {'filter[account][_eq]': str(place)})}" for place in places]

    def body(self, operation: Operation) -> str:
        if operation.sends != "invoice":
            return ""
        own = {"account": 1, "number": "NEW-NUMBER", "issued_on": "2026-11-01"}
        return msgspec.json.encode(msgspec.json.decode(new_invoice()) | own).decode()


@contextlib.contextmanager
def directus(server_url: str, folder: Path, contacts: int, place: Path) -> Iterator[Opponent]:
    """Directus on a copy of its data, on the same PostgreSQL that faktura is measured on."""
    project = _installed(folder)
    version = sha256(PACKAGE.read_bytes() + Path(__file__).read_bytes()).hexdigest()[:12]
    template = kept_template(server_url, "directus", version, lambda url: _fill(url, project, place))
    with fresh_database(server_url, template) as url, _running(url, project, place) as server:
        yield Directus("Directus", server, HEADERS, contacts, place)


def _installed(folder: Path) -> Path:
    """Where it is installed; npm compiles two of its libraries, which takes minutes once."""
    project = folder / f"directus-{sha256(PACKAGE.read_bytes()).hexdigest()[:12]}"
    if not (project / "whole").exists():
        print("installing Directus ...", flush=True)
        for outdated in folder.glob("directus-*"):
            shutil.rmtree(outdated)
        project.mkdir()
        shutil.copy(PACKAGE, project)
        _run(["npm", "install", "--no-package-lock", "--no-audit", "--no-fund"], project, {})
        (project / "whole").touch()
    return project


def _fill(url: str, project: Path, place: Path) -> None:
    print("building the data of Directus ...", flush=True)
    _run([*_command(project), "bootstrap"], project, _environment(url, 0))
    with (
        _running(url, project, place) as server,
        contextlib.closing(Caller(server, HEADERS)) as caller,
    ):
        for path, sent in _tables():
            caller.ask("POST", path, msgspec.json.encode(sent).decode())
    with administrator(url) as connection:
        for statement in FILLING:
            connection.execute(statement)


def _tables() -> Iterator[tuple[str, dict[str, Any]]]:
    """What is asked of Directus to have two tables, one nested in the other."""
    counted = {"is_primary_key": True, "has_auto_increment": True}
    for name, columns in {"invoices": INVOICE, "lines": LINE}.items():
        fields = [{"field": column, "type": kind, "schema": {}, "meta": {}} for column, kind in columns.items()]
        key = {"field": "id", "type": "integer", "schema": counted, "meta": {}}
        yield "/collections", {"collection": name, "schema": {}, "meta": {}, "fields": [key, *fields]}
    nested = {"special": ["o2m"], "interface": "list-o2m"}
    yield "/fields/invoices", {"field": "lines", "type": "alias", "schema": None, "meta": nested}
    related = {"collection": "lines", "field": "invoice", "related_collection": "invoices"}
    yield "/relations", related | {"schema": {"on_delete": "CASCADE"}, "meta": {"one_field": "lines"}}


@contextlib.contextmanager
def _running(url: str, project: Path, place: Path) -> Iterator[Server]:
    port = free_port()
    command = [*_command(project), "start"]
    with running(command, port, "/server/ping", place / "directus.log", _environment(url, port)) as server:
        yield server


def _command(project: Path) -> list[str]:
    return ["node", str(project / "node_modules" / "directus" / "cli.js")]


def _environment(url: str, port: int) -> Mapping[str, str]:
    address = make_url(url)
    return {
        "DB_CLIENT": "pg",
        "DB_HOST": str(address.query["host"]),
        "DB_PORT": "5432",
        "DB_DATABASE": str(address.database),
        "DB_USER": str(address.username),
        "DB_PASSWORD": "none",
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "SECRET": TOKEN,
        "ADMIN_EMAIL": "admin@example.com",
        "ADMIN_PASSWORD": "correct horse battery staple",
        "ADMIN_TOKEN": TOKEN,
        "LOG_LEVEL": "warn",
        "SERVE_APP": "false",
        "TELEMETRY": "false",
        "NO_UPDATE_NOTIFIER": "1",
    }


def _run(command: list[str], project: Path, environment: Mapping[str, str]) -> None:
    ended = subprocess.run(
        command,
        cwd=project,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=LONGEST_INSTALL,
    )
    if ended.returncode:
        raise RuntimeError(f"{' '.join(command)}: {(ended.stdout + ended.stderr)[-500:]}")
