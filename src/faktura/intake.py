"""Requests as they arrive: heads are checked and bodies read on the event loop, threads run what has arrived."""

import asyncio
import io
import itertools
import logging
import os
import sys
import time
from collections.abc import Awaitable, Callable, Iterable
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec

from faktura.logs import current
from faktura.store.turns import WouldWait, here
from faktura.threads import Threads
from faktura.wire.arrival import FIRST_BYTES, KEY, Arrival, Pause, ReadOn, WaitFor

log = logging.getLogger(__name__)

Environ = dict[str, Any]
WsgiApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

LIVES = "/healthz"
REQUEST_ID = "faktura.request_id"

MOST_IN_FLIGHT = 256 * 1024 * 1024
"""Bytes of bodies that all processes of a server hold together."""


class Patience(NamedTuple):
    """A body may take `grace` seconds and one more for each `least_rate` bytes that have come, at most `longest`."""

    grace: float = 10.0
    least_rate: int = 4096
    longest: float = 300.0


PATIENCE = Patience()

RETRY_AFTER = 5
"""Seconds."""


class Response(NamedTuple):
    """A whole answer; names and values of headers are bytes, as ASGI has them."""

    status: int
    headers: list[tuple[bytes, bytes]]
    body: bytes


class Refused(Exception):  # noqa: N818 (says what becomes of a request)
    """The request is not taken in; the connection is closed, since what follows on it cannot be trusted."""

    def __init__(self, status: int, code: str, sentence: str, retry_after: int | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code
        self.retry_after = retry_after


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
                    limit.reschedule(began + min(grace + (self.size - before) / least_rate, longest))
        except TimeoutError:
            raise Refused(408, "request_timeout", "The request body came too slowly") from None

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
        self.whole = not message.get("more_body", False)
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


class Luck:
    """Whether reads were lately answered without waiting: where they were not, only every 16th is tried."""

    def __init__(self) -> None:
        self._luck = 8
        self._asked = 0

    def holds(self) -> bool:
        self._asked += 1
        return self._luck > 0 or self._asked % 16 == 0

    def remember(self, *, good: bool) -> None:
        self._luck = min(self._luck + 4, 16) if good else max(self._luck - 1, 0)


class Intake:
    """The server's side of the application (ASGI): whatever waits for bytes or for a print waits here, not in a thread.

    Reads have threads of their own, so that they never stand behind writers that wait for their commit. Where
    `tries_on_loop`, a read that asks the database nothing is answered on the loop's own thread; one that would have to
    wait is run again on another.
    """

    def __init__(
        self,
        app: WsgiApplication,
        *,
        readers: int,
        writers: int,
        processes: int = 1,
        tries_on_loop: bool = False,
        patience: Patience = PATIENCE,
        log_requests: bool = False,
    ) -> None:
        self._app = app
        self._log_requests = log_requests
        self._patience = patience
        self.flight = Flight(MOST_IN_FLIGHT // processes)
        self._readers = Threads("read", readers, self._run)
        self._writers = Threads("write", writers, self._run)
        self._on_loop = Luck() if tries_on_loop else None
        self._prefix = os.urandom(6).hex()
        self._numbers = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.monotonic()
        request_id = f"{self._prefix}-{next(self._numbers):x}"
        status, headers, body = await self._answer(scope, receive, request_id)
        headers.append((b"x-request-id", request_id.encode()))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        if self._log_requests:
            spent = round((time.monotonic() - began) * 1000, 1)
            told = {"method": scope["method"], "path": scope["path"], "status": str(status), "milliseconds": spent}
            log.info("request", extra={**told, "request_id": request_id})

    async def _answer(self, scope: Scope, receive: Receive, request_id: str) -> Response:
        if scope["path"] == LIVES and scope["method"] in {"GET", "HEAD"}:
            return _json(200, {"status": "ok"})
        try:
            environ = environ_of(scope, request_id)
            if not ("HTTP_TRANSFER_ENCODING" in environ or environ.get("CONTENT_LENGTH", "0") != "0"):
                environ["wsgi.input"] = io.BytesIO()
                arrival = Arrival()
                if self._on_loop is not None and environ["REQUEST_METHOD"] == "GET" and self._on_loop.holds():
                    outcome = self._run_here({**environ, KEY: arrival})
                    self._on_loop.remember(good=outcome is not None)
                    if isinstance(outcome, Response):
                        return outcome
                return await self._through(environ, arrival, None)
            incoming = Incoming(receive, int(environ.get("CONTENT_LENGTH", 0)), self.flight, self._patience)
            try:
                await incoming.read(FIRST_BYTES)
                return await self._through(environ, Arrival(), incoming)
            finally:
                incoming.let_go()
        except Refused as refused:
            return _refusal(refused)

    async def _through(self, environ: Environ, arrival: Arrival, incoming: Incoming | None) -> Response:
        """Run the application until it answers; between two runs, whatever it paused for happens."""
        threads = self._readers if environ["REQUEST_METHOD"] in {"GET", "HEAD"} else self._writers
        while True:
            if incoming is not None:
                arrival.body, arrival.whole, arrival.cut = incoming.body(), incoming.whole, incoming.cut
                environ["wsgi.input"] = io.BytesIO(arrival.body)
            outcome = await threads.run({**environ, KEY: arrival})
            if isinstance(outcome, Response):
                return outcome
            if isinstance(outcome, WaitFor):
                await asyncio.wait([asyncio.wrap_future(outcome.future)], timeout=outcome.seconds)
                arrival.resume = outcome.resume
            elif isinstance(outcome, ReadOn) and incoming is not None and not incoming.whole:
                await incoming.read(outcome.most_bytes)

    def _run_here(self, environ: Environ) -> Response | Pause | None:
        """On the loop's thread: the application's answer, or None where it would have to wait."""
        here.must_not_wait = True
        try:
            return self._run(environ)
        except WouldWait:
            return None
        finally:
            here.must_not_wait = False
            current.request_id = None

    def _run(self, environ: Environ) -> Response | Pause:
        """The application's answer, or what it pauses for."""
        current.request_id = environ[REQUEST_ID]
        started: list[Any] = []

        def start_response(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
            started[:] = (status, headers)

        try:
            answer = self._app(environ, start_response)
            try:
                body = b"".join(answer)
            finally:
                if (close := getattr(answer, "close", None)) is not None:
                    close()
        except Pause as pause:
            return pause
        except Exception:
            log.exception("request failed")
            return _json(500, {"error": "internal_error", "error_description": "The server failed; it was logged"})
        status, headers = started
        return Response(int(status[:3]), [(_lowered(name), value.encode("latin-1")) for name, value in headers], body)


def environ_of(scope: Scope, request_id: str) -> Environ:
    """The WSGI environment of a head, without its body.

    A header whose name has an underscore is left out: it would pass for the one that has a hyphen there.

    Raises:
        Refused: not exactly one Host (RFC 9112, 3.2), or two lengths.

    """
    server, client = scope["server"], scope["client"]
    path: str = scope["path"]
    environ = {
        **_ALWAYS,
        "REQUEST_METHOD": scope["method"],
        "PATH_INFO": path if path.isascii() else path.encode().decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": server[0],
        "SERVER_PORT": server[1],
        "REMOTE_ADDR": client[0],
        "wsgi.url_scheme": scope["scheme"],
        REQUEST_ID: request_id,
    }
    for name, value in scope["headers"]:
        key = _variable(name)
        if key in environ:
            if key in _ONCE:
                raise Refused(400, "invalid_request", f"The header {name.decode('latin-1').title()} stands twice")
            environ[key] += ("; " if key == "HTTP_COOKIE" else ", ") + value.decode("latin-1")
        elif key:
            environ[key] = value.decode("latin-1")
    if not environ.get("HTTP_HOST") and scope["http_version"] == "1.1":  # the server fills in an empty one
        raise Refused(400, "invalid_request", "The header Host is missing")
    if "CONTENT_LENGTH" in environ and "HTTP_TRANSFER_ENCODING" in environ:
        raise Refused(400, "invalid_request", "The request has both Content-Length and Transfer-Encoding")
    return environ


_ALWAYS: Environ = {
    "SCRIPT_NAME": "",
    "wsgi.version": (1, 0),
    "wsgi.errors": sys.stderr,
    "wsgi.input_terminated": True,
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
}

_ONCE = {"HTTP_HOST", "CONTENT_LENGTH", "CONTENT_TYPE", "HTTP_AUTHORIZATION"}


@lru_cache(maxsize=512)
def _variable(header: bytes) -> str:
    """The name of a header in the environment, or nothing for one that is left out."""
    name = header.decode("latin-1").upper()
    if "_" in name:
        return ""
    name = name.replace("-", "_")
    return name if name in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{name}"


@lru_cache(maxsize=512)
def _lowered(header: str) -> bytes:
    return header.lower().encode("latin-1")


def _json(status: int, value: Any) -> Response:
    body = msgspec.json.encode(value)
    length = str(len(body)).encode()
    return Response(status, [(b"content-type", b"application/json"), (b"content-length", length)], body)


def _refusal(refused: Refused) -> Response:
    answer = _json(refused.status, {"error": refused.code, "error_description": str(refused)})
    answer.headers.append((b"connection", b"close"))
    if refused.retry_after is not None:
        answer.headers.append((b"retry-after", str(refused.retry_after).encode()))
    return answer
