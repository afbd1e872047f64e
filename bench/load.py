"""Load: wrk against a server on this machine, bounded in connections and in time."""

import itertools
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import msgspec

from bench.processes import Server

SCRIPT = Path(__file__).with_name("requests.lua")
LONGEST_WAIT = 20
NUMBERS_APART = 10_000_000

_reached: dict[Path, int] = {}
"""By file, how many of its requests were sent: whoever goes on there asks for what was not asked before."""

_numbers = itertools.count(NUMBERS_APART, NUMBERS_APART)


class Load(msgspec.Struct):
    """What wrk saw, in seconds; whatever is no 2xx or 3xx, or no answer at all, was refused."""

    requests: int
    seconds: float
    p50: float
    p99: float
    longest: float
    refused: int

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


class Shot(NamedTuple):
    """One load on one server; CPU seconds are those of the server's processes."""

    load: Load
    cpu_seconds: float

    @property
    def cpu_micros(self) -> float:
        """CPU µs per request."""
        return self.cpu_seconds / max(self.load.requests, 1) * 1e6


def check_wrk() -> None:
    """Do nothing where wrk is installed.

    Raises:
        SystemExit: it is not; says how to get it.

    """
    if shutil.which("wrk") is None:
        raise SystemExit("The bench needs wrk; on Debian: apt-get install wrk")


def write_requests(file: Path, method: str, body: str, paths: Sequence[str]) -> Path:
    file.write_text("\n".join([method, body, *paths]) + "\n")
    return file


def have_sent(requests: Path, count: int) -> None:
    """The next load begins after so many more requests of the file."""
    _reached[requests] = _reached.get(requests, 0) + count


def shoot(server: Server, requests: Path, headers: Mapping[str, str], connections: int, seconds: int) -> Shot:
    """Send the requests of the file in turn, for so many seconds, on from where the last load on it ended."""
    spoken = {**headers, "User-Agent": "bench (bench@bench.example)", "Accept": "application/json"}
    command = [
        *("wrk", "--threads", "1", "--connections", str(connections), "--duration", f"{seconds}s"),
        *("--timeout", f"{LONGEST_WAIT}s", "--latency", "--script", str(SCRIPT)),
        *(word for name, value in spoken.items() for word in ("--header", f"{name}: {value}")),
        *(f"http://127.0.0.1:{server.port}/", "--", str(requests), str(next(_numbers))),
        str(_reached.get(requests, 0)),
    ]
    before = server.cpu_seconds()
    ended = subprocess.run(command, capture_output=True, text=True, check=False, timeout=seconds + 4 * LONGEST_WAIT)
    if ended.returncode:
        raise RuntimeError(f"wrk failed:\n{ended.stdout}{ended.stderr}")
    load = msgspec.json.decode(ended.stdout.rstrip().rpartition("\n")[2], type=Load)
    have_sent(requests, load.requests + connections)
    return Shot(load, server.cpu_seconds() - before)
