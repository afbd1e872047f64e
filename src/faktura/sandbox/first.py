"""What a world does before its first request is answered, and no start waits for."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

log = logging.getLogger(__name__)

Scope = dict[str, Any]
Server = Callable[[Scope, Callable[..., Any], Callable[..., Any]], Awaitable[None]]

NOT_WAITING = "/healthz"


class AtFirst:
    """An ASGI application before another one: whoever comes first has it done, and whoever comes meanwhile waits."""

    def __init__(self, server: Server, do: Callable[[], None]) -> None:
        self._server = server
        self._do = do
        self._doing: asyncio.Lock | None = None
        self._is_done = False

    async def __call__(self, scope: Scope, receive: Callable[..., Any], send: Callable[..., Any]) -> None:
        if not self._is_done and scope["path"] != NOT_WAITING:
            await self._do_once()
        await self._server(scope, receive, send)

    async def _do_once(self) -> None:
        self._doing = self._doing or asyncio.Lock()
        async with self._doing:
            if self._is_done:
                return
            try:
                await asyncio.to_thread(self._do)
            except Exception:
                log.exception("a world is not all that it was to be")
            self._is_done = True
