"""The servers of a run: faktura as its users start it, the bare function on the same server, the opponent."""

import contextlib
import http.client
import secrets
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType

import msgspec

from bench.processes import Server, free_port, running
from faktura.settings import Settings

MOUNT = "/fakturoid/api/v3"
SECOND_MOUNT = "/infakt/v3"
BIN = Path(sys.executable).parent
SERVE = [str(BIN / "faktura"), "serve"]
THREADS = Settings().threads
OUT_OF_REACH = 1_000_000_000

NOWHERE = "http://127.0.0.1:9"
"""Where registries are: each contact that is made leaves a job to ask them, as users have it, which reaches nobody."""


@contextlib.contextmanager
def faktura(
    database_url: str,
    log: Path,
    processes: int = 1,
    *,
    is_limited: bool = False,
    more: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[Server]:
    """As its users start it; without rate limits, or with that of an account out of reach; nobody outside is asked."""
    port = free_port()
    environment = {
        "FAKTURA_DATABASE_URL": database_url,
        "FAKTURA_PORT": str(port),
        "FAKTURA_PROCESSES": str(processes),
        "FAKTURA_RATE_LIMITS": str(is_limited).lower(),
        "FAKTURA_ACCOUNT_REQUESTS": str(OUT_OF_REACH),
        "FAKTURA_SECRET_KEY": secrets.token_hex(32),
        **dict.fromkeys((f"FAKTURA_{bank}_URL" for bank in ("CNB", "NBP", "ECB")), "off"),
        **dict.fromkeys((f"FAKTURA_{name}_URL" for name in ("ARES", "CRPDPH", "VIES", "WHITE_LIST")), NOWHERE),
        **more,
    }
    with running(SERVE, port, "/healthz", log, environment) as server:
        yield server


@contextlib.contextmanager
def bare(constants: Mapping[str, tuple[str, int]], file: Path) -> Iterator[Server]:
    """By path the status line and the length of what it answers, which the file tells it."""
    port = free_port()
    file.write_bytes(msgspec.json.encode(constants))
    environment = {"FAKTURA_PORT": str(port), "BENCH_CONSTANTS": str(file)}
    with running(
        [sys.executable, "-m", "bench.bare"], port, "/healthz", file.with_suffix(".log"), environment
    ) as server:
        yield server


@contextlib.contextmanager
def fastapi_orm(file: Path, log: Path) -> Iterator[Server]:
    port = free_port()
    command = [str(BIN / "uvicorn"), "--host", "127.0.0.1", "--port", str(port), "--no-access-log"]
    command += ["--log-level", "warning", "bench.opponents.fastapi_invoices:app"]
    with running(command, port, "/healthz", log, {"OPPONENT_FILE": str(file)}) as server:
        yield server


class Caller:
    """Single requests, to learn what answers look like and to warm a server up."""

    def __init__(self, server: Server, headers: Mapping[str, str], address: str = "127.0.0.1") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60, source_address=(address, 0))
        self._headers = {**headers, "User-Agent": "bench", "Accept": "application/json"}

    def ask(self, method: str, path: str, body: str = "") -> tuple[str, bytes]:
        """Status line and body of a good answer.

        Raises:
            RuntimeError: the answer is another one.

        """
        headers = self._headers | ({"Content-Type": "application/json"} if body else {})
        self._connection.request(method, path, body.encode() or None, headers)
        answer = self._connection.getresponse()
        content = answer.read()
        if answer.status not in {http.HTTPStatus.OK, http.HTTPStatus.CREATED}:
            raise RuntimeError(f"{method} {path} was answered with {answer.status}: {content[:500]!r}")
        return f"{answer.status} {answer.reason}", content

    def ask_each(self, paths: list[str]) -> int:
        """Ask for each path once; how many there are."""
        for path in paths:
            self.ask("GET", path)
        return len(paths)

    def close(self) -> None:
        self._connection.close()
