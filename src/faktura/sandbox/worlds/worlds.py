"""The worlds of a sandbox: made, found, listed and removed."""

import datetime as dt
import logging
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import msgspec

from faktura.core.clock import Clock
from faktura.sandbox.beginning import Beginning
from faktura.sandbox.control.state import Wrong
from faktura.sandbox.files import WORLDS
from faktura.sandbox.worlds.bases import Bases
from faktura.sandbox.worlds.making import make_world, read_plan
from faktura.sandbox.worlds.world import MAIN, NAME, Place, Plan, World
from faktura.store.chance import SYSTEM

log = logging.getLogger(__name__)

MOST = 100
"""Worlds beside the main one."""

PATIENCE = 5.0
"""Seconds for which requests and jobs of a world may end before it does."""

Open = Callable[[Place], World]


class Unknown(ValueError):  # noqa: N818 (says what a world is)
    """There is no world of this name; the text says which there are."""


class Taken(ValueError):  # noqa: N818 (says what a name is)
    """There is a world of this name already; the text says what to do."""


class TooMany(ValueError):  # noqa: N818 (says what there are)
    """No more worlds may be; the text says what to do."""


class Worlds:
    """Those that lie in the sandbox's `folder`; the main one is the first.

    A name is taken as soon as a world is wanted, and free when its folder is gone.
    """

    def __init__(self, folder: Path, url: str, open_world: Open, most: int = MOST) -> None:
        self._folder = folder
        self._url = url
        self._open = open_world
        self._most = most
        self._bases = Bases(folder)
        self._clock = Clock()
        self._worlds: dict[str, World] = {}
        self._names: set[str] = set()
        self._changing = threading.Lock()

    @property
    def main(self) -> World:
        return self._worlds[MAIN]

    @property
    def are_alone(self) -> bool:
        """Whether there is none but the main one."""
        return len(self._worlds) == 1

    def begin(self, beginning: Beginning) -> None:
        """Open the main one, and those that were made before and have not expired."""
        seed, clock, empty, years = beginning
        plan = Plan(name=MAIN, created_at=self._clock.now(), seed=seed, clock=clock, empty=empty, years=years)
        self._names.add(MAIN)
        self._worlds[MAIN] = self._open(Place(self._folder, plan, self._url, ""))
        for folder in sorted((self._folder / WORLDS).glob("[!.]*")):
            there = read_plan(folder)
            if there is None or _is_over(there, self._clock.now()):
                shutil.rmtree(folder, ignore_errors=True)
            else:
                self._names.add(there.name)
                self._worlds[there.name] = self._open(self._place(there))

    def all(self) -> list[World]:
        """The main one first, then as they were made."""
        return list(self._worlds.values())

    def find(self, name: str) -> World | None:
        return self._worlds.get(name)

    def named(self, name: str) -> World:
        """The world of that name.

        Raises:
            Unknown: there is none.

        """
        world = self._worlds.get(name)
        if world is None:
            raise Unknown(self.unknown(name))
        return world

    def unknown(self, name: str) -> str:
        """The sentence which says that there is no such world."""
        return f"There is no world named {name!r}; there are {', '.join(self._worlds)}"

    def make(self, plan: Plan) -> World:
        """A world that nobody has seen yet; without a name it gets one.

        Raises:
            Taken: there is one of that name.
            TooMany: no more may be.
            Wrong: it cannot have that name.

        """
        plan = msgspec.structs.replace(plan, name=self._take_name(plan.name))
        try:
            return self._made(plan)
        except BaseException:
            shutil.rmtree(self._place(plan).folder, ignore_errors=True)
            self._names.discard(plan.name)
            raise

    def remove(self, name: str) -> None:
        """End a world: it answers no more, then its folder is removed.

        Raises:
            Unknown: there is none of that name.
            Wrong: it is the main one.

        """
        if name == MAIN:
            raise Wrong("The main world stays as long as the sandbox; POST /sandbox/reset brings it back")
        with self._changing:
            world = self.named(name)
            del self._worlds[name]
        until = time.monotonic() + PATIENCE
        while not world.is_quiet and time.monotonic() < until:
            time.sleep(0.01)
        world.close()
        shutil.rmtree(world.place.folder, ignore_errors=True)
        self._names.discard(name)

    def remove_expired(self, now: dt.datetime) -> None:
        for world in self.all():
            if _is_over(world.plan, now):
                log.info("a world has expired", extra={"world": world.name})
                self.remove(world.name)

    def _take_name(self, name: str) -> str:
        wanted = name or f"world-{SYSTEM.digits('world', 4)}"
        if NAME.fullmatch(wanted) is None:
            raise Wrong(f"name must be letters a to z, digits and hyphens, at most 32, not {wanted!r}")
        with self._changing:
            if wanted in self._names:
                raise Taken(f"There is a world named {wanted!r}; DELETE /sandbox/worlds/{wanted} removes it")
            if len(self._names) > self._most:
                raise TooMany(self._too_many())
            self._names.add(wanted)
        return wanted

    def _too_many(self) -> str:
        ends = min((w.plan.expires_at for w in self.all() if w.plan.expires_at is not None), default=None)
        when = "" if ends is None else f"; the next one expires at {ends.isoformat(timespec='seconds')}"
        return f"There are {self._most} worlds, the most that may be. DELETE /sandbox/worlds/{{name}} removes one{when}"

    def _made(self, plan: Plan) -> World:
        place = self._place(plan)
        make_world(place, self._bases.for_world(plan.beginning))
        world = self._worlds[plan.name] = self._open(place)
        return world

    def _place(self, plan: Plan) -> Place:
        root = f"/{WORLDS}/{plan.name}"
        return Place(self._folder / WORLDS / plan.name, plan, self._url + root, root)


def _is_over(plan: Plan, now: dt.datetime) -> bool:
    return plan.expires_at is not None and plan.expires_at <= now
