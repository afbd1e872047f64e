"""A world that is open: what it has for itself, and what asks whether anybody is still at work in it."""

import datetime as dt
import re
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol

import msgspec

from faktura.sandbox.beginning import Beginning
from faktura.sandbox.control.control import Control
from faktura.sandbox.folder import Manifest
from faktura.store.errors import Unavailable
from faktura.wire.service import Service

MAIN = "main"
"""The world that a sandbox begins with; it never ends."""

NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?")
"""What stands in a path and in a host's name."""

AsgiApplication = Callable[[dict[str, Any], Callable[..., Any], Callable[..., Any]], Awaitable[None]]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """How a world was ordered; it lies in its folder. Without an `expires_at` it stays.

    Both instants are of the real clock, the `clock` is where its own stands from the start. The rest is said by
    `Beginning`.
    """

    name: str
    created_at: dt.datetime
    expires_at: dt.datetime | None = None
    clock: dt.datetime | None = None
    seed: str = ""
    empty: bool = False
    years: int = 0

    @property
    def beginning(self) -> Beginning:
        return Beginning(self.seed, self.clock, self.empty, self.years)


class Place(msgspec.Struct, frozen=True):
    """Where a world lies and what its addresses begin with: `root` is a path, or nothing for the main one's."""

    folder: Path
    plan: Plan
    url: str
    root: str


class Jobs(Protocol):
    """What does the jobs of a world."""

    def has_work(self) -> bool: ...
    def do_next(self) -> bool: ...


class World:
    """One of a sandbox's: `serve` answers whatever is asked below its address."""

    def __init__(
        self, place: Place, manifest: Manifest, service: Service, control: Control, jobs: Jobs, serve: AsgiApplication
    ) -> None:
        self.place = place
        self.plan = place.plan
        self.manifest = manifest
        self.service = service
        self.control = control
        self.jobs = jobs
        self.serve = serve
        self.busy = 0
        """Requests that are not answered yet, counted on the loop's thread."""
        self.at_work = 0
        """Threads that do its jobs."""
        self.is_open = True

    @property
    def name(self) -> str:
        return self.plan.name

    @property
    def is_quiet(self) -> bool:
        return not (self.busy or self.at_work)

    def shown(self) -> dict[str, Any]:
        """What its sandbox.json holds, and how long it is there."""
        plan = self.plan
        return {
            "name": plan.name,
            "created_at": spelled(plan.created_at),
            "expires_at": None if plan.expires_at is None else spelled(plan.expires_at),
            **self.manifest,
        }

    def write_last_uses(self) -> None:
        """What is kept in memory for a while; what cannot be written waits on."""
        try:
            self.service.write_what_waits()
        except Unavailable:
            return

    def close(self) -> None:
        """End its threads and connections; nobody is to ask it anything more."""
        self.is_open = False
        self.service.database.close()


def spelled(instant: dt.datetime) -> str:
    return instant.isoformat(timespec="seconds").replace("+00:00", "Z")
