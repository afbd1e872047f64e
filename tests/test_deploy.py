"""What docs/deploy/ gives an operator fits the program that it starts."""

import configparser
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from faktura.settings import Settings
from tests.running import run

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "deploy"
SETTINGS = {f"FAKTURA_{name.upper()}" for name in Settings.__struct_fields__}


def unit() -> configparser.ConfigParser:
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str  # type: ignore[assignment,method-assign]
    read.read_string((FOLDER / "faktura.service").read_text())
    return read


def test_a_server_that_dies_is_started_again_and_asked_to_stop_before_it_is_killed() -> None:
    service = unit()["Service"]
    assert (service["Restart"], service["KillMode"]) == ("always", "mixed")
    assert int(service["TimeoutStopSec"]) > 4
    assert unit()["Unit"]["StartLimitIntervalSec"] == "0"


@pytest.mark.parametrize("file", ["faktura.service", "Containerfile", "env.example"])
def test_every_setting_that_is_named_is_one(file: str) -> None:
    named = set(re.findall(r"\bFAKTURA_[A-Z_]+(?==)", (FOLDER / file).read_text()))
    assert named
    assert named <= SETTINGS


@pytest.mark.parametrize("file", ["faktura.service", "Containerfile"])
def test_what_is_started_is_a_command(file: str) -> None:
    text = (FOLDER / file).read_text()
    started = re.search(r"^ExecStart=\S+/faktura (.+)$|^CMD \[\"faktura\", \"(\w+)\"\]$", text, re.MULTILINE)
    assert started is not None
    assert run(started[1] or started[2], "--help").returncode == 0


def test_the_container_copies_what_the_setup_needs() -> None:
    text = (FOLDER / "Containerfile").read_text()
    copied = {name for line in re.findall(r"^COPY (?!--)(.+)$", text, re.MULTILINE) for name in line.split()[:-1]}
    assert copied == {"Makefile", "pyproject.toml", "LICENSE", "requirements", "src"}
    assert all((ROOT / name).exists() for name in copied)


def test_systemd_takes_the_unit(tmp_path: Path) -> None:
    """Where there is systemd: it knows every key of the unit, and finds nothing wrong with one."""
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        return
    file = tmp_path / "faktura.service"
    text = (FOLDER / "faktura.service").read_text()
    file.write_text(re.sub(r"^ExecStart=.*$", "ExecStart=/bin/true", text, flags=re.MULTILINE))
    done = subprocess.run([analyze, "verify", str(file)], capture_output=True, text=True, check=False)  # noqa: S603
    assert "Unknown" not in done.stderr
    assert "Failed to parse" not in done.stderr
