"""A worker that fetches from KSeF, in a process of its own that is killed at a point where what it did is not written.

Each is forked from one that has imported the program and waits for orders: a line of JSON each, answered by the code
that the worker ended with.
"""

import datetime as dt
import functools
import gc
import json
import os
import signal
import subprocess
import sys
from typing import Any, Self

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.core.clock import Clock
from faktura.core.ksef.receive import JOB
from faktura.jobs import fetch_from_ksef, handlers
from faktura.outside.ksef.line import Ksef
from faktura.store.database import open_database
from faktura.worker import Worker
from tests.ksef_received import KEY, reach
from tests.running import PATIENCE, environment

BEFORE = {
    "invoices are fetched, and none is kept": "_keep",
    "a package is made, and not fetched": "fetched",
    "all of a side is here, and that is not written": "note_fetched",
}
AFTER = {
    "a package is asked for, and nobody knows its name": "ask_for_export",
    "it is known that a package is made": "package_of",
    "one invoice is fetched": "fetch_one",
    "invoices are kept, and not committed": "keep",
    "invoices are kept, and the rest is not": "_keep",
}
"""Points before and after a function of the job is called."""

POINTS = (*BEFORE, *AFTER)

QUIET, STARTED = 0, "started"


class Receivers:
    """Orders workers, one after the other."""

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "tests.proofs.dying_receiver"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, env=environment(), stdin=pipe, stdout=pipe, text=True)
        assert self._answer() == STARTED
        return self

    def __exit__(self, *_: object) -> None:
        with self._process as process:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(PATIENCE)

    def work(self, url: str, now: dt.datetime, point: str | None = None, times: int = 1) -> bool:
        """Do what is due at an instant; whether the worker was killed, so many times after it came to the point."""
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write(json.dumps([url, now.isoformat(), point, times]) + "\n")
        stdin.flush()
        ended = self._answer()
        assert ended in {QUIET, -signal.SIGKILL}, ended
        return bool(ended == -signal.SIGKILL)

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline() or "null")


def work(url: str, now: dt.datetime, point: str | None, times: int) -> None:
    """Do what is due at an instant that stands still."""
    if point is not None:
        _mark(point, times)
    clock = Clock()
    clock.stand_at(now)
    worker = Worker(open_database(url), clock, {JOB: handlers()[JOB]}, reach(Ksef(KEY)))
    while worker.do_next():
        pass


def _mark(point: str, times: int) -> None:
    name = (BEFORE | AFTER)[point]
    called = vars(fetch_from_ksef)[name]
    passed = iter(range(1, times))

    def pass_or_die() -> None:
        if next(passed, None) is None:
            os.kill(os.getpid(), signal.SIGKILL)

    @functools.wraps(called)
    def dying(*arguments: Any, **named: Any) -> Any:
        if point in BEFORE:
            pass_or_die()
            return called(*arguments, **named)
        answer = called(*arguments, **named)
        pass_or_die()
        return answer

    vars(fetch_from_ksef)[name] = dying


def _forked(*order: Any) -> int:
    """How a child ended that did it."""
    child = os.fork()
    if child == 0:
        try:
            work(*order)
        except BaseException:  # noqa: BLE001 (the parent asks)
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(QUIET)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _say(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    handlers()
    gc.freeze()
    _say(STARTED)
    for line in sys.stdin:
        url, now, point, times = json.loads(line)
        _say(_forked(url, dt.datetime.fromisoformat(now), point, times))


if __name__ == "__main__":
    main()
