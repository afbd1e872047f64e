"""Threads that work for an event loop: what they give back comes in batches, one wake-up of the loop for many."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Hashable
from functools import partial
from typing import Generic, TypeVar

from faktura.store.lines import Lines

A = TypeVar("A")
R = TypeVar("R")


class Threads(Generic[A, R]):
    """So many threads, started with the first job, which do jobs of one turn in their order and serve turns in turn.

    Half of what asyncio's own executor costs is waking the loop once a job; here a loop that is already on its way to
    look is not woken again.
    """

    def __init__(self, name: str, count: int, do: Callable[[A], R]) -> None:
        self._name = name
        self._count = count
        self._do = do
        self._jobs: Lines[tuple[A, asyncio.Future[R]]] = Lines()
        self._done: deque[tuple[asyncio.Future[R], Callable[[], None]]] = deque()
        self._woken = False
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, job: A, turn: Hashable = None) -> "asyncio.Future[R]":
        """Hand in a job from the loop's thread; the future has what `do` gives or raises."""
        if self._loop is None:
            self._loop = asyncio.get_running_loop()
            for number in range(self._count):
                name = f"{self._name}-{number}"
                threading.Thread(target=self._work, args=(self._loop,), name=name, daemon=True).start()
        future: asyncio.Future[R] = self._loop.create_future()
        self._jobs.put(turn, (job, future))
        return future

    def _work(self, loop: asyncio.AbstractEventLoop) -> None:
        while (taken := self._jobs.take()) is not None:
            job, future = taken
            try:
                settle = partial(future.set_result, self._do(job))
            except BaseException as error:  # noqa: BLE001 (whoever waits for the job gets it)
                settle = partial(future.set_exception, error)
            self._done.append((future, settle))
            # Set before the loop is woken and cleared before it looks: what comes in between wakes it once more.
            if not self._woken:
                self._woken = True
                loop.call_soon_threadsafe(self._give_back)
            del taken, job, future, settle

    def _give_back(self) -> None:
        self._woken = False
        while self._done:
            future, settle = self._done.popleft()
            if not future.done():  # whoever waited may have gone
                settle()
