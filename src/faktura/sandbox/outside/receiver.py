"""A receiver of webhooks that the sandbox has itself: it keeps what it is told, and can be told to fail or to hang."""

import threading
from collections import deque
from concurrent.futures import Future, wait
from typing import Annotated, Any, NamedTuple

import falcon
import msgspec
from msgspec import Meta

from faktura.core.clock import Clock
from faktura.wire.arrival import KEY, Arrival, WaitFor
from faktura.wire.bodies import read_body
from faktura.wire.switches import Received

PATH = "/webhooks"
"""Below the control address."""

MOST = 100
MOST_BYTES = 1024 * 1024
"""Of a message."""

LONGEST_HANG = 40
"""Seconds: whoever tells waits for thirty."""

TAKEN = 200
"""Some doors take no other status but 201."""


class Failing(msgspec.Struct, forbid_unknown_fields=True):
    """So many of the next messages are answered with this status, after so many seconds."""

    fail_next: Annotated[int, Meta(ge=0, le=10_000)] = 0
    status: Annotated[int, Meta(ge=300, le=599)] = 500
    hang_seconds: Annotated[int, Meta(ge=0, le=LONGEST_HANG)] = 0


class Receiver:
    """Keeps the last messages; `failing` says what becomes of the next."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._kept: deque[Received] = deque(maxlen=MOST)
        self._number = 0
        self._changing = threading.Lock()
        self.failing = Failing()

    @property
    def messages(self) -> list[Received]:
        """The newest first."""
        with self._changing:
            return list(self._kept)[::-1]

    def take(self, headers: dict[str, str], body: bytes) -> "Reaction":
        """Keep a message, and say how it is answered."""
        with self._changing:
            failing, fails = self.failing, self.failing.fail_next > 0
            if fails:
                self.failing = msgspec.structs.replace(failing, fail_next=failing.fail_next - 1)
            self._number += 1
            status, pause = (failing.status, failing.hang_seconds) if fails else (TAKEN, 0)
            self._kept.append(Received(self._number, self._clock.now(), headers, body.decode(errors="replace"), status))
            return Reaction(status, pause)

    def empty(self) -> None:
        with self._changing:
            self._kept.clear()

    def keep(self) -> tuple[Failing, tuple[Received, ...], int]:
        """The messages, their numbering, and what becomes of the next."""
        with self._changing:
            return self.failing, tuple(self._kept), self._number

    def bring_back(self, kept: tuple[Failing, tuple[Received, ...], int]) -> None:
        with self._changing:
            self.failing, messages, self._number = kept
            self._kept = deque(messages, maxlen=MOST)


class Reaction(NamedTuple):
    status: int
    pause: int


class Webhooks:
    """`/sandbox/webhooks`: takes what is told, shows it, the newest first, and forgets it."""

    def __init__(self, receiver: Receiver) -> None:
        self._receiver = receiver

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        resp.media = {"webhooks": [_shown(message) for message in self._receiver.messages]}

    def on_delete(self, _req: falcon.Request, resp: falcon.Response) -> None:
        self._receiver.empty()
        resp.status = falcon.HTTP_NO_CONTENT

    def on_post(self, req: falcon.Request, resp: falcon.Response) -> None:
        arrival: Arrival | None = req.env.get(KEY)
        if arrival is not None and arrival.resume is not None:
            resp.status = arrival.resume()
            return
        body = read_body(req, MOST_BYTES)
        told = {name.title(): said for name, said in req.headers.items() if name in _HEADERS or name.startswith("X-")}
        reaction = self._receiver.take(told, body)
        if reaction.pause:
            _wait(arrival, reaction)
        resp.status = str(reaction.status)
        if _is_question(_read(body.decode(errors="replace"))):
            resp.data, resp.content_type = body, falcon.MEDIA_JSON


_HEADERS = frozenset({"CONTENT-TYPE", "AUTHORIZATION", "IDEMPOTENCY-KEY", "USER-AGENT"})
"""And all that begin with an X, by which doors sign."""


def _wait(arrival: Arrival | None, reaction: Reaction) -> None:
    """Hold up nobody else: no thread waits, where the server can do that.

    Raises:
        WaitFor: the request is run again when the time is over.

    """
    never: Future[Any] = Future()
    if arrival is None:
        wait((never,), reaction.pause)
    else:
        raise WaitFor(never, reaction.pause, lambda: str(reaction.status))


def _shown(message: Received) -> dict[str, Any]:
    return {
        "id": message.id,
        "received_at": message.at.isoformat().replace("+00:00", "Z"),
        "headers": message.headers,
        "body": _read(message.body),
        "answered": message.status,
    }


def _is_question(said: Any) -> bool:
    """Whether a door asks what is to be answered as it came, before it tells anything."""
    return isinstance(said, dict) and said.keys() == {"verification_code"}


def _read(body: str) -> Any:
    """JSON as it is, whatever else as a text."""
    try:
        return msgspec.json.decode(body)
    except msgspec.DecodeError:
        return body
