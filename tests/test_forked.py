"""A program that is forked is to a test what one that is started is."""

import signal
from pathlib import Path

import pytest

from tests.running import is_open, run, running


@pytest.mark.parametrize(
    "arguments", [("--version",), ("db", "check", "--database", "sqlite:////nowhere/faktura.sqlite"), ("no-such-verb",)]
)
def test_it_ends_and_speaks_as_one_that_is_started_by_itself(arguments: tuple[str, ...]) -> None:
    forked, started = run(*arguments), run(*arguments, by_itself=True)

    assert (forked.returncode, forked.stdout, forked.stderr) == (started.returncode, started.stdout, started.stderr)
    assert forked.stdout + forked.stderr


def test_it_has_its_own_settings_and_is_waited_for_and_killed(tmp_path: Path) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        settings = {"FAKTURA_DATABASE_URL": f"sqlite:///{tmp_path / name}/faktura.sqlite"}
        with running(tmp_path / name, "serve", settings=settings) as server:
            assert (tmp_path / name / "faktura.sqlite").exists()
            assert server.process.poll() is None
            server.kill()
            assert server.process.returncode == -signal.SIGKILL
            assert not is_open(server.host, server.port)
