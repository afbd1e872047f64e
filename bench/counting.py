"""What it costs that requests are counted: the same warm read with and without rate limits, below all quotas."""

import contextlib
import time
from collections.abc import Iterator
from functools import partial

from bench.operations import one_paths
from bench.rows import Mark, Row
from bench.run import Step
from bench.server import MOUNT, Caller
from bench.servers import Servers
from bench.targets import Target

ADDRESSES = 30
OF_EACH = 150
"""An address may ask 200 times in a minute."""

SETTLING_SECONDS = 1


def steps(servers: Servers) -> Iterator[Step]:
    yield Step("counting", "rate limits counted", partial(counted, servers))


def counted(servers: Servers) -> list[Row]:
    targets = servers.small, servers.limited
    for target in targets:
        _ask(target, 1)
    time.sleep(SETTLING_SECONDS)
    free, limited = (_cpu_micros(target) for target in targets)
    return [
        Mark("one warm contact, rate limits off: CPU", free, unit=" µs"),
        Mark("one warm contact, rate limits counted: CPU", limited, unit=" µs"),
    ]


def _cpu_micros(target: Target) -> float:
    before = target.server.cpu_seconds()
    for number in range(2, ADDRESSES + 2):
        _ask(target, number)
    return (target.server.cpu_seconds() - before) / (ADDRESSES * OF_EACH) * 1e6


def _ask(target: Target, number: int) -> None:
    """As a client at an address of its own."""
    path = MOUNT + one_paths(target.contacts)[0]
    with contextlib.closing(Caller(target.server, target.headers, f"127.0.0.{number}")) as caller:
        caller.ask_each([path] * OF_EACH)
