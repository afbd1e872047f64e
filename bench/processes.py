"""Processes of a run: started, waited for, measured through /proc, and stopped by their ids whatever happens."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PATIENCE = 60
"""Seconds that a server may take to start, and again to stop."""

_TICKS = os.sysconf("SC_CLK_TCK")


class Server(NamedTuple):
    """A started server; `start_seconds` went by from exec to the first good answer.

    `database` is the process of a server that works for it alone, 0 where there is none.
    """

    process: subprocess.Popen[bytes]
    port: int
    start_seconds: float
    database: int = 0

    def cpu_seconds(self) -> float:
        """User and system time of the whole tree of processes since it began, and of its database."""
        roots = [self.process.pid, *[self.database] * bool(self.database)]
        return sum(_cpu_seconds(pid) for root in roots for pid in tree(root))

    def resident_bytes(self) -> int:
        """What the tree holds in memory; pages that its processes share count once.

        Pss divides those of files by all programs of the machine that have them, such as the other servers of a run:
        here they count as if there were none, as many as the process has that has most.
        """
        pids = tree(self.process.pid)
        return sum(_size(pid, "smaps_rollup", "Pss_Anon") for pid in pids) + max(
            _size(pid, "status", "RssFile") for pid in pids
        )

    def peak_bytes(self) -> int:
        """The same together with what each process held once and gave back."""
        given_back = (_size(pid, "status", "VmHWM") - _size(pid, "status", "VmRSS") for pid in tree(self.process.pid))
        return self.resident_bytes() + sum(given_back)


@contextlib.contextmanager
def running(
    command: Sequence[str], port: int, ready_path: str, log: Path, environment: Mapping[str, str]
) -> Iterator[Server]:
    """Run a server until the block ends; it is ready when it answers 200 at `ready_path`.

    Raises:
        RuntimeError: it ended or did not answer in time; the end of its log is in the message.

    """
    began = time.monotonic()
    with log.open("wb") as output:
        # In a session of its own, Ctrl-C reaches the bench, which stops the server in its turn.
        process = subprocess.Popen(
            command, cwd=ROOT, env={**os.environ, **environment}, stdout=output, stderr=output, start_new_session=True
        )
    try:
        while not answers(port, ready_path):
            if process.poll() is not None or time.monotonic() - began > PATIENCE:
                raise RuntimeError(f"{' '.join(command)} did not start:\n{log.read_text()[-3000:]}")
            time.sleep(0.005)
        yield Server(process, port, time.monotonic() - began)
    finally:
        stop(process)


def answers(port: int, path: str) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the process and whatever it started, first politely."""
    members = tree(process.pid)
    process.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(PATIENCE)
    for pid in members:
        # Whoever is left of the session that was begun for this server is its orphan.
        with contextlib.suppress(ProcessLookupError):
            if os.getsid(pid) == process.pid:
                os.kill(pid, signal.SIGKILL)
    process.wait()


def end_left(folder: Path) -> None:
    """End the servers that a killed run left behind: nobody else works in its folders."""
    places = [os.fsencode(folder.resolve() / name) for name in ("run-", "postgres")]
    left = [pid for pid in _pids() if any(place in _spoken(pid) for place in places)]
    for signal_number in (signal.SIGINT, signal.SIGKILL):
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal_number)
        until = time.monotonic() + PATIENCE
        while any(_stat(pid) for pid in left) and time.monotonic() < until:
            time.sleep(0.05)


def _spoken(pid: int) -> bytes:
    """What a process was started with: its command line and its environment."""
    with contextlib.suppress(OSError):
        return b"".join(Path(f"/proc/{pid}/{name}").read_bytes() for name in ("cmdline", "environ"))
    return b""


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


def tree(root: int) -> list[int]:
    """The process and everything that descends from it."""
    children: dict[int, list[int]] = {}
    for pid in _pids():
        if fields := _stat(pid):
            children.setdefault(int(fields[1]), []).append(pid)
    found = [root]
    for pid in found:
        found += children.get(pid, [])
    return found


def _pids() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal()]


def _stat(pid: int) -> list[str]:
    """The fields after the name in brackets (proc(5)), none where the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _cpu_seconds(pid: int) -> float:
    """With that of its children that ended."""
    return sum(map(int, _stat(pid)[11:15])) / _TICKS


def cpu_nanoseconds(pid: int) -> int:
    """The same of a process with one thread, more exactly."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
    except (FileNotFoundError, ProcessLookupError):
        return 0


def _size(pid: int, file: str, name: str) -> int:
    """A size in bytes out of a file below /proc/PID; 0 where the process is gone."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
            if line.startswith(f"{name}:"):
                return int(line.split()[1]) * 1024
    return 0
