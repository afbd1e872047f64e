"""A run of the bench loses nothing: what was measured is kept, whoever dies."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from bench.__main__ import PARTS, measure, narrowed, text_of
from bench.contest import measured
from bench.kept import Head, Kept, Step
from bench.operations import OPERATIONS
from bench.processes import Server, free_port
from bench.report import measurements
from bench.rows import Failed, Mark, Measured, Row
from bench.run import Step as Work
from bench.run import take
from bench.scale import FULL, QUICK, Scale
from bench.servers import Servers
from bench.targets import Opponent
from faktura.core.clock import Clock
from tests import needs

WRITING = tuple(operation for operation in OPERATIONS if operation.key in {"create", "issue"})
TINY = Scale(
    "tiny",
    contacts=500,
    small=500,
    seconds=1,
    rounds=1,
    connections=(4,),
    operations=WRITING,
    printing=(),
    parts=("contest", "writers"),
)
RUN = "import pathlib, sys; from bench.__main__ import measure; from tests.test_bench_run import TINY; "
RUN += "measure(TINY, pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]))"
SILENT = "import socket, sys, time; s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); time.sleep(600)"
PATIENCE = 120

whole = pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench")


def opened(file: Path, commit: str = "abc") -> Kept:
    return Kept(file, Head("tiny", commit, Clock().now()))


def test_a_run_goes_on_where_the_same_code_was_interrupted(tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    first = opened(file)
    assert not first.go_on(["a", "b"])
    first.add(Step("a", [Mark("start", 1.0, 1.2)]))
    with file.open("ab") as torn:
        torn.write(b'{"key":"b","ro')
    again = opened(file)
    assert again.go_on(["a", "b"])
    assert (again.rows, again.head) == (first.rows, first.head)
    assert (again.has("a"), again.has("b")) == (True, False)
    again.add(Step("b", []))
    assert not opened(file).go_on(["a", "b"]), "a run that is whole is not gone on with"


def test_a_run_of_other_code_begins_again(tmp_path: Path) -> None:
    file = tmp_path / "run.jsonl"
    opened(file).begin()
    opened(file).add(Step("a", []))
    assert not opened(file, "abd").go_on(["a", "b"])
    assert file.read_bytes().count(b"\n") == 1


def test_what_fails_is_a_row_and_is_measured_again_by_the_next_run(tmp_path: Path) -> None:
    kept, mended = opened(tmp_path / "run.jsonl"), [0]
    seen: list[Row] = []

    def fail() -> list[Row]:
        raise OSError("first line\nthe last line")

    kept.begin()
    steps = [Work("a", "the first", fail), Work("b", "the second", lambda: [Mark("second", 1.0)])]
    take(steps, kept, seen.extend, lambda: mended.append(1))
    assert kept.rows == seen == [Failed("the first", "OSError: the last line"), Mark("second", 1.0)]
    assert mended == [0, 1]
    again = opened(tmp_path / "run.jsonl")
    assert again.go_on(["a", "b"])
    assert (again.has("a"), again.has("b")) == (False, True)


def test_some_operations_or_some_parts_can_be_measured_alone() -> None:
    some = narrowed(QUICK, ["list", "pdf", "start"])
    assert [operation.key for operation in (*some.operations, *some.printing)] == ["list", "pdf"]
    assert some.parts == ("contest", "printing", "start")
    assert narrowed(FULL, ["growth"]).operations == OPERATIONS
    with pytest.raises(SystemExit):
        narrowed(FULL, ["lists"])


def test_no_two_steps_are_kept_under_the_same_name(tmp_path: Path) -> None:
    servers = Servers(QUICK, tmp_path, tmp_path, contextlib.ExitStack())
    keys = [step.key for part in PARTS.values() for step in part(servers)]
    assert len(keys) == len(set(keys)) > len(PARTS)


@pytest.mark.timeout(400)
@needs.FAKTUROID
@whole
def test_a_killed_run_goes_on_and_leaves_only_the_data_behind(folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-c", RUN, str(folder), str(tmp_path)]
    file = folder / "kept-of-tiny.jsonl"
    with subprocess.Popen(command) as killed:
        until = time.monotonic() + PATIENCE
        while not (file.exists() and file.read_bytes().count(b"\n") > 1) and time.monotonic() < until:
            time.sleep(0.05)
        os.kill(killed.pid, signal.SIGKILL)
    lines = file.read_bytes().splitlines(keepends=True)
    kept = measure(TINY, folder, tmp_path)
    assert file.read_bytes().splitlines(keepends=True)[: len(lines)] == lines
    [table] = tmp_path.iterdir()
    assert table.read_text() == text_of(kept, TINY)
    for row in ("create a contact", "FastAPI", "64 writers of contacts: refused", "64 writers of invoices: refused"):
        assert row in table.read_text()
    left = sorted(path.name.partition("-")[0] for path in folder.iterdir())
    assert left == ["data", "kept", "lock", "opponent"]
    assert not [pid for pid in Path("/proc").glob("[0-9]*/environ") if _names(pid, folder / "run-")]


def _names(environ: Path, place: Path) -> bool:
    with contextlib.suppress(OSError):
        return os.fsencode(place) in environ.read_bytes()
    return False


@pytest.fixture
def silent() -> Iterator[Server]:
    """A server that takes connections and says nothing."""
    port = free_port()
    with subprocess.Popen([sys.executable, "-c", SILENT, str(port)]) as process:
        yield Server(process, port, 0.0)
        process.kill()


@pytest.mark.timeout(400)
@needs.FAKTUROID
@whole
def test_an_opponent_that_is_silent_or_dies_is_a_row_that_says_so(folder: Path, tmp_path: Path, silent: Server) -> None:
    with contextlib.ExitStack() as stack:
        servers = Servers(TINY, folder, tmp_path, stack)
        opponent = Opponent("Silent", silent, servers.ours.headers, 500, tmp_path)
        opponent.requests = servers.ours.requests  # type: ignore[method-assign]  # it would be asked for a contact first
        opponent.warm_up = lambda operation: None  # type: ignore[method-assign]  # noqa: ARG005  # it would be waited for for a minute
        servers.__dict__["opponents"] = {"Silent": opponent, "Absent": "did not start: no such program"}
        [row] = measured(servers, WRITING[0], 4)
        silent.process.kill()
        silent.process.wait()
        [later] = measured(servers, WRITING[0], 4)
    assert isinstance(row, Measured)
    assert isinstance(later, Measured)
    assert row.ours.load.requests > 0
    table = measurements([row, later])
    assert [word in table for word in ("answered nothing", "did not start", "died")] == [True] * 3
    assert msgspec.json.decode(msgspec.json.encode(row), type=Measured) == row
