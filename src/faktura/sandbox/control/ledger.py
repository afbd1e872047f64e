"""The ledger of a world: its last requests and deliveries with their answers, to be listed, searched and told again."""

import datetime as dt
import threading
from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from faktura.core.clock import Clock
from faktura.sandbox.control.credentials import masked
from faktura.sandbox.control.paths import Place

MOST_KEPT = 1000
MOST_BYTES = 16 * 1024 * 1024
MOST_OF_BODY = 256 * 1024
"""Of each body; what is longer is cut."""

OVERHEAD = 2000
"""About what a request costs besides its bodies."""

Pairs = Iterable[tuple[bytes, bytes]]


class Half(msgspec.Struct, frozen=True):
    """A request, or an answer: its headers without secrets, and of its body of `size` bytes as much as is kept."""

    headers: tuple[tuple[str, str], ...]
    body: bytes
    size: int

    @classmethod
    def of(cls, headers: Pairs, body: bytes, size: int) -> "Half":
        spelled = ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in headers)
        return cls(tuple((name, masked(name, value)) for name, value in spelled), body, size)

    @classmethod
    def whole(cls, headers: Mapping[str, str], body: bytes) -> "Half":
        """What was sent as one."""
        pairs = ((name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in headers.items())
        return cls.of(pairs, body[:MOST_OF_BODY], len(body))

    @property
    def is_cut(self) -> bool:
        return len(self.body) < self.size

    @property
    def text(self) -> str | None:
        """The body as a text, if it is one."""
        try:
            return self.body.decode()
        except UnicodeDecodeError:
            return None

    def header(self, name: str) -> str | None:
        return next((value for one, value in self.headers if one == name), None)

    def json(self) -> Any:
        """What the body says as JSON, or nothing."""
        try:
            return msgspec.json.decode(self.body)
        except msgspec.DecodeError:
            return None


class Exchange(msgspec.Struct, frozen=True, kw_only=True):
    """A request and what came of it. `result` is "answered", or says how the connection ended instead.

    `status` is that of the answer also where that did not arrive. `address` is the whole one that was asked.
    """

    id: int
    at: dt.datetime
    place: Place
    method: str
    address: str
    request: Half
    answer: Half | None
    status: int | None
    milliseconds: float
    faults: tuple[int, ...]
    result: str

    @property
    def query(self) -> str:
        return self.address.partition("?")[2]

    def has(self, text: str) -> bool:
        """Whether its method and address, or one of its bodies, has that text."""
        sought = text.encode()
        halves = (self.request.body, b"" if self.answer is None else self.answer.body)
        return text in f"{self.method} {self.address}" or any(sought in body for body in halves)

    @property
    def bytes(self) -> int:
        return OVERHEAD + len(self.request.body) + (0 if self.answer is None else len(self.answer.body))


class Ledger:
    """Keeps so many of the last, and so many bytes of them, whichever is reached first."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: deque[Exchange] = deque()
        self._bytes = 0
        self._last = 0
        self._forgotten = 0
        self._changing = threading.Lock()

    def add(self, **what: Any) -> Exchange:
        """Keep what an `Exchange` has, under the next id and the instant of the world's clock."""
        with self._changing:
            self._last += 1
            exchange = Exchange(id=self._last, at=self._clock.now(), **what)
            self._kept.append(exchange)
            self._bytes += exchange.bytes
            while len(self._kept) > MOST_KEPT or self._bytes > MOST_BYTES:
                self._bytes -= self._kept.popleft().bytes
                self._forgotten += 1
            return exchange

    @property
    def exchanges(self) -> list[Exchange]:
        """The newest first."""
        with self._changing:
            return list(self._kept)[::-1]

    def find(self, number: int) -> Exchange | None:
        return next((one for one in self.exchanges if one.id == number), None)

    def fill(self) -> dict[str, int]:
        """How much is kept, how many were forgotten for that, and how much is kept at most."""
        with self._changing:
            return {
                "kept": len(self._kept),
                "bytes": self._bytes,
                "forgotten": self._forgotten,
                "most_kept": MOST_KEPT,
                "most_bytes": MOST_BYTES,
            }

    def forget(self) -> None:
        """Ids are not given out again, so that what was seen `since` one of them stays so."""
        with self._changing:
            self._kept.clear()
            self._bytes = self._forgotten = 0

    def keep(self) -> tuple[tuple[Exchange, ...], int]:
        with self._changing:
            return tuple(self._kept), self._forgotten

    def bring_back(self, kept: tuple[tuple[Exchange, ...], int]) -> None:
        """Ids go on here, too."""
        with self._changing:
            exchanges, self._forgotten = kept
            self._kept = deque(exchanges)
            self._bytes = sum(exchange.bytes for exchange in exchanges)
