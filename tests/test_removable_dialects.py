"""Delete the folder of a dialect and nothing else is lost: the program runs, and what is left of its tests is green."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from faktura.dialects import Dialect, installed
from tests.running import Server, running

ROOT = Path(__file__).parent.parent
DIALECTS = Path("src", "faktura", "dialects")
# Compiled modules are copied with their sources: to compile them again takes longer than the tests that are run.
NOT_COPIED = shutil.ignore_patterns(".git", ".venv", ".bench", ".*_cache", ".hypothesis", "*.egg-info")

# All is collected, so that everything left can be imported, and these are run: what knows every dialect that is there,
# and what compares each dialect that is left with its contract. The others take minutes and reach no second dialect.
RUN = (
    "test_repository",
    "test_openapi",
    "test_contract",
    "test_docs_page",
    "test_sandbox",
    "test_doors",
    "test_every_page",
    "test_consent",
    "test_access",
    "test_what_cannot_be_done_is_said_in_a_sentence",
)
# Slow for other reasons, or about nothing that a dialect brings: what starts a sandbox by itself, what is in a letter,
# and what is asked of every file, none of which is new.
NOT_RUN = (
    "authority_stays",
    "temporary_one_is_gone",
    "survive_a_restart",
    "port_is_closed",
    "before_the_port_opens",
    "secrets_are_random",
    "with_tls",
    "test_sandbox_mails",
    "test_sandbox_years",
    "is_refused_and_nothing_is_changed",
    "failed_sign_ins",
    "by_a_press",
    "whatever_a_test_imports",
    "longer_than_sixty_lines",
)

EACH_DIALECT = pytest.mark.parametrize("lost", [dialect.name for dialect in installed()], scope="module")


@pytest.fixture(scope="module")
def copy(lost: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The repository without the folder of that dialect."""
    copied = tmp_path_factory.mktemp("without") / "faktura"
    shutil.copytree(ROOT, copied, ignore=NOT_COPIED)
    shutil.rmtree(copied / DIALECTS / lost)
    yield copied
    shutil.rmtree(copied)


def run_tests(copy: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on the copy, which is found before what is installed; one engine proves as much as both."""
    settings = {"PYTHONPATH": str(copy / "src"), "FAKTURA_TEST_ENGINE": "sqlite"}
    return subprocess.run(  # noqa: S603 (pytest of this environment)
        [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-p", "no:xdist", *arguments],
        cwd=copy,
        env={**os.environ, **settings},
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )


@pytest.mark.timeout(930)
@EACH_DIALECT
def test_every_test_that_is_left_is_found_and_what_knows_the_dialects_is_green(copy: Path, lost: str) -> None:
    ran = run_tests(copy, "-k", f"({' or '.join(RUN)}) and not ({' or '.join(NOT_RUN)})")

    assert ran.returncode == 0, ran.stdout[-10000:] + ran.stderr
    assert str(DIALECTS / lost) not in ran.stdout
    for name in RUN:
        assert name in ran.stdout, name
    for dialect in installed():
        assert dialect.name == lost or str(DIALECTS / dialect.name) in ran.stdout


@EACH_DIALECT
def test_a_dialect_whose_folder_is_deleted_is_lost_and_nothing_else(copy: Path, lost: str, tmp_path: Path) -> None:
    left = {dialect.name: dialect for dialect in installed() if dialect.name != lost}
    data = tmp_path / "data"
    with running(tmp_path, "sandbox", "--data", str(data), settings={"PYTHONPATH": str(copy / "src")}) as server:
        told = json.loads((data / "sandbox.json").read_bytes())
        assert told.keys() == {"base_url", "web", "control_url", "seed", *left}
        limits = server.ask("GET", "/sandbox").json["rate_limits"].keys()
        assert limits >= left.keys()
        assert lost not in limits
        assert server.ask("GET", f"/{lost}/openapi.json").status == 404
        assert server.ask("GET", "/sign-in").status == 200
        assert_served(server, told, left)
    # Started again with all dialects, the folder learns the missing one, and what was told before stays.
    with running(tmp_path, "sandbox", "--data", str(data)) as server:
        again = json.loads((data / "sandbox.json").read_bytes())
        assert again["web"] == told["web"]
        assert_served(server, again, {dialect.name: dialect for dialect in installed()})
        assert again.keys() == {*told, lost}


def assert_served(server: Server, told: dict[str, Any], dialects: dict[str, Dialect]) -> None:
    for name, dialect in dialects.items():
        document = server.ask("GET", f"/{name}/openapi.json").json
        assert document["info"]["title"] == dialect.title
        refused = server.ask("GET", urlsplit(told[name]["base_url"]).path + "/nothing.json")
        assert refused.headers["content-type"].startswith("application/json")
        assert refused.status == HTTPStatus.NOT_FOUND
