"""What is promised of one server besides speed: its memory, its start, and that of the command."""

import statistics
import subprocess
import time
from collections.abc import Iterator
from functools import partial

from bench.rows import MARKED_CONNECTIONS, MEGABYTE, Mark, Row
from bench.run import Step
from bench.server import BIN, faktura
from bench.servers import Servers

MOST_MEGABYTES = 200
LOADING_SECONDS = 1


def memory_steps(servers: Servers) -> Iterator[Step]:
    yield Step("memory", "memory", partial(memory, servers))


def memory(servers: Servers) -> list[Row]:
    """After every operation was under load in this server, whether or not the run was interrupted before."""
    for operation in servers.scale.operations:
        servers.ours.warm_up(operation)
        servers.ours.shoot(operation, max(MARKED_CONNECTIONS), LOADING_SECONDS)
    server, contacts = servers.ours.server, f"with {servers.scale.contacts:,} contacts"
    return [
        Mark(f"memory {contacts}, after all loads", server.resident_bytes() / MEGABYTE, MOST_MEGABYTES, unit=" MB"),
        Mark(f"memory {contacts}, peak", server.peak_bytes() / MEGABYTE, MOST_MEGABYTES, unit=" MB"),
    ]


def start_steps(servers: Servers) -> Iterator[Step]:
    yield Step("start", "start", partial(start, servers))
    yield Step("help", "faktura --help", partial(help_of_command, servers))


def start(servers: Servers) -> list[Row]:
    """From exec to the first good answer, the median of some starts."""
    seconds = []
    for _ in range(servers.scale.starts):
        with faktura(f"sqlite:///{servers.limit_file}", servers.place / "start.log") as server:
            seconds.append(server.start_seconds)
    return [Mark("ready after `faktura serve`", statistics.median(seconds), 1.2, unit=" s")]


def help_of_command(servers: Servers) -> list[Row]:
    seconds = []
    for _ in range(servers.scale.starts):
        began = time.monotonic()
        subprocess.run([str(BIN / "faktura"), "--help"], check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.monotonic() - began)
    return [Mark("`faktura --help`", statistics.median(seconds), 0.3, unit=" s")]
