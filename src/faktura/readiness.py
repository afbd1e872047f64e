"""Whether this process can do all of its work: what `/readyz` answers."""

import threading
import time

from faktura.store.probe import probe
from faktura.wire.service import Service
from faktura.worker import Worker

FRESH = 1.0
"""Seconds that an answer holds, so that nobody keeps the database busy by asking."""

LONGEST_LOOK = 600.0
"""Seconds after which a lane of the worker that looked for no job hangs: longer than any lease."""


class Readiness:
    """Asked from any thread; one of them finds out, the others wait for it or are told what it found before."""

    def __init__(self, service: Service, worker: Worker | None) -> None:
        self._service = service
        self._worker = worker
        self._finding = threading.Lock()
        self._found: tuple[float, list[str]] = (-FRESH, [])

    def __call__(self) -> list[str]:
        """What is wrong, a sentence each."""
        with self._finding:
            found_at, wrong = self._found
            if time.monotonic() - found_at >= FRESH:
                wrong = ready(self._service, self._worker)
                self._found = (time.monotonic(), wrong)
            return wrong


def ready(service: Service, worker: Worker | None) -> list[str]:
    """What is wrong with the database, the printer and, where it works in this process, the worker."""
    wrong = []
    if (fault := probe(service.database)) is not None:
        wrong.append(f"database: {fault}")
    if not service.printer.close.alive:
        wrong.append("printer: it was closed")
    if worker is not None:
        hanging = [lane for lane, seconds in worker.last_looks().items() if seconds > LONGEST_LOOK]
        wrong += [f"worker: the lane {lane} looks for no jobs" for lane in hanging]
    return wrong
