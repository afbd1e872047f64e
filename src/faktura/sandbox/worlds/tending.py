"""One thread looks after all worlds: it has their jobs done, writes down last uses, and removes what has expired."""

import logging
import threading
import time
from collections.abc import Callable

from faktura.core.clock import Clock
from faktura.sandbox.worlds.world import World
from faktura.sandbox.worlds.worlds import Worlds

log = logging.getLogger(__name__)

LOOKING = 0.2
"""Seconds between two looks at a world that was written to; others are looked at once a second."""

REST = 1.0

WRITING = 10.0
"""Seconds between two writes of last uses."""

MOST_OF_WORLD = 8
"""Threads that do jobs of one world: a receiver of webhooks that hangs holds up others of the same world at most."""


class Tending:
    """A thread is started where a job is due and ends with the last one, so that a world that rests costs none.

    Where nothing is to be done `by_itself`, only what has expired is removed.
    """

    def __init__(self, worlds: Worlds, *, by_itself: bool) -> None:
        self._worlds = worlds
        self._by_itself = by_itself
        self._clock = Clock()
        self._seen: dict[World, tuple[object, float]] = {}
        self._counting = threading.Lock()

    def tend_until(self, stopped: Callable[[], bool]) -> None:
        pause = threading.Event()
        write_at = time.monotonic() + WRITING
        while not stopped():
            self._worlds.remove_expired(self._clock.now())
            worlds = self._worlds.all() if self._by_itself else []
            for world in worlds:
                self._look_at(world)
            if time.monotonic() > write_at:
                write_at = time.monotonic() + WRITING
                for world in worlds:
                    world.write_last_uses()
                self._seen = {world: self._seen[world] for world in worlds if world in self._seen}
            pause.wait(LOOKING)

    def _look_at(self, world: World) -> None:
        """Have its jobs done, where some are due: it was written to, or nobody looked for a while."""
        state, now = world.service.database.state(), time.monotonic()
        seen, looked_at = self._seen.get(world, (None, -REST))
        if state == seen and now < looked_at + REST:
            return
        self._seen[world] = state, now
        try:
            if world.at_work < MOST_OF_WORLD and world.jobs.has_work():
                self._count(world, 1)
                threading.Thread(target=self._work_in, args=(world,), name=f"jobs-{world.name}").start()
        except Exception:
            if world.is_open:
                log.exception("the jobs of a world cannot be reached", extra={"world": world.name})

    def _work_in(self, world: World) -> None:
        try:
            while world.is_open and world.jobs.do_next():
                pass
        except Exception:
            if world.is_open:
                log.exception("the jobs of a world cannot be done", extra={"world": world.name})
        finally:
            self._count(world, -1)

    def _count(self, world: World, threads: int) -> None:
        with self._counting:
            world.at_work += threads


def tend_in_thread(worlds: Worlds, *, by_itself: bool) -> None:
    """Look after worlds beside the main thread; the process ends when the jobs at hand are done."""
    main = threading.main_thread()
    tending = Tending(worlds, by_itself=by_itself)
    threading.Thread(target=tending.tend_until, args=(lambda: not main.is_alive(),), name="worlds").start()
