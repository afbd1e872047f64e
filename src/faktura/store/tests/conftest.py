"""What the tests of the store share: an empty database, a record with every type of attribute."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from faktura.store.database import Database
from tests.postgres import fresh_database
from tests.samples import Sample, declared, lay_out


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, database_url: str, tmp_path: Path) -> Iterator[str]:
    """URL of a database without tables, on the engine of `database_url`."""
    if database_url.startswith("sqlite"):
        yield f"sqlite:///{tmp_path / 'empty.sqlite'}"
    else:
        with fresh_database(request.getfixturevalue("postgres_server"), "template0") as url:
            yield url


@pytest.fixture
def samples(database: Database) -> Database:
    """A database that keeps samples too."""
    with declared(Sample):
        lay_out(database, Sample)
    return database
