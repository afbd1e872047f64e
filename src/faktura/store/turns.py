"""One thread at a time works on requests; those that wait for the disk step aside."""

import threading
from typing import Protocol

LONGEST_WAIT = 0.005
"""Seconds after which a thread goes on although it is not its turn: one that takes long holds the others up no more."""


class Turns(Protocol):
    """A context in which a thread works on a request."""

    def __enter__(self) -> None: ...
    def __exit__(self, *_: object) -> None: ...


class OneByOne:
    """Turns for an engine inside the process.

    At every statement sqlite3 hands the interpreter to whichever thread wants it and waits to get it back. Where all
    others wait for their turn instead, nobody wants it: with 16 threads that triples what is served.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._own = threading.local()

    def __enter__(self) -> None:
        self._own.turn = self._turn.acquire(timeout=LONGEST_WAIT)

    def __exit__(self, *_: object) -> None:
        self.step_aside()

    def step_aside(self) -> bool:
        """Let another thread have the turn; whether this one had it."""
        had = getattr(self._own, "turn", False)
        if had:
            self._own.turn = False
            self._turn.release()
        return had


class AllAtOnce:
    """No turns, for an engine elsewhere: its answers are waited for at the same time."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass
