"""SQLite: one thread at a time reads."""

import threading

LONGEST_WAIT = 0.005
"""Seconds after which a thread reads although it is not its turn: one that takes long holds the others up no more."""


class WouldWait(BaseException):
    """Something has to be done on another thread: this one must not wait.

    It is that of an event loop, which asked what nobody remembers, or wrote; or the writer's of SQLite.
    """


class Here(threading.local):
    """Whether the calling thread must not wait."""

    must_not_wait = False


here = Here()


class Turns:
    """A thread takes the turn with its first question to the database and gives it back when it has read all.

    At every statement sqlite3 hands the interpreter to whichever thread wants it and waits to get it back. Where the
    others wait for their turn instead, fewer want it: with 16 threads that doubles what is served.
    """

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._own = threading.local()

    def take(self) -> None:
        if here.must_not_wait:
            raise WouldWait
        if not getattr(self._own, "has_it", False):
            self._own.has_it = self._turn.acquire(timeout=LONGEST_WAIT)

    def give_back(self) -> None:
        if getattr(self._own, "has_it", False):
            self._own.has_it = False
            self._turn.release()
