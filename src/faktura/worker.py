"""Takes due jobs and does each in its own transaction, together with crossing it out."""

import datetime as dt
import functools
import logging
import threading
from collections.abc import Callable, Mapping

import msgspec

from faktura.core import jobs_to_do
from faktura.core.clock import Clock
from faktura.core.errors import Refusal
from faktura.core.jobs_to_do import HOUSE, Due, Job
from faktura.jobs import NOTHING_OUTSIDE, Arguments, Errand, Every, Handler, InPlace, World, next_time, place_of
from faktura.store.database import Database
from faktura.store.errors import Stale
from faktura.store.transaction import Transaction

log = logging.getLogger(__name__)

LOOKING = 1.0
"""Seconds between two looks for due jobs."""

LISTENING = 0.2
"""Seconds between two looks whether to stop."""

LONGEST_ERROR = 1000


class UnknownJob(Exception):  # noqa: N818 (says what a job is)
    """There is no file for a job of this name."""


class Worker:
    """Does jobs on the calling thread, one after the other; several workers may share a database."""

    def __init__(
        self, database: Database, clock: Clock, handlers: Mapping[str, Handler], world: World = NOTHING_OUTSIDE
    ) -> None:
        self._database = database
        self._clock = clock
        self._handlers = handlers
        self._world = world
        self._served: dict[str, int] = {}
        """By a job's name, the account that had its turn last."""

    def work_until(self, stopped: Callable[[], bool]) -> None:
        """Do what is due until asked to stop; the job at hand is done to its end."""
        pause = threading.Event()
        while not stopped():
            if self._did_one():
                continue
            until = LOOKING
            while until > 0 and not stopped():
                pause.wait(LISTENING)
                until -= LISTENING

    def do_next(self) -> bool:
        """Do a job that is due, of the account whose turn it is; False where none is due."""
        now = self._clock.now()
        while (seen := self._database.read(lambda tx: self._next_due(tx, now))) is not None:
            job = self._database.write(functools.partial(jobs_to_do.claim, seen=seen, now=now))
            if job is not None:
                self._served[job.name] = job.account_id
                self._do_or_put_off(job)
                return True
        return False

    def _next_due(self, tx: Transaction, now: dt.datetime) -> Due | None:
        """Of the accounts whose turn it is, one for each sort of work, the one that has waited longest."""
        found: list[Due] = []
        for name in jobs_to_do.names_waiting(tx):
            found += jobs_to_do.due(tx, now, name, self._served.get(name, HOUSE - 1), most=1)
        return min(found, key=lambda seen: (seen.waits_until, seen.id), default=None)

    def _do_or_put_off(self, job: Job) -> None:
        try:
            self._do(job)
        except Stale:
            log.warning("job was taken over by another worker", extra={"job": job.name, "id": job.id})
        except Exception as error:
            log.exception("job failed", extra={"job": job.name, "id": job.id, "attempts": job.attempts})
            self._put_off(job, f"{type(error).__name__}: {error}"[:LONGEST_ERROR])

    def put_recurring(self) -> None:
        """Put the jobs that come back by themselves, where they do not wait already."""
        for name, handler in self._handlers.items():
            if handler.every is not None:
                self._database.write(functools.partial(self._put, name=name, due=self._clock.now()))

    def _did_one(self) -> bool:
        try:
            return self.do_next()
        except Exception:
            # The database may be away for a while; what waits in it waits on.
            log.exception("worker cannot reach its jobs")
            return False

    def _do(self, job: Job) -> None:
        handler = self._handlers.get(job.name)
        if handler is None:
            raise UnknownJob(job.name)
        errand = Errand(self._database, self._clock, job.account_id, self._world)
        arguments = msgspec.json.decode(job.arguments, type=list)
        do = handler.begin(errand, arguments)
        try:
            self._database.write(lambda tx: self._finish(tx, job, do, handler.every))
        except Refusal as refusal:
            if handler.refused is None:
                raise
            write_down = _writing_down(handler.refused, refusal, arguments)
            self._database.write(lambda tx: self._finish(tx, job, write_down, handler.every))

    def _finish(self, tx: Transaction, job: Job, do: InPlace, every: Every | None) -> None:
        """The effect and the crossing out, which goes first: whoever lost the lease has no effect."""
        jobs_to_do.finish(tx, job)
        now = self._clock.now()
        do(place_of(tx, job.account_id, now))
        if every is not None:
            self._put(tx, job.name, next_time(every, now))

    def _put(self, tx: Transaction, name: str, due: dt.datetime) -> None:
        if not jobs_to_do.is_put(tx, HOUSE, name):
            jobs_to_do.put(tx, HOUSE, name, (), due, self._clock.now())

    def _put_off(self, job: Job, error: str) -> None:
        try:
            self._database.write(lambda tx: jobs_to_do.put_off(tx, job, error, self._clock.now()))
        except Stale:
            log.warning("job was taken over by another worker", extra={"job": job.name, "id": job.id})


def _writing_down(refused: Callable[..., object], refusal: Refusal, arguments: Arguments) -> InPlace:
    return lambda place: refused(place, refusal, *arguments)


def work_in_thread(worker: Worker) -> None:
    """Let the worker work beside the main thread; the process ends when the job at hand is done."""
    main = threading.main_thread()
    threading.Thread(target=worker.work_until, args=(lambda: not main.is_alive(),), name="worker").start()
