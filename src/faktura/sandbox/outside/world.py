"""The doubles at addresses of a sandbox: `/world/ares` and so on, `/world/ksef`, for programs of this machine."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import parse_qs

import msgspec

from faktura.sandbox.gate import end_connection
from faktura.sandbox.outside.ksef.asked import KsefWhenAsked
from faktura.sandbox.outside.ksef.calls import Call
from faktura.sandbox.outside.registries import BELOW, Doubles, Reply
from faktura.wire.switches import why_not_from_here

KSEF = f"{BELOW}ksef/"

MOST_BYTES = 64 * 1024
"""Of a question."""

MOST_OF_KSEF = 8 * 1024 * 1024
MOST_OF_PART = 64 * 1024 * 1024
"""Of an invoice on its way to KSeF, in base64; of a part of a package."""

PARTS = "/storage/"

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

    def __init__(self, server: Server, doubles: Doubles, ksef: KsefWhenAsked) -> None:
        self._server = server
        self._doubles = doubles
        self._ksef = ksef

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if not scope["path"].startswith(BELOW):
            await self._server(scope, receive, send)
            return
        if why := why_not_from_here(_environ(scope)):
            await _tell(send, 403, "forbidden", f"A registry of the sandbox {why}")
            return
        if scope["path"].startswith(KSEF):
            await self._ask_ksef(scope, receive, send)
            return
        body = await _heard(receive, MOST_BYTES)
        reply = None if body is None else self._doubles.reply(scope["path"].removeprefix(BELOW), body)
        if reply is None:
            await _tell(send, 404, "not_found", "There is no such registry in the sandbox")
            return
        await asyncio.sleep(reply.pause)
        await _give(scope, send, reply)

    async def _ask_ksef(self, scope: Scope, receive: Receive, send: Send) -> None:
        """On a thread of its own: signatures and schemas take their time."""
        path = scope["path"].removeprefix(KSEF.rstrip("/"))
        body = await _heard(receive, MOST_OF_PART if path.startswith(PARTS) else MOST_OF_KSEF)
        if body is None:
            await _tell(send, 413, "too_large", "No invoice and no part of a package is as long as that")
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        query = parse_qs(scope["query_string"].decode("latin-1"))
        address = (scope.get("client") or ("",))[0]
        reply = await asyncio.to_thread(self._ksef.reply, Call(scope["method"], path, query, headers, body, address))
        await asyncio.sleep(reply.pause)
        if reply.answer is None:
            end_connection(scope)
            return
        status, body, content_type, more = reply.answer
        await _start(send, status, content_type, len(body), more)
        await send({"type": "http.response.body", "body": body})


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


async def _start(send: Send, status: int, content_type: str, length: int, more: Iterable[tuple[str, str]] = ()) -> None:
    headers = [
        *([(b"content-type", content_type.encode())] if content_type else []),
        *((name.lower().encode(), value.encode()) for name, value in more),
        (b"content-length", str(length).encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers})


async def _heard(receive: Receive, most: int) -> bytes | None:
    """The whole body, or None where it is longer than that."""
    parts: list[bytes] = []
    length = 0
    while length <= most:
        message = await receive()
        parts.append(message.get("body", b""))
        length += len(parts[-1])
        if length <= most and not message.get("more_body"):
            return b"".join(parts)
    return None


def _environ(scope: Scope) -> dict[str, str]:
    """As much of a request as says where it comes from."""
    headers = {ENVIRON[name]: value.decode("latin-1") for name, value in scope["headers"] if name in ENVIRON}
    address = (scope.get("client") or ("",))[0]
    return {"REMOTE_ADDR": address, "wsgi.url_scheme": scope["scheme"], **headers}
