"""The registries' doubles at addresses of a sandbox: `/world/ares` and so on, for programs of this machine."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from faktura.sandbox.gate import end_connection
from faktura.sandbox.outside.registries import BELOW, Doubles, Reply
from faktura.wire.switches import why_not_from_here

MOST_BYTES = 64 * 1024
"""Of a question."""

MOST_DRIPS = 60
"""Bytes of an answer that drips: then the connection ends."""

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Server = Callable[[Scope, Receive, Send], Awaitable[None]]

ENVIRON = {b"host": "HTTP_HOST", b"origin": "HTTP_ORIGIN", b"sec-fetch-site": "HTTP_SEC_FETCH_SITE"}


class WorldOutside:
    """An ASGI application before another one; no thread waits for who is slow, no fault rule and no ledger sees it."""

    def __init__(self, server: Server, doubles: Doubles) -> None:
        self._server = server
        self._doubles = doubles

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith(BELOW):
            await self._server(scope, receive, send)
            return
        if why := why_not_from_here(_environ(scope)):
            await _tell(send, 403, "forbidden", f"A registry of the sandbox {why}")
            return
        body = await _heard(receive)
        reply = None if body is None else self._doubles.reply(scope["path"].removeprefix(BELOW), body)
        if reply is None:
            await _tell(send, 404, "not_found", "There is no such registry in the sandbox")
            return
        await asyncio.sleep(reply.pause)
        await _give(scope, send, reply)


async def _give(scope: Scope, send: Send, reply: Reply) -> None:
    if reply.answer is None:
        end_connection(scope)
        return
    status, body = reply.answer
    await _start(send, status, reply.content_type, len(body))
    for place in range(MOST_DRIPS) if reply.drip else ():
        await send({"type": "http.response.body", "body": body[place : place + 1], "more_body": True})
        await asyncio.sleep(reply.drip)
    if not reply.drip:
        await send({"type": "http.response.body", "body": body})


async def _tell(send: Send, status: int, error: str, description: str) -> None:
    body = msgspec.json.encode({"error": error, "error_description": description})
    await _start(send, status, "application/json", len(body))
    await send({"type": "http.response.body", "body": body})


async def _start(send: Send, status: int, content_type: str, length: int) -> None:
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(length).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _heard(receive: Receive) -> bytes | None:
    """The whole body, or None where it is longer than any question."""
    parts: list[bytes] = []
    while sum(map(len, parts)) <= MOST_BYTES:
        message = await receive()
        parts.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(parts)
    return None


def _environ(scope: Scope) -> dict[str, str]:
    """As much of a request as says where it comes from."""
    headers = {ENVIRON[name]: value.decode("latin-1") for name, value in scope["headers"] if name in ENVIRON}
    address = (scope.get("client") or ("",))[0]
    return {"REMOTE_ADDR": address, "wsgi.url_scheme": scope["scheme"], **headers}
