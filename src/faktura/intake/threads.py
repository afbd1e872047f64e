"""Threads that work for an event loop: what they give back comes in batches, one wake-up of the loop for many."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable, Hashable
from functools import partial
from typing import Any, Generic, TypeVar

from faktura.store.faults import PATIENCE
from faktura.store.group_commit import GroupCommit, Visit
from faktura.store.lines import Lines

A = TypeVar("A")
R = TypeVar("R")


class Results:
    """What other threads have done for a loop.

    Half of what asyncio's own executor costs is waking the loop once a job; here a loop that is already on its way to
    look is not woken again.
    """

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self._done: deque[tuple[asyncio.Future[Any], Callable[[], None]]] = deque()
        self._woken = False

    def put(self, future: "asyncio.Future[Any]", settle: Callable[[], None]) -> None:
        """Have the future settled in the loop's thread."""
        self._done.append((future, settle))
        # Set before the loop is woken and cleared before it looks: what comes in between wakes it once more.
        if not self._woken:
            self._woken = True
            self.loop.call_soon_threadsafe(self._give_back)

    def _give_back(self) -> None:
        self._woken = False
        while self._done:
            future, settle = self._done.popleft()
            if not future.done():  # whoever waited may have gone
                settle()


class Threads:
    """So many threads, started with the first job, which do jobs of one turn in their order and serve turns in turn."""

    def __init__(self, name: str, count: int) -> None:
        self._name = name
        self._count = count
        self._jobs: Lines[tuple[Callable[[], Any], asyncio.Future[Any]]] = Lines()
        self._results: Results | None = None

    def run(self, do: Callable[[], R], turn: Hashable = None) -> "asyncio.Future[R]":
        """Hand in a job from the loop's thread; the future has what it gives or raises."""
        results = self._results
        if results is None:
            results = self._results = Results()
            for number in range(self._count):
                name = f"{self._name}-{number}"
                threading.Thread(target=self._work, args=(results,), name=name, daemon=True).start()
        future: asyncio.Future[R] = results.loop.create_future()
        self._jobs.put(turn, (do, future))
        return future

    def _work(self, results: Results) -> None:
        while (taken := self._jobs.take()) is not None:
            do, future = taken
            try:
                settle = partial(future.set_result, do())
            except BaseException as error:  # noqa: BLE001 (whoever waits for the job gets it)
                settle = partial(future.set_exception, error)
            results.put(future, settle)
            del taken, do, future, settle


class Visits(Generic[A, R]):
    """Jobs that the writer of SQLite does itself: no other thread sleeps until its commit, and wakes up for it."""

    def __init__(self, writer: GroupCommit, do: Callable[[A], R]) -> None:
        self._writer = writer
        self._do = do
        self._results: Results | None = None

    async def run(self, job: A, turn: Hashable = None) -> R:
        """What `do` gives or raises, or why it was not committed; from the loop's thread."""
        results = self._results
        if results is None:
            results = self._results = Results()
        future: asyncio.Future[Visit] = results.loop.create_future()

        def settle(visit: Visit) -> None:
            results.put(future, partial(future.set_result, visit))

        visit = self._writer.submit(lambda _: self._do(job), turn, settle)
        patience = results.loop.call_later(PATIENCE, self._give_up, visit, future)
        try:
            await future
        finally:
            patience.cancel()
        if visit.error is not None:
            raise visit.error
        result: R = visit.result
        return result

    def _give_up(self, visit: Visit, future: "asyncio.Future[Visit]") -> None:
        if self._writer.withdraw(visit) and not future.done():
            future.set_result(visit)
