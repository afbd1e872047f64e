"""A body on its way in: how long it may take, and how much of all bodies the server holds."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

from faktura.intake.responses import RETRY_AFTER, Refused
from faktura.wire.arrival import LONG

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]

MOST_IN_FLIGHT = 256 * 1024 * 1024
"""Bytes of bodies that all processes of a server hold together."""


class Patience(NamedTuple):
    """A body may take `grace` seconds and one more for each `least_rate` bytes that have come, at most `longest`."""

    grace: float = 10.0
    least_rate: int = 4096
    longest: float = 300.0


PATIENCE = Patience()


class Flight:
    """How many bytes of bodies are held just now; only the loop's thread counts."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.held = 0


class Incoming:
    """A body on its way in; the bytes that it holds or announces count until `let_go`."""

    def __init__(self, receive: Receive, announced: int, flight: Flight, patience: Patience) -> None:
        self._receive = receive
        self._patience = patience
        self._announced = announced
        self._flight = flight
        self._held = 0
        self._parts: list[bytes] = []
        self.size = 0
        self.whole = False
        self.cut = False

    async def read(self, most: int) -> None:
        """Read on until it is whole, cut, or longer than `most` bytes.

        Raises:
            Refused: it comes too slowly, or the server holds too many bodies.

        """
        self._hold(min(self._announced, most))
        grace, least_rate, longest = self._patience
        began, before = asyncio.get_running_loop().time(), self.size
        try:
            async with asyncio.timeout(grace) as limit:
                while not (self.whole or self.cut) and self.size <= most:
                    self._take(await self._receive())
                    if not self.whole:
                        limit.reschedule(began + min(grace + (self.size - before) / least_rate, longest))
        except TimeoutError:
            raise Refused(408, "request_timeout", "The request body came too slowly") from None

    @property
    def is_long(self) -> bool:
        return not self.whole or self.size > LONG

    def body(self) -> bytes:
        """What was read so far."""
        if len(self._parts) > 1:
            self._parts = [b"".join(self._parts)]
        return self._parts[0] if self._parts else b""

    def let_go(self) -> None:
        self._flight.held -= self._held
        self._held = 0
        self._parts.clear()

    def _take(self, message: Message) -> None:
        """What the server calls a disconnect is a body that broke off or whose chunks are garbled."""
        if message["type"] != "http.request":
            self.cut = True
            return
        if part := message.get("body", b""):
            self.size += len(part)
            self._hold(self.size)
            self._parts.append(part)
        elif message["more_body"]:
            self.cut = True  # trailers, which nobody announced
        # What was announced is there: to wait for the message that says so would wake two threads for nothing.
        self.whole = not message["more_body"] or 0 < self._announced == self.size
        if self.whole and self.size < self._announced:
            self.cut, self.whole = True, False

    def _hold(self, total: int) -> None:
        more = total - self._held
        if more <= 0:
            return
        if self._flight.held + more > self._flight.most:
            sentence = "The server holds too many request bodies, try again later"
            raise Refused(503, "service_unavailable", sentence, RETRY_AFTER)
        self._flight.held += more
        self._held = total
