"""What is measured: servers with their data, and what they are sent."""

import contextlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

from bench.data import let_in, sqlite_file
from bench.invoices import new_invoice
from bench.load import Shot, have_sent, shoot, write_requests
from bench.operations import Operation, one_paths
from bench.opponents import filling
from bench.processes import Server
from bench.rows import together
from bench.scale import Scale
from bench.server import MOUNT, Caller, faktura, fastapi_orm

WARMING_CONNECTIONS = 16
WARMING_SECONDS = 1
MOST_WARMING = 30
"""Seconds after which a server is as warm as it gets."""

WARM_AFTER = 3
"""So often each path is asked for: an answer is made, then kept, then found among what is kept."""

FEW = 20
NOT_SENT = {"id", "user_id", "unreliable", "unreliable_checked_at", "html_url", "url", "created_at", "updated_at"}


class Target:
    """A server with data of so many contacts, and what opens it."""

    url = ""
    """The address of its database."""

    processes = 1

    def __init__(self, name: str, server: Server, headers: Mapping[str, str], contacts: int, place: Path) -> None:
        self.name = name
        self.server = server
        self.headers = headers
        self.contacts = contacts
        self.place = place

    def takes(self, _operation: Operation) -> bool:
        """Whether it can be asked for that at all."""
        return True

    def shoot(self, operation: Operation, connections: int, seconds: int) -> Shot:
        return shoot(self.server, self.requests(operation), self.headers, connections, seconds)

    def warm_up(self, operation: Operation) -> None:
        """Have what is warm by its nature answered from what is kept; of the rest, have the code run once."""
        file = self.requests(operation)
        if operation.is_warm:
            self._warm(file, len(self.paths(operation)))
        elif operation.method == "GET":
            with contextlib.closing(Caller(self.server, self.headers)) as caller:
                have_sent(file, caller.ask_each(self.paths(operation)[:FEW]))

    def _warm(self, file: Path, paths: int) -> None:
        """By wrk itself: an answer is kept for those who send the same headers."""
        sent, seconds = 0, 0
        while sent < WARM_AFTER * self.processes * paths and seconds < MOST_WARMING:
            sent += shoot(self.server, file, self.headers, WARMING_CONNECTIONS, WARMING_SECONDS).load.requests
            seconds += WARMING_SECONDS

    def requests(self, operation: Operation) -> Path:
        """The file of what is sent."""
        file = self.place / f"{self.name}-{operation.key}"
        if not file.exists():
            write_requests(file, operation.method, self.body(operation), self.paths(operation))
        return file

    def paths(self, operation: Operation) -> list[str]:
        return [operation.mount + path for path in operation.paths(self.contacts)]

    def body(self, operation: Operation) -> str:
        """A contact like those that are there, or an invoice, where the operation sends one."""
        if operation.sends != "contact":
            return new_invoice() if operation.sends == "invoice" else ""
        with contextlib.closing(Caller(self.server, self.headers)) as caller:
            _, one = caller.ask("GET", MOUNT + one_paths(self.contacts)[0])
        fields = {name: value for name, value in msgspec.json.decode(one).items() if name not in NOT_SENT}
        new = {"custom_id": "NEW-NUMBER", "name": "Stavby NUMBER s.r.o.", "email": "jan.NUMBER@stavby.example"}
        return msgspec.json.encode(fields | new).decode()

    def answer(self, operation: Operation) -> tuple[str, int]:
        """Status line and length of the usual answer."""
        method, body, path, *_ = self.requests(operation).read_text().split("\n")
        with contextlib.closing(Caller(self.server, self.headers)) as caller:
            status, content = caller.ask(method, path, body.replace("NUMBER", "1"))
        return status, len(content)


class Opponent(Target):
    """It keeps no answers: it is warm when each path was asked for once, or one of them where nothing is warm."""

    def __init__(self, name: str, server: Server, headers: Mapping[str, str], contacts: int, place: Path) -> None:
        super().__init__(name, server, headers, contacts, place)
        self._warmed: set[str] = set()

    def takes(self, operation: Operation) -> bool:
        return operation.mount == MOUNT and not operation.uncontested

    def warm_up(self, operation: Operation) -> None:
        if operation.key in self._warmed:
            return
        self._warmed.add(operation.key)
        if not operation.is_warm:
            self.answer(operation)
            return
        with contextlib.closing(Caller(self.server, self.headers)) as caller:
            caller.ask_each(self.paths(operation))


def in_turns(targets: Sequence[Target], operation: Operation, connections: int, scale: Scale) -> list[Shot]:
    """What each of them does of the same, warmed up and in turns, so that noise hits all."""
    shots: list[list[Shot]] = [[] for _ in targets]
    for target in targets:
        target.warm_up(operation)
    for _ in range(scale.rounds):
        for target, own in zip(targets, shots, strict=True):
            own.append(target.shoot(operation, connections, scale.seconds))
    return [together(own) for own in shots]


@contextlib.contextmanager
def our_target(name: str, contacts: int, folder: Path, place: Path, *, is_limited: bool = False) -> Iterator[Target]:
    """Faktura on a copy of the data in SQLite."""
    for left in place.glob(f"{name}.sqlite*"):
        left.unlink()
    url = f"sqlite:///{shutil.copy(sqlite_file(folder, contacts), place / f'{name}.sqlite')}"
    keys = let_in(url)
    with faktura(url, place / f"{name}.log", is_limited=is_limited) as server:
        target = Target(name, server, keys.headers, contacts, place)
        target.url = url
        yield target


@contextlib.contextmanager
def fastapi_target(ours: Target, folder: Path) -> Iterator[Target]:
    """The opponent on a copy of the same data; the token that opens ours opens it too."""
    kept = filling.opponents_file(sqlite_file(folder, ours.contacts))
    file = Path(shutil.copy(kept, ours.place / "opponent.sqlite"))
    filling.let_in(file, ours.headers["Authorization"].removeprefix("Bearer "))
    with fastapi_orm(file, ours.place / "opponent.log") as server:
        yield Opponent("FastAPI", server, ours.headers, ours.contacts, ours.place)
