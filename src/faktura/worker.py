"""Takes due jobs and does each in its own transaction, together with crossing it out."""

import datetime as dt
import functools
import logging
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext

import msgspec

from faktura.core.books import jobs_to_do
from faktura.core.books.books import Books
from faktura.core.books.history import Event
from faktura.core.books.jobs_to_do import HOUSE, Due, Job
from faktura.core.clock import Clock
from faktura.core.errors import Refusal
from faktura.jobs import (
    LANES,
    NOTHING_OUTSIDE,
    USUAL_LANE,
    Arguments,
    Effect,
    Elsewhere,
    Errand,
    Every,
    Handler,
    Later,
    NotTaken,
    Reach,
    next_time,
    opened_for,
)
from faktura.outside.http import Unanswered
from faktura.outside.registries.adapter import AtRest
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


class WorkerDied(Exception):  # noqa: N818 (says what happened)
    """Each try ended with the worker that made it."""


def _unknown(errand: Errand, _arguments: Arguments) -> Effect:
    raise UnknownJob(errand.job)


UNKNOWN = Handler(_unknown)


class Worker:
    """Does jobs: each lane on threads of its own, where accounts take turns and none has two jobs under way.

    Several workers may share a database. A job is looked for and done `inside` what may keep workers out for a while.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        handlers: Mapping[str, Handler],
        reach: Reach = NOTHING_OUTSIDE,
        inside: Callable[[], AbstractContextManager[None]] = nullcontext,
    ) -> None:
        self._database = database
        self._clock = clock
        self._handlers = handlers
        self._reach = reach
        self._inside = inside
        self._looking = threading.Lock()
        self._under_way: set[tuple[str, int]] = set()
        """Lanes and accounts."""
        self._served: dict[str, int] = {}
        """By a job's name, the account that had its turn last."""
        self._looked = dict.fromkeys(LANES, time.monotonic())

    def work_until(self, stopped: Callable[[], bool]) -> None:
        """Do what is due until asked to stop; the jobs at hand are done to their end.

        A thread that died is replaced.
        """
        places = [(lane, number) for lane, threads in LANES.items() for number in range(threads)]
        working: dict[tuple[str, int], threading.Thread] = {}
        pause = threading.Event()
        while not stopped():
            for place in places:
                if place in working and working[place].is_alive():
                    continue
                if place in working and not stopped():
                    log.error("a thread of the worker died", extra={"lane": place[0]})
                working[place] = threading.Thread(
                    target=self._work_in, args=(place[0], stopped), name=f"worker-{place[0]}"
                )
                working[place].start()
            pause.wait(LISTENING)
        for thread in working.values():
            thread.join()

    def last_looks(self) -> dict[str, float]:
        """By lane, the seconds since it looked for jobs last; one that hangs on a job looks for none."""
        return {lane: time.monotonic() - looked for lane, looked in self._looked.items()}

    def has_work(self) -> bool:
        """Whether a job is due that nobody does yet."""
        with self._looking:
            now = self._clock.now()
            return self._database.read(lambda tx: self._next_due(tx, None, now)) is not None

    def do_next(self, lane: str | None = None) -> bool:
        """Do a job of a lane, or of any, that is due, of the account whose turn it is; False where there is none."""
        with self._inside():
            while (seen := self._take_turn(lane)) is not None:
                try:
                    if self._did(seen):
                        return True
                finally:
                    self._under_way.discard(self._lane_and_account(seen))
        return False

    def do_due(self, most: int) -> int:
        """Do what is due, and what becomes due by that, in the order of time; at most so many, and say how many."""
        done = 0
        while done < most and (seen := self._database.read(self._longest_due)) is not None:
            done += self._did(seen)
        return done

    def _longest_due(self, tx: Transaction) -> Due | None:
        now = self._clock.now()
        names = jobs_to_do.names_waiting(tx)
        due = (seen for name in names for seen in jobs_to_do.due(tx, now, name, most=sys.maxsize))
        return min(due, key=lambda seen: (seen.waits_until, seen.id), default=None)

    def _did(self, seen: Due) -> bool:
        """Whether the job was there to be done: somebody else may have been faster."""
        claim = functools.partial(jobs_to_do.claim, seen=seen, now=self._clock.now())
        job = self._database.write(claim, seen.account_id)
        if job is not None:
            self._do_or_put_off(job)
        return job is not None

    def _work_in(self, lane: str, stopped: Callable[[], bool]) -> None:
        pause = threading.Event()
        while not stopped():
            if self._did_one(lane):
                continue
            until = LOOKING
            while until > 0 and not stopped():
                pause.wait(LISTENING)
                until -= LISTENING

    def _take_turn(self, lane: str | None) -> Due | None:
        """The job whose turn it is in a lane; its account has no other until it is done."""
        with self._looking:
            self._looked |= {looking: time.monotonic() for looking in LANES if lane in {looking, None}}
            now = self._clock.now()
            seen = self._database.read(lambda tx: self._next_due(tx, lane, now))
            if seen is not None:
                self._served[seen.name] = seen.account_id
                self._under_way.add(self._lane_and_account(seen))
            return seen

    def _next_due(self, tx: Transaction, lane: str | None, now: dt.datetime) -> Due | None:
        """Of the accounts whose turn it is, one for each sort of work, the one that has waited longest."""
        most = len(self._under_way) + 1
        found: list[Due] = []
        for name in self._names_in(tx, lane):
            in_turn = jobs_to_do.due(tx, now, name, self._served.get(name, HOUSE - 1), most)
            found += [seen for seen in in_turn if self._lane_and_account(seen) not in self._under_way][:1]
        return min(found, key=lambda seen: (seen.waits_until, seen.id), default=None)

    def _names_in(self, tx: Transaction, lane: str | None) -> list[str]:
        """What a lane looks for; jobs that nobody knows are seen by the one of the house."""
        if lane in {None, USUAL_LANE}:
            return [name for name in jobs_to_do.names_waiting(tx) if lane in {None, self._lane_of(name)}]
        return [name for name, handler in self._handlers.items() if handler.lane == lane]

    def _lane_of(self, name: str) -> str:
        return self._handlers[name].lane if name in self._handlers else USUAL_LANE

    def _lane_and_account(self, seen: Due) -> tuple[str, int]:
        return self._lane_of(seen.name), seen.account_id

    def _do_or_put_off(self, job: Job) -> None:
        handler = self._handlers.get(job.name, UNKNOWN)
        now = self._clock.now()
        try:
            if job.attempts > len(handler.delays) + 1:
                raise WorkerDied  # noqa: TRY301 (a failure like others)
            self._do(job, handler)
        except Stale:
            _log_overtaken(job)
        except (Later, AtRest) as later:
            why, until = str(later), self._clock.now() + later.delay
            self._keep(job, lambda tx: jobs_to_do.put_off(tx, job, why, now, until, job.attempts - 1))
        except Elsewhere as elsewhere:
            name = elsewhere.name
            self._keep(job, lambda tx: jobs_to_do.hand_over(tx, job, name, now))
        except Exception as error:  # noqa: BLE001 (logged below)
            self._after_failure(job, handler, error)

    def _after_failure(self, job: Job, handler: Handler, error: Exception) -> None:
        """Put the job off; after its last try it is over, or given up."""
        names = {"job": job.name, "id": job.id, "attempts": job.attempts}
        if isinstance(error, NotTaken | Unanswered):
            log.warning("not done outside", extra=names | {"error": str(error)})
        elif not (handler.refused and isinstance(error, Refusal)):
            log.error("job failed", exc_info=error, extra=names)
        delay, why, now = handler.delay_after(error, job.attempts), _why(error), self._clock.now()
        if delay is not None:
            self._keep(job, lambda tx: jobs_to_do.put_off(tx, job, why, now, now + delay, job.attempts))
        elif handler.refused is not None:
            self._end(job, handler.refused, error, handler.every)
        elif handler.every is not None:
            until = next_time(handler.every, now)
            self._keep(job, lambda tx: jobs_to_do.put_off(tx, job, why, now, until, 0))
        else:
            self._give_up(job, why)

    def _end(self, job: Job, refused: Callable[..., object], error: Exception, every: Every | None) -> None:
        write_down = _writing_down(refused, error, msgspec.json.decode(job.arguments, type=list))
        try:
            self._keep(job, lambda tx: self._finish(tx, job, write_down, every))
        except Exception as failure:
            log.exception("the end of a job could not be written down", extra={"job": job.name, "id": job.id})
            self._give_up(job, _why(failure))

    def _give_up(self, job: Job, why: str) -> None:
        log.error("job given up", extra={"job": job.name, "id": job.id, "account": job.account_id, "error": why})
        now = self._clock.now()

        def write_down(tx: Transaction) -> None:
            jobs_to_do.give_up(tx, job, why, now)
            place = opened_for(tx, job.account_id, now, job.name)
            if isinstance(place, Books):
                details = {"job": (None, job.name), "error": (None, why)}
                place.note_event(Event("job_given_up", place.account, details))

        self._keep(job, write_down)

    def put_recurring(self) -> None:
        """Put the jobs that come back by themselves, where they do not wait already."""
        for name, handler in self._handlers.items():
            if handler.every is not None:
                self._database.write(functools.partial(self._put, name=name, due=self._clock.now()))

    def _did_one(self, lane: str) -> bool:
        try:
            return self.do_next(lane)
        except Exception:
            # The database may be away for a while; what waits in it waits on.
            log.exception("worker cannot reach its jobs")
            return False

    def _do(self, job: Job, handler: Handler) -> None:
        errand = Errand(self._database, self._clock, job.account_id, self._reach, job.name, job.attempts)
        do = handler.begin(errand, msgspec.json.decode(job.arguments, type=list))
        self._database.write(lambda tx: self._finish(tx, job, do, handler.every), job.account_id)

    def _finish(self, tx: Transaction, job: Job, do: Effect, every: Every | None) -> None:
        """The effect and the crossing out, which goes first: whoever lost the lease has no effect."""
        jobs_to_do.finish(tx, job)
        now = self._clock.now()
        do(opened_for(tx, job.account_id, now, job.name))
        if every is not None:
            self._put(tx, job.name, next_time(every, now))

    def _put(self, tx: Transaction, name: str, due: dt.datetime) -> None:
        if not jobs_to_do.is_put(tx, HOUSE, name):
            jobs_to_do.put(tx, HOUSE, name, (), due, self._clock.now())

    def _keep(self, job: Job, write_down: Callable[[Transaction], None]) -> None:
        """Write down how a try of a job ended, unless somebody else has it by now."""
        try:
            self._database.write(write_down, job.account_id)
        except Stale:
            _log_overtaken(job)


def _log_overtaken(job: Job) -> None:
    log.warning("job was taken over by another worker", extra={"job": job.name, "id": job.id})


def _why(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:LONGEST_ERROR]


def _writing_down(refused: Callable[..., object], error: Exception, arguments: Arguments) -> Effect:
    return lambda place: refused(place, error, *arguments)


def work_in_thread(worker: Worker) -> None:
    """Let the worker work beside the main thread; the process ends when the job at hand is done."""
    main = threading.main_thread()
    threading.Thread(target=worker.work_until, args=(lambda: not main.is_alive(),), name="worker").start()
