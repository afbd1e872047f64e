"""The server's side of the application: ASGI outside, WSGI inside."""

import asyncio
import io
import itertools
import logging
import os
import time
from collections.abc import Awaitable, Callable, Hashable, Iterable
from functools import partial
from typing import Any

from faktura.intake.bodies import MOST_IN_FLIGHT, PATIENCE, Flight, Incoming, Message, Patience, Receive
from faktura.intake.heads import REQUEST_ID, Environ, Scope, brings_body, environ_of, turn_of
from faktura.intake.repeats import Quick
from faktura.intake.responses import LIVES, Refused, Response, encoded, failed, refusal
from faktura.intake.threads import Threads, Visits
from faktura.logs import current, loggable_path
from faktura.store.group_commit import GroupCommit
from faktura.store.turns import WouldWait
from faktura.wire.arrival import FIRST_BYTES, KEY, Arrival, GoOn, Pause, ReadOn, WaitFor

log = logging.getLogger(__name__)

WsgiApplication = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
Send = Callable[[Message], Awaitable[None]]

HEALTH = "/healthz"


class Intake:
    """Whatever waits for bytes or for a print waits here, not in a thread.

    Reads have threads of their own, so that they never stand behind writers that wait for their commit; who asks for
    much stands behind whoever asks for little (`turn_of`). Several intakes may share their threads. A read that asks
    the database nothing is answered on the loop's own thread. Where there is one `writer`, it runs short writes itself
    (decision 25).
    """

    def __init__(
        self,
        app: WsgiApplication,
        *,
        readers: Threads,
        writers: Threads,
        processes: int = 1,
        writer: GroupCommit | None = None,
        patience: Patience = PATIENCE,
        log_requests: bool = False,
    ) -> None:
        self._app = app
        self._log_requests = log_requests
        self._patience = patience
        self.flight = Flight(MOST_IN_FLIGHT // processes)
        self._readers = readers
        self._writers = writers
        self._visits = None if writer is None else Visits(writer, self._run)
        self._quick = Quick(self._run)
        self._prefix = os.urandom(6).hex()
        self._numbers = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.monotonic()
        request_id = f"{self._prefix}-{next(self._numbers):x}"
        quick = self._quick if scope["method"] == "GET" else None
        kept = None if quick is None else quick.find(scope)
        status, headers, body = kept or await self._answer(scope, receive, request_id, quick)
        headers = [*headers, (b"x-request-id", request_id.encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        if self._log_requests:
            spent = round((time.monotonic() - began) * 1000, 1)
            told = {
                "method": scope["method"],
                "path": loggable_path(scope["path"]),
                "status": str(status),
                "milliseconds": spent,
            }
            log.info("request", extra={**told, "request_id": request_id})

    async def _answer(self, scope: Scope, receive: Receive, request_id: str, quick: Quick | None) -> Response:
        if scope["path"] == HEALTH and scope["method"] in {"GET", "HEAD"}:
            return LIVES
        arrival = Arrival()
        try:
            environ = environ_of(scope, request_id)
            if brings_body(environ):
                return await self._with_body(scope, environ, arrival, receive)
            environ["wsgi.input"] = io.BytesIO()
            outcome = None if quick is None else quick.attempt(scope, environ, arrival)
            if not isinstance(outcome, Response):
                return await self._through(scope, environ, arrival, None)
            arrival.end(outcome.status)
        except Refused as refused:
            return refusal(refused)
        else:
            return outcome
        finally:
            arrival.let_go()

    async def _with_body(self, scope: Scope, environ: Environ, arrival: Arrival, receive: Receive) -> Response:
        incoming = Incoming(receive, int(environ.get("CONTENT_LENGTH", 0)), self.flight, self._patience)
        try:
            await incoming.read(FIRST_BYTES)
            return await self._through(scope, environ, arrival, incoming)
        finally:
            incoming.let_go()

    async def _through(self, scope: Scope, environ: Environ, arrival: Arrival, incoming: Incoming | None) -> Response:
        """Run the application on threads until it answers; between two runs, whatever it paused for happens."""
        reads = environ["REQUEST_METHOD"] in {"GET", "HEAD"}
        threads = self._readers if reads else self._writers
        visits = None if reads or (incoming is not None and incoming.is_long) else self._visits
        turn = turn_of(scope)
        while True:
            if incoming is not None:
                arrival.body, arrival.whole, arrival.cut = incoming.body(), incoming.whole, incoming.cut
                environ["wsgi.input"] = io.BytesIO(arrival.body)
            job = {**environ, KEY: arrival}
            run = partial(self._run, job)
            outcome = await (threads.run(run, turn) if visits is None else _visit(visits, job, turn))
            visits = None
            if isinstance(outcome, Response):
                arrival.end(outcome.status)
                return outcome
            if isinstance(outcome, WaitFor):
                await asyncio.wait([asyncio.wrap_future(outcome.future)], timeout=outcome.seconds)
                arrival.resume = outcome.resume
            elif isinstance(outcome, GoOn):
                arrival.resume = outcome.resume
            elif isinstance(outcome, ReadOn) and incoming is not None:
                await incoming.read(outcome.most_bytes)

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
            return failed()
        finally:
            current.request_id = None
        status, headers = started
        return Response(int(status[:3]), encoded(headers), body)


async def _visit(visits: Visits[Environ, Response | Pause], job: Environ, turn: Hashable) -> Response | Pause | None:
    """What the writer gives, or None where it would have to wait; a fault is for the application to answer."""
    try:
        return await visits.run(job, turn)
    except WouldWait:
        return None
    except Exception as error:  # noqa: BLE001 (raised where it is answered)
        return GoOn(partial(_raise, error))


def _raise(error: Exception) -> None:
    raise error
