"""What tests that span folders may ask for besides: a started sandbox, which they share."""

from collections.abc import Iterator

import pytest

from tests.running import running
from tests.sandboxes import Sandbox


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """Started once a process, for a start costs more than most of what is asked of it; it logs every request.

    Whoever needs its example data and its default state resets it first. What ends it, or is about its start, starts
    another one.
    """
    folder = tmp_path_factory.mktemp("sandbox")
    settings = {"FAKTURA_LOG_REQUESTS": "true", "FAKTURA_LOG_FORMAT": "json"}
    with running(folder, "sandbox", "--data", str(folder / "data"), settings=settings, by_itself=True) as server:
        yield Sandbox(server, folder / "data")


@pytest.fixture
def sandbox(started: Sandbox) -> Sandbox:
    """With its example data and its default state."""
    assert started.reset().status == 200
    return started
