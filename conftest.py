"""What every test may ask for, in tests/ and in every dialect: first of all an empty database on each engine."""

import contextlib
import gc
import os
import shutil
import tempfile
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, settings

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.dialects import installed
from faktura.outputs.printing.printer import Printer
from faktura.store import schema
from faktura.store.database import Database, open_database
from tests.beside import shared_or_skip
from tests.lent_databases import LentDatabases
from tests.postgres import create_template, running_postgres

ENGINES = os.environ.get("FAKTURA_TEST_ENGINE", "sqlite,postgresql").split(",")
NO_SKIPS = os.environ.get("FAKTURA_NO_SKIPS") == "1"
MEMORY = Path("/dev/shm")  # noqa: S108 — each use makes a folder of its own below it
ENOUGH_MEMORY = 512 * 1024**2

# A busy machine makes no property false, and a database for each example would cost more than the examples.
settings.register_profile(
    "faktura",
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("faktura")

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)


@pytest.fixture(scope="session")
def lay_out_tables() -> Callable[[str], None]:
    """Create faktura's tables in the empty database of a URL; runs once per engine and worker."""

    def lay_out(url: str) -> None:
        database = open_database(url)
        schema.prepare(database)
        database.close()

    return lay_out


@pytest.fixture
def database_url(request: pytest.FixtureRequest) -> str:
    """URL of a database with empty tables that is this test's alone; on each engine, unless it is marked one_engine."""
    match request.param:
        case "sqlite":
            return str(request.getfixturevalue("sqlite_url"))
        case "postgresql":
            return str(request.getfixturevalue("postgres_url"))
    raise pytest.UsageError(f"FAKTURA_TEST_ENGINE knows sqlite and postgresql, not {request.param!r}")


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """That database, open."""
    opened = open_database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite_url(sqlite_template: Path) -> Iterator[str]:
    with throw_away_folder() as folder:
        copy = shutil.copy(sqlite_template, folder / "faktura.sqlite")
        yield f"sqlite:///{copy}"


@pytest.fixture(scope="session")
def sqlite_template(lay_out_tables: Callable[[str], None]) -> Iterator[Path]:
    with throw_away_folder() as folder:
        template = folder / "template.sqlite"
        template.touch()
        lay_out_tables(f"sqlite:///{template}")
        yield template


@pytest.fixture
def postgres_url(postgres_databases: LentDatabases) -> Iterator[str]:
    with postgres_databases.lent() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_databases(postgres_server: str, postgres_template: str) -> Iterator[LentDatabases]:
    databases = LentDatabases(postgres_server, postgres_template)
    yield databases
    databases.close()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, lay_out_tables: Callable[[str], None]) -> str:
    create_template(postgres_server, "faktura_template", lay_out_tables)
    return "faktura_template"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with throw_away_folder() as folder, running_postgres(folder, durable=False) as url:
        yield url


@pytest.fixture
def printer(warm_printer: Printer) -> Iterator[Printer]:
    """One process prints for all tests; what it printed for one is nothing to the next."""
    yield warm_printer
    warm_printer.forget()


@pytest.fixture(scope="session")
def warm_printer() -> Iterator[Printer]:
    printer = Printer(1)
    yield printer
    printer.close()


@pytest.fixture(scope="session")
def shared_folder() -> Path:
    """Schemas and samples that are kept beside the repository, not in it."""
    return shared_or_skip()


@contextlib.contextmanager
def throw_away_folder() -> Iterator[Path]:
    """Yield a folder in memory where there is room: copying a database takes 15 ms there and up to 500 ms on a disk."""
    roomy = MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ENOUGH_MEMORY
    with tempfile.TemporaryDirectory(prefix="faktura-", dir=MEMORY if roomy else None) as folder:
        yield Path(folder)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_url" in metafunc.fixturenames:
        alone = metafunc.definition.get_closest_marker("one_engine") is not None
        metafunc.parametrize("database_url", ENGINES[:1] if alone else ENGINES, indirect=True)
    if "engine_of_module" in metafunc.fixturenames:
        metafunc.parametrize("engine_of_module", ENGINES, scope="module")


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Thousands of tests and all that they import stay until the end: nobody looks for garbage among them."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    dialects = {dialect.name for dialect in installed()}
    left_out = [item for item in items if not {mark.args[0] for mark in item.iter_markers("needs")} <= dialects]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        gone = set(left_out)
        items[:] = [item for item in items if item not in gone]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    return without_skips((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    return without_skips((yield))


def without_skips(report: Report) -> Report:
    """Where FAKTURA_NO_SKIPS=1, a skipped test has failed; an expected failure is still expected."""
    if NO_SKIPS and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"skipped where no test may be: {report.longrepr}"
    return report
