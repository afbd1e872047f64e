"""What every proof may ask for: chances that can be had again, and databases that keep what they say they keep."""

import random
import shutil
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from tests.postgres import fresh_database, running_postgres
from tests.proofs.full_house import make_house
from tests.proofs.history import LONG, SEED


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Where this proof takes every chance from: with the same seed they are the same, whatever else runs."""
    return random.Random(f"{SEED} {request.node.name}")


@pytest.fixture(params=["sqlite", "postgresql"])
def durable_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database that keeps what it says it keeps."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'faktura.sqlite'}"
    else:
        with fresh_database(request.getfixturevalue("durable_server"), "template0") as url:
            yield url


@pytest.fixture(scope="session")
def durable_server() -> Iterator[str]:
    """A PostgreSQL that nobody stops: what kills its clients and what makes it fail are not in one proof."""
    # PostgreSQL's user must be able to reach the folder.
    folder = Path(tempfile.mkdtemp(prefix="faktura-"))
    try:
        with running_postgres(folder, durable=True) as url:
            yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def full_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every kind of record, made once a process; who writes copies it first."""
    file = tmp_path_factory.mktemp("house") / "house.sqlite"
    make_house(file)
    return file


def pytest_report_header() -> str:
    return f"proofs: {'long' if LONG else 'short'}, SEED={SEED}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if report.failed:
        name = getattr(item, "originalname", item.name)
        report.sections.append(("the same history again", f"make prove SEED={SEED} ARGS='-k {name}'"))
    return report
