"""Every operation in turn: ours, the limits, the opponents, so that noise hits all of them."""

import contextlib
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from bench.data import Keys, let_in, sqlite_file
from bench.invoices import new_invoice
from bench.load import Shot, have_sent, shoot, write_requests
from bench.operations import OPERATIONS, PRINTING, Operation, Try, one_paths
from bench.opponents import filling
from bench.processes import Server
from bench.report import Measured, together
from bench.server import MOUNT, Caller, bare, faktura, fastapi_orm

WARM_SECONDS = 2
NOT_SENT = {"id", "user_id", "unreliable", "unreliable_checked_at", "html_url", "url", "created_at", "updated_at"}


class Scale(NamedTuple):
    """How much is measured. `small` is the number of contacts that growth is counted from, 0 to leave it out."""

    name: str
    contacts: int
    small: int
    seconds: int
    rounds: int
    connections: tuple[int, ...]
    postgres: bool = True
    starts: int = 3
    operations: tuple[Operation, ...] = OPERATIONS
    printing: tuple[Operation, ...] = PRINTING


class Target(NamedTuple):
    """A server with data of so many contacts, and what opens it."""

    name: str
    server: Server
    keys: Keys
    contacts: int
    place: Path

    def shoot(self, operation: Operation, connections: int, seconds: int) -> Shot:
        return shoot(self.server, self.requests(operation), self.keys.headers, connections, seconds)

    def shoot_at(self, path: str, connections: int, seconds: int) -> Shot:
        """Ask for one address only."""
        file = write_requests(self.place / f"{self.name}-one-address", "GET", "", [MOUNT + path])
        return shoot(self.server, file, self.keys.headers, connections, seconds)

    def requests(self, operation: Operation) -> Path:
        """The file of what is sent; warms the server up when it is written."""
        file = self.place / f"{self.name}-{operation.key}"
        if not file.exists():
            paths = [operation.mount + path for path in operation.paths(self.contacts)]
            write_requests(file, operation.method, self.body(operation), paths)
            if operation.method == "GET":
                with contextlib.closing(Caller(self.server, self.keys.headers)) as caller:
                    have_sent(file, caller.warm_up(paths, WARM_SECONDS))
        return file

    def body(self, operation: Operation) -> str:
        """A contact like those that are there, or an invoice, where the operation sends one."""
        if operation.sends != "contact":
            return new_invoice() if operation.sends == "invoice" else ""
        with contextlib.closing(Caller(self.server, self.keys.headers)) as caller:
            _, one = caller.ask("GET", MOUNT + one_paths(self.contacts)[0])
        fields = {name: value for name, value in msgspec.json.decode(one).items() if name not in NOT_SENT}
        new = {"custom_id": "NEW-NUMBER", "name": "Stavby NUMBER s.r.o.", "email": "jan.NUMBER@stavby.example"}
        return msgspec.json.encode(fields | new).decode()


@contextlib.contextmanager
def our_target(name: str, contacts: int, folder: Path, place: Path) -> Iterator[Target]:
    """Faktura on a copy of the data in SQLite."""
    url = f"sqlite:///{shutil.copy(sqlite_file(folder, contacts), place / f'{name}.sqlite')}"
    keys = let_in(url)
    with faktura(url, place / f"{name}.log") as server:
        yield Target(name, server, keys, contacts, place)


def contest(scale: Scale, ours: Target, folder: Path) -> list[Measured]:
    kept = sqlite_file(folder, scale.contacts)
    limit_file = Path(shutil.copy(kept, ours.place / "limit.sqlite"))
    with contextlib.ExitStack() as stack:
        constants = {f"/{op.key}": _answer(ours, op) for op in scale.operations}
        plain = stack.enter_context(bare({"/healthz": ("200 OK", 2), **constants}, ours.place))
        opponents = [stack.enter_context(_fastapi_target(ours, kept))]
        rows = []
        for operation in scale.operations:
            constant = write_requests(ours.place / f"bare-{operation.key}", operation.method, "", [f"/{operation.key}"])
            for connections in scale.connections:
                wanted = Try(limit_file, scale.contacts, connections, scale.seconds)
                mine, http, database = [], [], []
                meeting = opponents if operation.mount == MOUNT and not operation.uncontested else []
                others: dict[str, list[Shot]] = {target.name: [] for target in meeting}
                for _ in range(scale.rounds):
                    mine.append(ours.shoot(operation, connections, scale.seconds))
                    http.append(shoot(plain, constant, {}, connections, scale.seconds))
                    database.append(operation.database(wanted))
                    for target in meeting:
                        others[target.name].append(target.shoot(operation, connections, scale.seconds))
                together_others = {name: together(shots) for name, shots in others.items()}
                row = Measured(
                    operation.name,
                    connections,
                    together(mine),
                    together(http),
                    sum(database) / len(database),
                    together_others,
                )
                rows.append(row)
                _say(row)
    return rows


def _say(row: Measured) -> None:
    print(
        f"{row.operation}, {row.connections} connections: {row.ours.load.per_second:,.0f}/s,"
        f" {row.ratio_to_limit:.2f} of the limit",
        flush=True,
    )


@contextlib.contextmanager
def _fastapi_target(ours: Target, kept: Path) -> Iterator[Target]:
    file = Path(shutil.copy(filling.opponents_file(kept), ours.place / "opponent.sqlite"))
    filling.let_in(file, ours.keys.token)
    with fastapi_orm(file, ours.place / "opponent.log") as server:
        yield Target("FastAPI", server, ours.keys, ours.contacts, ours.place)


def _answer(target: Target, operation: Operation) -> tuple[str, int]:
    """Status line and length of the usual answer."""
    method, body, path, *_ = target.requests(operation).read_text().split("\n")
    with contextlib.closing(Caller(target.server, target.keys.headers)) as caller:
        status, content = caller.ask(method, path, body.replace("NUMBER", "1"))
    return status, len(content)
