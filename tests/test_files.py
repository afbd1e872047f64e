"""Files with data are for their owner's eyes only, and one file has one server, whatever it is called."""

import os
import stat
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tests.running import PATIENCE, end, run, running, start

OURS = {"log", "output"}
"""What the tests themselves write beside the data."""


@pytest.fixture(autouse=True)
def open_umask() -> Iterator[None]:
    """An umask that closes nothing."""
    before = os.umask(0)
    yield
    os.umask(before)


def do(settings: Mapping[str, str], *arguments: str) -> None:
    done = run(*arguments, settings=settings)
    assert done.returncode == 0, done.stderr


def modes(folder: Path) -> dict[str, str]:
    """Those files below the folder that others may open in any way."""
    found = (file for file in folder.rglob("*") if file.is_file() and file.name not in OURS)
    opened = ((file, stat.S_IMODE(file.stat().st_mode)) for file in found)
    return {str(file.relative_to(folder)): oct(mode) for file, mode in opened if mode & 0o077}


def test_no_command_makes_a_file_that_others_may_open(tmp_path: Path) -> None:
    settings = {"FAKTURA_DATABASE_URL": f"sqlite:///{tmp_path / 'faktura.sqlite'}"}
    do(settings, "db", "upgrade")
    do(settings, "account", "add", "--slug", "firma", "--name", "Firma", "--country", "CZ")
    with running(tmp_path, "serve", settings=settings) as server:
        assert server.ask("GET", "/sign-in").status == 200
        do(settings, "db", "backup", str(tmp_path / "backup.sqlite"))
        assert modes(tmp_path) == {}
    do(settings, "db", "copy", settings["FAKTURA_DATABASE_URL"], f"sqlite:///{tmp_path / 'copy.sqlite'}")

    made = {file.name for file in tmp_path.iterdir()}
    assert made >= {"faktura.sqlite", "faktura.sqlite.lock", "faktura.sqlite.key", "backup.sqlite", "copy.sqlite"}
    assert modes(tmp_path) == {}


def test_no_file_of_a_sandbox_may_be_opened_by_others(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    with running(tmp_path, "sandbox", "--data", str(data)) as server:
        assert server.ask("POST", "/sandbox/reset").status == 200
        assert modes(data) == {}
    assert {file.name for file in data.iterdir()} >= {"faktura.sqlite", "example.sqlite", "sandbox.json", "lock"}


def test_a_database_that_was_copied_in_is_closed_to_others_when_it_is_opened(tmp_path: Path) -> None:
    settings = {"FAKTURA_DATABASE_URL": f"sqlite:///{tmp_path / 'faktura.sqlite'}"}
    do(settings, "db", "upgrade")
    (tmp_path / "faktura.sqlite").chmod(0o644)

    do(settings, "db", "check")
    assert modes(tmp_path) == {}


def test_a_file_with_two_names_has_one_server_and_one_key(tmp_path: Path) -> None:
    real, other = tmp_path / "real", tmp_path / "other"
    for folder in (real, other):
        folder.mkdir()
    (other / "link.sqlite").symlink_to(real / "faktura.sqlite")
    with running(real, "serve", settings={"FAKTURA_DATABASE_URL": f"sqlite:///{real / 'faktura.sqlite'}"}):
        late = start(other, "serve", settings={"FAKTURA_DATABASE_URL": f"sqlite:///{other / 'link.sqlite'}"})
        try:
            assert late.process.wait(PATIENCE) == 1
        finally:
            end(late.process)
    assert "Another faktura serves the same data" in late.log.read_text()

    with running(other, "serve", settings={"FAKTURA_DATABASE_URL": f"sqlite:///{other / 'link.sqlite'}"}):
        assert not (other / "link.sqlite.key").exists()
    assert (real / "faktura.sqlite.key").exists()
