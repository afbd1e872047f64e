"""Which world a request is for: by its path, by the name of its host, or by whose credentials it brings."""

import asyncio
import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from faktura.core.books.office import Office
from faktura.dialects import Dialect, Head, installed
from faktura.sandbox.files import WORLDS
from faktura.sandbox.worlds.world import World
from faktura.sandbox.worlds.worlds import Worlds
from faktura.store.transaction import Transaction
from faktura.wire.switches import is_loopback

BELOW = f"/{WORLDS}/"
LOCALHOST = ".localhost"

MOST_KNOWN = 10_000
"""Secrets of which it is kept in mind whose they are."""

Scope = dict[str, Any]
Call = Callable[..., Any]


class Router:
    """The whole sandbox as one application.

    Clients whose host is written into them cannot say a path: their requests are for the world that gave out what they
    bring, and where none did, or several, for the first, which is the main one.
    """

    def __init__(self, worlds: Worlds) -> None:
        self._worlds = worlds
        self._dialects = {host: dialect for dialect in installed() for host in dialect.hosts}
        self._known: dict[tuple[str, str], str] = {}

    async def __call__(self, scope: Scope, receive: Call, send: Call) -> None:
        path: str = scope["path"]
        if path.startswith(BELOW):
            name, slash, rest = path.removeprefix(BELOW).partition("/")
            world = self._worlds.find(name)
            if world is None:
                await self._refuse(scope, send, name)
                return
            scope = scope | {"path": slash + rest or "/", "root_path": world.place.root}
        else:
            world = await self._by_host(scope)
            if world is None:
                await self._refuse(scope, send, _host(scope).removesuffix(LOCALHOST))
                return
        world.busy += 1
        try:
            await world.serve(scope, receive, send)
        finally:
            world.busy -= 1

    async def _by_host(self, scope: Scope) -> World | None:
        host = _host(scope)
        if host.endswith(LOCALHOST):
            return self._worlds.find(host.removesuffix(LOCALHOST))
        dialect = self._dialects.get(host)
        if dialect is None or self._worlds.are_alone:
            return self._worlds.main
        secret = dialect.secret_of(_head(scope))
        return await self._of_secret(dialect, secret) if secret else self._worlds.main

    async def _of_secret(self, dialect: Dialect, secret: str) -> World:
        """The world that gave it out; who is not known is asked for on a thread, since databases are."""
        key = dialect.name, secret
        world = self._worlds.find(self._known.get(key, ""))
        if world is not None:
            return world
        world = await asyncio.to_thread(self._look_for, dialect, secret)
        if world is None:
            return self._worlds.main
        if len(self._known) >= MOST_KNOWN:
            self._known.clear()
        self._known[key] = world.name
        return world

    def _look_for(self, dialect: Dialect, secret: str) -> World | None:
        for world in self._worlds.all():
            if world.service.database.read(partial(_gave_out, dialect, secret, world.service.clock.now())):
                return world
        return None

    async def _refuse(self, scope: Scope, send: Call, name: str) -> None:
        """Say that there is no such world; who sits at the machine is told which there are."""
        here = is_loopback((scope.get("client") or ("",))[0])
        sentence = self._worlds.unknown(name) if here else "There is no such world"
        body = msgspec.json.encode({"error": "not_found", "error_description": sentence})
        headers = [
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            (b"x-content-type-options", b"nosniff"),
            (b"cache-control", b"no-store"),
        ]
        await send({"type": "http.response.start", "status": 404, "headers": headers})
        await send({"type": "http.response.body", "body": body})


def _gave_out(dialect: Dialect, secret: str, now: dt.datetime, tx: Transaction) -> bool:
    return dialect.gave_out(Office(tx, now), secret)


def _host(scope: Scope) -> str:
    """The name in the Host header, without a port."""
    said = next((value for name, value in scope["headers"] if name == b"host"), b"").decode("latin-1")
    return said.partition(":")[0].lower()


def _head(scope: Scope) -> Head:
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Head(headers, dict(parse_qsl(scope["query_string"].decode("latin-1"))))
