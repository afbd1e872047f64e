"""The servers of a run: each is started when it is first needed, and stopped when the run ends."""

import contextlib
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from pathlib import Path

from bench.data import let_in, postgres_template, sqlite_file
from bench.operations import Operation
from bench.opponents.directus.project import directus
from bench.processes import Server
from bench.rows import reason
from bench.scale import Scale
from bench.server import bare, faktura
from bench.targets import Target, fastapi_target, our_target
from tests.postgres import fresh_database, running_postgres

POSTGRES_PROCESSES = 2


class Servers:
    """A step asks for what it needs, so that a run that goes on starts no more than that."""

    def __init__(self, scale: Scale, folder: Path, place: Path, stack: contextlib.ExitStack) -> None:
        self.scale = scale
        self.folder = folder
        self.place = place
        self._stack = stack

    @cached_property
    def ours(self) -> Target:
        return self._stack.enter_context(our_target("ours", self.scale.contacts, self.folder, self.place))

    @cached_property
    def small(self) -> Target:
        """Faktura with few contacts."""
        return self._stack.enter_context(our_target("small", self.scale.small, self.folder, self.place))

    @cached_property
    def limited(self) -> Target:
        """The same with rate limits, that of an account out of reach."""
        target = our_target("limited", self.scale.small, self.folder, self.place, is_limited=True)
        return self._stack.enter_context(target)

    def constant(self, operation: Operation) -> Server:
        """A function that answers as much as faktura does, at a path for each operation.

        Nothing is printed before the operations that print are measured: the process that prints holds 60 MB, and would
        be part of the memory that is measured before them.
        """
        return self._constant_print if operation in self.scale.printing else self._constant

    @cached_property
    def _constant(self) -> Server:
        return self._constant_of("constants", self.scale.operations)

    @cached_property
    def _constant_print(self) -> Server:
        return self._constant_of("constant-prints", self.scale.printing)

    def _constant_of(self, name: str, operations: tuple[Operation, ...]) -> Server:
        answers = {f"/{operation.key}": self.ours.answer(operation) for operation in operations}
        return self._stack.enter_context(bare({"/healthz": ("200 OK", 2), **answers}, self.place / f"{name}.json"))

    @cached_property
    def limit_file(self) -> Path:
        """A copy of the data that sqlite3 alone reads and writes."""
        kept = sqlite_file(self.folder, self.scale.contacts)
        return Path(shutil.copy(kept, self.place / "limit.sqlite"))

    @cached_property
    def opponents(self) -> dict[str, Target | str]:
        """By name; of one that did not start, why."""
        wanted: dict[str, Callable[[], AbstractContextManager[Target]]]
        wanted = {"FastAPI": lambda: fastapi_target(self.ours, self.folder)}
        if self.scale.peers:
            wanted["Directus"] = lambda: directus(self.postgres, self.folder, self.scale.contacts, self.place)
        return {name: self._started(begin) for name, begin in wanted.items()}

    def _started(self, begin: Callable[[], AbstractContextManager[Target]]) -> Target | str:
        try:
            return self._stack.enter_context(begin())
        except Exception as error:  # noqa: BLE001 (whatever it is, the run goes on without this opponent)
            return f"did not start: {reason(error)}"

    @cached_property
    def postgres(self) -> str:
        """The address of a server of PostgreSQL as durable as ours."""
        return self._stack.enter_context(running_postgres(self.folder / "postgres", durable=True))

    @cached_property
    def postgres_copy(self) -> str:
        """The address of a copy of the data on PostgreSQL."""
        template = postgres_template(self.postgres, self.folder, self.scale.contacts)
        return self._stack.enter_context(fresh_database(self.postgres, template))

    @cached_property
    def on_postgres(self) -> Target:
        keys = let_in(self.postgres_copy)
        log = self.place / "postgres.log"
        server = self._stack.enter_context(faktura(self.postgres_copy, log, processes=POSTGRES_PROCESSES))
        database = int((self.folder / "postgres" / "data" / "postmaster.pid").read_text().split()[0])
        server = server._replace(database=database)
        target = Target("postgres", server, keys.headers, self.scale.contacts, self.place)
        target.processes, target.url = POSTGRES_PROCESSES, self.postgres_copy
        return target

    def forget_dead(self) -> None:
        """Have those of ours that ended started again when they are next needed."""
        for name in ("ours", "small", "limited", "_constant", "_constant_print", "on_postgres"):
            known = self.__dict__.get(name)
            server = known.server if isinstance(known, Target) else known
            if server is not None and server.process.poll() is not None:
                del self.__dict__[name]
