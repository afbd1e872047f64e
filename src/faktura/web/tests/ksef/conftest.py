"""A Polish firm whose owner is signed in, at an instant that stands."""

import pytest
from flask import Flask

from faktura.core.clock import Clock
from faktura.store.database import Database
from faktura.web.tests.conftest import Browser
from faktura.web.tests.ksef.desk import NOON
from tests.firm import Firm, open_firm


@pytest.fixture
def clock() -> Clock:
    clock = Clock()
    clock.stand_at(NOON)
    return clock


@pytest.fixture
def polish(database: Database, clock: Clock) -> Firm:
    return open_firm(database, clock, "jablko", language="en", country="PL", currency="PLN", vat_no="PL5265877635")


@pytest.fixture
def owner(app: Flask, polish: Firm) -> Browser:
    browser = Browser(app)
    browser.sign_in(polish.user.email)
    return browser
