"""The gate of a world: every request comes in here, meets the fault rules, and is kept in the ledger."""

import asyncio
import contextlib
import logging
import os
import socket
import stat
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

import msgspec

from faktura.sandbox.control.faults import Fault, Faults, Rule, decisive
from faktura.sandbox.control.ledger import MOST_OF_BODY, Half, Ledger
from faktura.sandbox.control.paths import Doors

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Server = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

NOT_WATCHED = ("/sandbox", "/healthz")

FAULT = b"faktura-fault"

PATIENCE = 10.0
"""Seconds for a body that nobody needs but the ledger."""


class Said(NamedTuple):
    """A whole answer."""

    status: int
    headers: Headers
    body: bytes


class Gate:
    """An ASGI application around another one, for all but the control address; the rules wait in the event loop."""

    def __init__(self, server: Server, doors: Doors, faults: Faults, ledger: Ledger) -> None:
        self._server = server
        self._doors = doors
        self._faults = faults
        self._ledger = ledger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope["path"]
        if any(path == one or path.startswith(f"{one}/") for one in NOT_WATCHED):
            await self._server(scope, receive, send)
            return
        began = time.monotonic()
        headers = dict(scope["headers"])
        place = self._doors.place(headers.get(b"host", b"").decode("latin-1"), path)
        struck = self._faults.strike(scope["method"], place)
        heard = _Heard(receive)
        said = await self._answer(scope, heard, struck)
        fault = decisive(struck)
        # Kept before it is given, so that whoever has the answer finds it in the ledger.
        self._ledger.add(
            place=place,
            method=scope["method"],
            address=_address(scope, headers),
            request=Half.of(scope["headers"], heard.body, heard.size),
            answer=None if said is None else Half.of(said.headers, said.body[:MOST_OF_BODY], len(said.body)),
            status=None if said is None else said.status,
            milliseconds=(time.monotonic() - began) * 1000,
            faults=tuple(rule.id for rule in struck),
            result=_result(fault),
        )
        await _give(scope, send, said, fault)

    async def _answer(self, scope: Scope, heard: "_Heard", struck: list[Rule]) -> Said | None:
        """What is to be answered, or nothing where the connection ends before any work."""
        for rule in struck:
            if rule.terms.fault.latency_ms:
                await asyncio.sleep(rule.terms.fault.latency_ms / 1000)
        fault = decisive(struck)
        if fault is not None and (fault.cut == "before" or fault.status is not None):
            await heard.out()
            if fault.cut == "before":
                return None
            said = _made_up(fault)
        else:
            said = await _asked(self._server, scope, heard)
        if not struck:
            return said
        name = FAULT, ", ".join(str(rule.id) for rule in struck).encode()
        return Said(said.status, [*said.headers, name], said.body)


class _Heard:
    """A body on its way in; of what the server reads, as much as the ledger holds is kept."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._parts: list[bytes] = []
        self._more = True
        self.size = 0

    async def receive(self) -> Message:
        message = await self._receive()
        self._more = message["type"] == "http.request" and message["more_body"]
        if part := message.get("body", b""):
            if self.size < MOST_OF_BODY:
                self._parts.append(part[: MOST_OF_BODY - self.size])
            self.size += len(part)
        return message

    async def out(self) -> None:
        """Hear a body that nobody asks for."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while self._more and self.size <= MOST_OF_BODY:
                    await self.receive()

    @property
    def body(self) -> bytes:
        return b"".join(self._parts)


def _result(fault: Fault | None) -> str:
    if fault is None or fault.status is not None:
        return "answered"
    return "lost" if fault.lost else f"cut {fault.cut}"


def _made_up(fault: Fault) -> Said:
    assert fault.status is not None  # noqa: S101 (whoever asks has looked)
    given = fault.body
    if given is None:
        given = {"error": "fault", "error_description": "A fault rule of the sandbox answers this"}
    is_text = isinstance(given, str)
    body = given.encode() if is_text else msgspec.json.encode(given)
    bodiless = fault.status in {204, 304}
    headers = {"content-type": "text/plain; charset=utf-8" if is_text else "application/json"}
    headers |= {name.lower(): value for name, value in fault.headers.items()}
    if not bodiless:
        headers["content-length"] = str(len(body))
    return Said(
        fault.status, [(name.encode(), value.encode()) for name, value in headers.items()], b"" if bodiless else body
    )


async def _asked(server: Server, scope: Scope, heard: _Heard) -> Said:
    """What the server answers, whole."""
    start: Message = {}
    parts: list[bytes] = []

    async def hear(message: Message) -> None:
        if message["type"] == "http.response.start":
            start.update(message)
        else:
            parts.append(message.get("body", b""))

    await server(scope, heard.receive, hear)
    return Said(start["status"], list(start["headers"]), b"".join(parts))


async def _give(scope: Scope, send: Send, said: Said | None, fault: Fault | None) -> None:
    """Answer, or break off where the fault says; a server that gets less than it announced ends the connection."""
    if said is None or (fault is not None and fault.lost):
        end_connection(scope)
        return
    await send({"type": "http.response.start", "status": said.status, "headers": said.headers})
    if fault is None or fault.cut is None:
        await send({"type": "http.response.body", "body": said.body})
        return
    part = b"" if fault.cut == "headers" else said.body[: len(said.body) // 2]
    await send({"type": "http.response.body", "body": part, "more_body": True})


def end_connection(scope: Scope) -> None:
    """Shut down the connection that a request came by, before a byte of an answer was written to it.

    No server of ASGI offers that: among the sockets of this process, it is the one that leads to the client.
    """
    ends = _end(scope["server"]), _end(scope["client"])
    for file in Path("/dev/fd").iterdir():
        with contextlib.suppress(OSError):
            number = int(file.name)
            if not stat.S_ISSOCK(os.fstat(number).st_mode):
                continue
            with socket.socket(fileno=os.dup(number)) as line:
                if line.family != socket.AF_UNIX and (_end(line.getsockname()), _end(line.getpeername())) == ends:
                    line.shutdown(socket.SHUT_RDWR)
                    return
    log.warning("the connection of a request was not found, so it was not cut")


def _end(address: Any) -> tuple[str, int]:
    return address[0], int(address[1])


def _address(scope: Scope, headers: dict[bytes, bytes]) -> str:
    """The address that was asked; the path is spelled as addresses are."""
    host, query = headers.get(b"host", b"").decode("latin-1"), scope["query_string"].decode("latin-1")
    path = quote(scope.get("root_path", "") + scope["path"], safe="/:@!$&'()*+,;=~")
    return f"{scope['scheme']}://{host}{path}{'?' if query else ''}{query}"
