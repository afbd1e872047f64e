"""The real program as its users start it: on a free port, in a process group of its own, stopped whatever happens."""

import atexit
import contextlib
import functools
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from tests.forked import Forker

PROGRAM = Path(sys.executable).parent / "faktura"
PATIENCE = 60
"""Seconds that a start or a stop may take on a machine that has other things to do."""


NOTHING: Mapping[str, str] = {}

NOBODY_OUTSIDE = {
    f"FAKTURA_{name}_URL": "off"
    for name in ("CNB", "NBP", "ECB", "ARES", "CRPDPH", "VIES", "WHITE_LIST", "GUS", "KSEF")
}


class Answer(NamedTuple):
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Server(NamedTuple):
    """A started server; what it wrote to standard output and standard error is in the two files."""

    process: subprocess.Popen[bytes]
    host: str
    port: int
    output: Path
    log: Path

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    @property
    def children(self) -> list[int]:
        """The processes that it started and that live."""
        return [
            int(pid) for pid in Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        ]

    @property
    def printing(self) -> list[int]:
        """The processes that print for those that serve."""
        return printing_below(self.children)

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None, *, raw: bytes = b""
    ) -> Answer:
        """`raw` is a body as it stands."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=PATIENCE)
        try:
            sent = raw if body is None else json.dumps(body).encode()
            said = {"User-Agent": "tests"} | ({} if body is None else {"Content-Type": "application/json"})
            connection.request(method, path, sent or None, {**said, **(headers or {})})
            answer = connection.getresponse()
            return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())
        finally:
            connection.close()

    def kill(self) -> None:
        """Kill only the process itself, as the kernel does where memory runs out; return when nobody listens."""
        self.process.kill()
        self.process.wait(PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while is_open(self.host, self.port):
            assert time.monotonic() < deadline, "the killed server left a process behind that listens"
            time.sleep(0.005)

    def stop(self, number: signal.Signals = signal.SIGTERM) -> int:
        """The exit code of a graceful stop."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def printing_below(parents: Collection[int]) -> list[int]:
    """Printing processes of these.

    Each process is asked for its parent: the list of a thread's children leaves some out while others end.
    """
    found: list[int] = []
    for folder in Path("/proc").glob("[0-9]*"):
        # Processes end meanwhile.
        with contextlib.suppress(OSError):
            parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            if parent in parents and b"printing_process" in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
    return found


def environment(settings: Mapping[str, str] = NOTHING) -> dict[str, str]:
    """What the tests run in, with no setting of faktura but those given; no bank is asked."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("FAKTURA_")}
    return {**inherited, "PYTHONWARNINGS": "default", **NOBODY_OUTSIDE, **settings}


def run(
    *arguments: str, typed: str = "", settings: Mapping[str, str] = NOTHING, by_itself: bool = False
) -> subprocess.CompletedProcess[str]:
    """A command that ends by itself, with `typed` as its standard input."""
    with tempfile.TemporaryFile() as typing, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as log:
        typing.write(typed.encode())
        typing.seek(0)
        process = begin(arguments, settings, (typing, output, log), by_itself=by_itself)
        try:
            process.wait(PATIENCE)
        finally:
            end(process)
        output.seek(0)
        log.seek(0)
        return subprocess.CompletedProcess(
            process.args, process.returncode, output.read().decode(), log.read().decode()
        )


def begin(
    arguments: Sequence[str],
    settings: Mapping[str, str],
    streams: tuple[BinaryIO, BinaryIO, BinaryIO],
    *,
    by_itself: bool = False,
) -> subprocess.Popen[bytes]:
    """Begin the program with these standard streams, in a process group of its own.

    It is forked from a process that has imported it, unless it shall be started `by_itself` or is given settings of
    Python's.
    """
    command = [str(PROGRAM), *arguments]
    if by_itself or not all(name.startswith("FAKTURA_") for name in settings):
        stdin, stdout, stderr = streams
        return subprocess.Popen(
            command, env=environment(settings), stdin=stdin, stdout=stdout, stderr=stderr, start_new_session=True
        )
    return forker().begin(command, environment(settings), streams)


@functools.cache
def forker() -> Forker:
    started = Forker(environment())
    atexit.register(started.close)
    return started


@contextlib.contextmanager
def running(
    folder: Path,
    *arguments: str,
    host: str = "127.0.0.1",
    port: int = 0,
    settings: Mapping[str, str] = NOTHING,
    by_itself: bool = False,
) -> Iterator[Server]:
    """Start `faktura` with these arguments and a port; yield when it takes requests.

    Raises:
        RuntimeError: it ended instead; the end of its log is in the message.

    """
    server = start(folder, *arguments, host=host, port=port, settings=settings, by_itself=by_itself)
    try:
        wait_until_open(server)
        yield server
    finally:
        end(server.process)


def start(
    folder: Path,
    *arguments: str,
    host: str = "127.0.0.1",
    port: int = 0,
    settings: Mapping[str, str] = NOTHING,
    by_itself: bool = False,
) -> Server:
    port = port or free_port(host)
    output, log = folder / "output", folder / "log"
    where = ("--host", host, "--port", str(port))
    with Path(os.devnull).open("rb") as nothing, output.open("ab") as out, log.open("ab") as err:
        process = begin((*arguments, *where), settings, (nothing, out, err), by_itself=by_itself)
    return Server(process, host, port, output, log)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def wait_until_open(server: Server) -> None:
    deadline = time.monotonic() + PATIENCE
    while server.process.poll() is None and time.monotonic() < deadline:
        if is_open(server.host, server.port):
            return
        time.sleep(0.01)
    raise RuntimeError("the server did not start:\n" + server.log.read_text()[-3000:])


def is_open(host: str, port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection((host, port), timeout=1):
        return True
    return False


def end(process: subprocess.Popen[bytes]) -> None:
    """Stop the whole process group, whatever is left of it."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
