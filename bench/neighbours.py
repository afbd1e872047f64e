"""How long one client of a small account waits while another account is loaded."""

import contextlib
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from bench.operations import subjects
from bench.rows import Mark, Row
from bench.run import Step
from bench.server import MOUNT, Caller
from bench.servers import Servers
from bench.sizes import slug_of

SMALL = 60
LOADING = 64
BESIDE = ("list", "search", "issue")


def steps(servers: Servers) -> Iterator[Step]:
    for key in ("", *BESIDE):
        name = f"one client of a small account, {_beside(servers, key)}"
        yield Step(f"neighbour-{key or 'alone'}", name, partial(heard, servers, key, name))


def _beside(servers: Servers, key: str) -> str:
    names = {operation.key: operation.name for operation in servers.scale.operations}
    return f"beside {LOADING} of the largest: {names.get(key, key)}" if key else "alone"


def heard(servers: Servers, key: str, name: str) -> list[Row]:
    """It reads its list and adds a contact in turn; what others do is loaded before it begins."""
    with ThreadPoolExecutor(1) as pool:
        seconds = 2 * servers.scale.seconds
        if key:
            [operation] = [operation for operation in servers.scale.operations if operation.key == key]
            pool.submit(servers.ours.shoot, operation.in_largest, LOADING, seconds + 2)
            time.sleep(1)
        waits = sorted(_waits(servers, seconds))
    p99 = waits[len(waits) * 99 // 100] * 1000
    return [Mark(f"{name}: p99 of {len(waits):,}", p99, unit=" ms")]


def _waits(servers: Servers, seconds: int) -> Iterator[float]:
    path = f"{MOUNT}{subjects(SMALL)}.json"
    until = time.monotonic() + seconds
    with contextlib.closing(Caller(servers.ours.server, servers.ours.headers)) as caller:
        while (began := time.monotonic()) < until:
            caller.ask("GET", path)
            read = time.monotonic()
            yield read - began
            caller.ask("POST", path, f'{{"name": "Soused {slug_of(SMALL)}"}}')
            yield time.monotonic() - read
