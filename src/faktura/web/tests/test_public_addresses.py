"""Who may try how many public addresses, and how hard they are to guess."""

import datetime as dt
import math

from flask import Flask

from faktura.core.clock import Clock
from faktura.store.records import changed
from faktura.web.tests.conftest import Browser, in_books, issue
from faktura.wire.rate_limit import PUBLIC
from faktura.wire.service import Service
from tests.firm import Firm


def test_an_address_opens_so_many_pages_a_minute(
    app: Flask, service: Service, firm: Firm, clock: Clock, browser: Browser
) -> None:
    clock.stand_at(clock.now())
    invoice = issue(service, firm)
    service.modes.rate_limits[PUBLIC] = {"all": 3}
    paths = (f"/applecorp/p/{invoice.token}", "/applecorp/p/wrong", "/applecorp/files/wrong/1")
    assert [browser.get(path).status_code for path in paths] == [200, 404, 404]

    refused = browser.get(paths[0], **{"Accept-Language": "pl"})
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "60")
    assert 'lang="pl"' in refused.text
    assert invoice.number not in refused.text
    assert Browser(app, "192.0.2.2").get(paths[0]).status_code == 200
    clock.stand_at(clock.now() + dt.timedelta(seconds=60))
    assert browser.get(paths[0]).status_code == 200


def test_the_secret_of_an_address_has_128_bits_and_older_ones_open_as_before(
    browser: Browser, service: Service, firm: Firm
) -> None:
    invoice = issue(service, firm)
    assert len(invoice.token) * math.log2(256 / 5) >= 128
    in_books(service, firm, lambda books: books.change(invoice, changed(invoice, token="aB3dE6gH9k")))

    assert browser.get(f"/applecorp/p/aB3dE6gH9k/{invoice.number}").status_code == 200
    assert browser.get(f"/applecorp/p/{invoice.token}").status_code == 404
