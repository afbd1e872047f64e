"""KSeF's double of a world, made when somebody asks for it: no start of a sandbox waits for its libraries."""

import datetime as dt
import importlib
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from faktura.core.clock import Clock
from faktura.sandbox.outside.ksef.calls import Call, Reply
from faktura.sandbox.outside.ksef.standing import Handed, Standing

if TYPE_CHECKING:
    from faktura.sandbox.outside.ksef.double import Double


class KsefWhenAsked:
    """How it is can be said and kept before it is there."""

    def __init__(self, clock: Clock, base: str) -> None:
        self._clock = clock
        self.base = base
        self._standing = Standing()
        self._made: Double | None = None
        self._making = threading.Lock()

    @property
    def standing(self) -> Standing:
        return self._standing if self._made is None else self._made.standing

    @standing.setter
    def standing(self, standing: Standing) -> None:
        with self._making:
            self._standing = standing
            if self._made is not None:
                self._made.standing = standing

    def double(self) -> "Double":
        with self._making:
            if self._made is None:
                library: Any = importlib.import_module("faktura.sandbox.outside.ksef.double")
                self._made = library.Double(self._clock, self.base)
                self._made.standing = self._standing
            return self._made

    def reply(self, call: Call) -> Reply:
        """What comes of a call; this may take a while."""
        return self.double().reply(call)

    def hand_in(self, handed: Sequence[Handed], now: dt.datetime) -> list[str]:
        """Have others send invoices at that instant, all or none; their numbers.

        Raises:
            ValueError: KSeF would not take one of them; says why.

        """
        return self.double().hand_in(*handed, now=now) if handed else []

    def keep(self) -> Any:
        return (self._standing, None) if self._made is None else self._made.keep()

    def bring_back(self, kept: Any) -> None:
        standing, _ = kept
        self.standing = standing
        if self._made is not None:
            self._made.bring_back(kept)
