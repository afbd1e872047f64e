"""A firm on a Monday, the double of KSeF that it reaches, and the queue of what it sends."""

from collections.abc import Iterator

import pytest

from faktura.core.clock import Clock
from faktura.core.tests.conftest import Firm
from faktura.sandbox.outside.ksef.double import Double
from faktura.sandbox.outside.ksef.serving import listening
from faktura.store.database import Database
from tests.ksef_firm import (
    MONDAY,
    Queue,
    connected_to,
    polish_firm,
)


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(MONDAY)
    return clock


@pytest.fixture
def double(clock: Clock) -> Iterator[Double]:
    with listening(clock) as found:
        yield found


@pytest.fixture
def firm(database: Database, clock: Clock, double: Double) -> Firm:
    firm = polish_firm(database, clock)
    connected_to(double, firm)
    return firm


@pytest.fixture
def queue(firm: Firm) -> Iterator[Queue]:
    """Its worker has signed in."""
    with Queue(firm) as found:
        found.work()
        yield found
