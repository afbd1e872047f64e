"""A sandbox for tests: started by command, or one that runs already."""

import contextlib
import json
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from faktura.outside.sandbox import PATIENCE, control_of
from faktura.testing.world import Told, World

COMMAND = [sys.executable, "-c", "from faktura.commands.cli import main; main()", "sandbox"]
HOST = "127.0.0.1"
LAST_LINES = 3000


class Sandbox:
    """A sandbox that runs, as its sandbox.json describes it."""

    def __init__(self, told: Told) -> None:
        self.told = told
        self.base_url: str = told["base_url"]
        self.main = World(told)

    @contextlib.contextmanager
    def world(self, **wanted: Any) -> Iterator[World]:
        """A new world, removed at the end; `wanted` is what may be said about it: `seed`, `clock`, `empty`, `hours`.

        Raises:
            Refused: there is no such thing to be said, or there are too many worlds.

        """
        told = self.main.control.post("/worlds", wanted)
        ca_file = {"ca_file": self.main.ca_file} if self.main.ca_file else {}
        try:
            yield World({**ca_file, **told})
        finally:
            self.main.control.delete(f"/worlds/{told['name']}")


def attached(url: str, ca_file: str | None = None) -> Sandbox:
    """The sandbox that runs at the address.

    Raises:
        OSError: nobody answers there.
        Refused: there is no sandbox.

    """
    return Sandbox(control_of(url, ca_file).get("/sandbox.json"))


@contextlib.contextmanager
def started(*options: str) -> Iterator[Sandbox]:
    """Start `faktura sandbox` with these options at a free port, in a temporary folder; stop it at the end.

    Raises:
        RuntimeError: it ended instead; the end of what it said is in the message.

    """
    with tempfile.TemporaryDirectory(prefix="faktura-testing-") as folder, tempfile.TemporaryFile() as said:
        port = free_port()
        command = [*COMMAND, "--data", folder, "--host", HOST, "--port", str(port), *options]
        process = subprocess.Popen(  # noqa: S603 (our own command)
            command, stdin=subprocess.DEVNULL, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            if not wait_until_open(port, lambda: process.poll() is None):
                said.seek(0)
                raise RuntimeError("The sandbox did not start:\n" + said.read().decode()[-LAST_LINES:])
            yield Sandbox(json.loads((Path(folder) / "sandbox.json").read_bytes()))
        finally:
            process.terminate()
            process.wait(PATIENCE)


def wait_until_open(port: int, lives: Callable[[], bool]) -> bool:
    """Whether it takes requests, once it does or will not any more."""
    deadline = time.monotonic() + PATIENCE
    while lives() and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection((HOST, port), timeout=1):
            return True
        time.sleep(0.01)
    return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
