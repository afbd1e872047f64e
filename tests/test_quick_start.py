"""What a start leaves out, so that a server is ready soon."""

import functools
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from faktura.app import WhenAsked
from faktura.dialects import WsgiApplication
from faktura.store.turns import WouldWait, here
from tests.running import PROGRAM, environment, running

ROOT = Path(__file__).parent.parent

OF_PEOPLE = {"PIL", "faktura.web", "flask", "jinja2", "werkzeug", "wtforms"}
"""The pages, and what only they need."""

OF_SOME_WORK = {"alembic", "cryptography", "openpyxl", "pikepdf", "pypdfium2", "trustme", "typst", "xlsxwriter"}

OF_XML = {"lxml"}
"""Which the doubles of registries in a sandbox write."""

OF_ADDRESSES = {"email_validator"}
"""Of which the example data of a sandbox has some."""

OF_POSTGRESQL = {"psycopg", "sqlalchemy.dialects.postgresql"}

OF_A_SANDBOX = {"faktura.agents", "faktura.sandbox.control", "faktura.sandbox.worlds", "faktura.testing"}

BUILT = """
import os, sys
from pathlib import Path
from faktura.settings import read_settings

settings = read_settings(os.environ, port=1)
if sys.argv[1] == "sandbox":
    from faktura.assembly.sandbox import sandbox
    from faktura.sandbox.beginning import Beginning
    sandbox(settings, Path(sys.argv[2]), Beginning())
else:
    from faktura.assembly.house import house
    from faktura.store.board import common_to
    house(settings, common_to(1))
print(" ".join(sys.modules), flush=True)
os._exit(0)
"""


@pytest.mark.parametrize(
    ("which", "left_out"),
    [
        ("house", OF_PEOPLE | OF_SOME_WORK | OF_XML | OF_ADDRESSES | OF_POSTGRESQL | OF_A_SANDBOX),
        ("sandbox", OF_PEOPLE | OF_SOME_WORK | OF_POSTGRESQL),
    ],
)
def test_what_no_program_asks_for_is_not_imported_before_the_port_opens(
    which: str, left_out: set[str], tmp_path: Path
) -> None:
    """To import and build it took half of the start."""
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", BUILT, which, str(tmp_path)],
        env=environment({"FAKTURA_DATABASE_URL": f"sqlite:///{tmp_path / 'house.sqlite'}"}),
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    imported = set(done.stdout.split())

    assert "faktura.dialects" in imported
    assert imported & left_out == set()


def test_who_watches_those_that_serve_has_none_of_their_libraries(tmp_path: Path) -> None:
    """By the files that its process has open as memory."""
    settings = {"FAKTURA_DATABASE_URL": f"sqlite:///{tmp_path / 'house.sqlite'}"}
    with running(tmp_path, "serve", settings=settings, by_itself=True) as server:
        [serving] = server.children
        watching, working = (Path(f"/proc/{pid}/maps").read_text() for pid in (server.process.pid, serving))

    assert "/sqlalchemy/" in working
    assert "/granian/" in watching
    assert "/sqlalchemy/" not in watching


ASKED_FOR_HELP = """
import sys
from faktura.commands.cli import app

try:
    app(sys.argv[1:])
finally:
    print(" ".join(sys.modules))
"""


@pytest.mark.parametrize("command", [[], ["user"], ["user", "add"], ["serve"]], ids=" ".join)
def test_help_needs_none_of_the_libraries_of_the_work(command: list[str]) -> None:
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-c", ASKED_FOR_HELP, *command, "--help"],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    usage, *_, modules = done.stdout.splitlines()
    imported = {name.partition(".")[0] for name in modules.split()}

    assert usage.startswith("Usage:")
    assert imported & {"falcon", "granian", "msgspec", "pydantic", "rich", "sqlalchemy"} == set()


def test_after_the_set_up_a_start_compiles_nothing(tmp_path: Path) -> None:
    """Neither libraries nor what is ours, which in a new folder nothing imported before: Python says what it writes."""
    clone = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", ROOT, clone], check=True)  # noqa: S603, S607 (the git of the README)
    (clone / ".venv").symlink_to(PROGRAM.parent.parent)
    set_up = ["make", "--silent", "--old-file=.venv/runtime.stamp", "setup"]
    subprocess.run(set_up, cwd=clone, check=True, timeout=100)  # noqa: S603 (our own Makefile)
    settings = {
        "FAKTURA_DATABASE_URL": f"sqlite:///{tmp_path / 'house.sqlite'}",
        "PYTHONPATH": str(clone / "src"),
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONVERBOSE": "1",
    }
    with running(tmp_path, "serve", settings=settings, by_itself=True) as server:
        assert server.ask("GET", "/sign-in").status == 200
    said = server.log.read_text().splitlines()

    assert any(f"{clone}/src/faktura/web/" in line for line in said)
    assert [line for line in said if line.startswith("# wrote")] == []


def test_what_is_built_for_the_first_who_asks_is_built_once_and_never_on_the_loop() -> None:
    """The loop hands the request to a thread; whoever else asks meanwhile waits there for the same."""
    built: list[str] = []
    begun, goes_on = threading.Event(), threading.Event()

    def build() -> WsgiApplication:
        built.append(threading.current_thread().name)
        begun.set()
        goes_on.wait(10)
        return lambda _environ, _start_response: [b"answer"]

    door = WhenAsked(build)
    asking = functools.partial(door, {}, lambda *_: None)
    here.must_not_wait = True
    try:
        with pytest.raises(WouldWait):
            asking()
        assert built == []
        with ThreadPoolExecutor(2, "thread") as threads:
            answers = [threads.submit(asking)]
            assert begun.wait(10)
            answers.append(threads.submit(asking))
            with pytest.raises(WouldWait):
                asking()
            goes_on.set()
            assert [answer.result(10) for answer in answers] == [[b"answer"], [b"answer"]]
        assert asking() == [b"answer"]
    finally:
        here.must_not_wait = False
    assert built == ["thread_0"]
