"""A sandbox in a thread of the tests' own process, for runs that have no time for another one."""

import asyncio
import atexit
import functools
import os
import shutil
import tempfile
import threading
from pathlib import Path
from typing import Any

from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server

from faktura.assembly.sandbox import begun_worlds
from faktura.sandbox.beginning import Beginning
from faktura.sandbox.worlds.router import Router
from faktura.settings import read_settings
from faktura.testing.sandbox import HOST, Sandbox, free_port, wait_until_open


@functools.cache
def in_process() -> Sandbox:
    """One for the whole process, begun by the first who asks; it listens at a free port and ends with the process."""
    folder = Path(tempfile.mkdtemp(prefix="faktura-testing-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    own = {"public_url": "", "tls_cert": "", "tls_key": "", "proxies": 0}
    settings = read_settings(os.environ, host=HOST, port=free_port(), **own)
    worlds = begun_worlds(settings, folder, Beginning())
    threading.Thread(target=_serve, args=(Router(worlds), settings.port), name="sandbox", daemon=True).start()
    if not wait_until_open(settings.port, lambda: True):
        raise RuntimeError("The sandbox did not start")
    return Sandbox(worlds.main.manifest)


def _serve(application: Any, port: int) -> None:
    async def serve() -> None:
        server = Server(
            application,
            address=HOST,
            port=port,
            interface=Interfaces.ASGINL,
            http=HTTPModes.http1,
            websockets=False,
            log_enabled=False,
        )
        await server.serve()

    asyncio.run(serve())
