"""What is promised of one server besides speed: its memory, its start, and that of the command."""

import shutil
import statistics
import subprocess
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from bench.rows import MARKED_CONNECTIONS, MEGABYTE, Mark, Row
from bench.run import Step
from bench.server import BIN, faktura
from bench.servers import Servers

MOST_MEGABYTES = 200
LOADING_SECONDS = 1
MOST_SECONDS = 1.2


def memory_steps(servers: Servers) -> Iterator[Step]:
    yield Step("memory", "memory", partial(memory, servers))


def memory(servers: Servers) -> list[Row]:
    """After every operation was under load in this server, whether or not the run was interrupted before."""
    for operation in servers.scale.operations:
        servers.ours.shoot(operation, max(MARKED_CONNECTIONS), LOADING_SECONDS)
    server, contacts = servers.ours.server, f"with {servers.scale.contacts:,} contacts"
    return [
        Mark(f"memory {contacts}, after all loads", server.resident_bytes() / MEGABYTE, MOST_MEGABYTES, unit=" MB"),
        Mark(f"memory {contacts}, peak", server.peak_bytes() / MEGABYTE, MOST_MEGABYTES, unit=" MB"),
    ]


def start_steps(servers: Servers) -> Iterator[Step]:
    for name, prepare in {"with bytecode": _as_it_is, "without bytecode": _without_bytecode}.items():
        what = f"ready after `faktura serve`, {name}"
        yield Step(f"start-{name.partition(' ')[0]}", what, partial(start, servers, what, prepare))
    yield Step("help", "`faktura --help`", partial(help_of_command, servers))


def start(servers: Servers, what: str, prepare: Callable[[Path], Mapping[str, str]]) -> list[Row]:
    """From exec to the first good answer, the median of some starts."""
    seconds = []
    for _ in range(servers.scale.starts):
        with tempfile.TemporaryDirectory(dir=servers.place) as fresh:
            url, log = f"sqlite:///{servers.limit_file}", servers.place / "start.log"
            with faktura(url, log, more=prepare(Path(fresh))) as server:
                seconds.append(server.start_seconds)
    return [Mark(what, statistics.median(seconds), MOST_SECONDS, unit=" s")]


def _as_it_is(_fresh: Path) -> Mapping[str, str]:
    return {}


def _without_bytecode(fresh: Path) -> Mapping[str, str]:
    """Bytecode is looked for, and kept, in a folder that holds that of the standard library only."""
    library = Path(sysconfig.get_path("stdlib"))
    for file in library.rglob("__pycache__/*.pyc"):
        if "site-packages" not in file.parts:
            target = fresh / file.parent.parent.relative_to("/") / file.name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
    return {"PYTHONPYCACHEPREFIX": str(fresh)}


def help_of_command(servers: Servers) -> list[Row]:
    seconds = []
    for _ in range(servers.scale.starts):
        began = time.monotonic()
        subprocess.run([str(BIN / "faktura"), "--help"], check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.monotonic() - began)
    return [Mark("`faktura --help`", statistics.median(seconds), 0.3, unit=" s")]
