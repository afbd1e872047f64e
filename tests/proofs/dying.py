"""Workers in processes of their own, that are killed at a point where what they did is not written.

Each is forked from one that has imported the program and waits for orders: a line of JSON each, answered by the code
that the worker ended with.
"""

import functools
import gc
import itertools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any, Self

from faktura.jobs import handlers
from tests.running import PATIENCE, environment

QUIET, STARTED = 0, "started"


class Workers:
    """Orders workers, one after the other, of a `module` that serves orders."""

    def __init__(self, module: str) -> None:
        self._command = [sys.executable, "-m", module]

    def __enter__(self) -> Self:
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(self._command, env=environment(), stdin=pipe, stdout=pipe, text=True)
        assert self._answer() == STARTED
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate(timeout=PATIENCE)

    def order(self, *order: Any) -> bool:
        """Have an order done; whether the worker was killed."""
        stdin = self._process.stdin
        assert stdin is not None
        stdin.write(json.dumps(order) + "\n")
        stdin.flush()
        ended = self._answer()
        assert ended in {QUIET, -signal.SIGKILL}, ended
        return bool(ended == -signal.SIGKILL)

    def _answer(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline() or "null")


def die_at(module: Any, name: str, times: int, *, before: bool) -> None:
    """Kill this process before or after a function of a module is called, the so many-th time."""
    called = getattr(module, name)
    calls = itertools.count(1)

    @functools.wraps(called)
    def dying(*arguments: Any, **named: Any) -> Any:
        is_last = next(calls) >= times
        if not (before and is_last):
            answer = called(*arguments, **named)
        if is_last:
            os.kill(os.getpid(), signal.SIGKILL)
        return answer

    setattr(module, name, dying)


def serve_orders(do: Callable[..., None]) -> None:
    """Have a process of its own do each order."""
    handlers()
    gc.freeze()
    _say(STARTED)
    for line in sys.stdin:
        _say(_forked(do, json.loads(line)))


def _forked(do: Callable[..., None], order: list[Any]) -> int:
    """How a child ended that did it."""
    child = os.fork()
    if child == 0:
        try:
            do(*order)
        except BaseException:  # noqa: BLE001 (the parent asks)
            sys.excepthook(*sys.exc_info())
            os._exit(1)
        os._exit(QUIET)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def _say(what: Any) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()
