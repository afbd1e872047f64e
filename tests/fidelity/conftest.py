"""The prepared houses, each built once a process for all facts that are asked of it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from faktura.core.clock import Clock
from faktura.outputs.printing.printer import Printer
from faktura.store.database import Database, open_database
from faktura.wire.service import Service
from tests.fidelity.fakturoid_examples import fill
from tests.fidelity.fakturoid_house import HOST, Fakturoid
from tests.fidelity.infakt_house import Infakt


@pytest.fixture(scope="session")
def fakturoid_database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    copy = shutil.copy(sqlite_template, tmp_path_factory.mktemp("fidelity") / "fakturoid.sqlite")
    database = open_database(f"sqlite:///{copy}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def fakturoid(fakturoid_database: Database, warm_printer: Printer) -> Fakturoid:
    clock = Clock()
    return Fakturoid(Service(fakturoid_database, clock, f"http://{HOST}", printer=warm_printer), clock, fill)


@pytest.fixture(scope="session")
def infakt_database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    copy = shutil.copy(sqlite_template, tmp_path_factory.mktemp("fidelity") / "infakt.sqlite")
    database = open_database(f"sqlite:///{copy}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def infakt(infakt_database: Database, warm_printer: Printer) -> Infakt:
    return Infakt(infakt_database, warm_printer)
