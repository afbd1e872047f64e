"""A form that did not come whole is refused in the page's language, and does nothing."""

from typing import Any
from urllib.parse import urlencode

import pytest
from werkzeug.test import TestResponse

from faktura.core.people.sign_in import Session
from faktura.store.every import every, snapshot
from faktura.web.tests.conftest import HOST, Browser
from faktura.wire.arrival import FIRST_BYTES, KEY, Arrival
from faktura.wire.service import Service
from tests.firm import PASSWORD, Firm

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"

SENTENCES = {400: "Tomuto požadavku nerozumíme", 413: "formulář je příliš velký"}


@pytest.fixture
def form(browser: Browser, firm: Firm) -> dict[str, str]:
    """What signs the owner in."""
    browser.get("/sign-in")
    return browser.hidden | {"email": firm.user.email, "password": PASSWORD}


def send(browser: Browser, body: bytes, content_type: str = FORM, arrival: Arrival | None = None) -> TestResponse:
    overrides: dict[str, Any] = {"REMOTE_ADDR": "192.0.2.1"} | ({KEY: arrival} if arrival else {})
    return browser.client.post(
        "/sign-in",
        base_url=f"http://{HOST}",
        data=body,
        content_type=content_type,
        headers={"Accept-Language": "cs"},
        environ_overrides=overrides,
    )


def in_parts(form: dict[str, str]) -> bytes:
    parts = (f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in form.items())
    return "".join([*parts, "--x--\r\n"]).encode()


def sessions(service: Service) -> int:
    with snapshot(service.database) as tx:
        return sum(len(rows) for rows in every(tx, Session))


@pytest.mark.parametrize("content_type", [FORM, MULTIPART])
def test_a_whole_form_of_either_sort_is_taken(
    browser: Browser, service: Service, form: dict[str, str], content_type: str
) -> None:
    body = urlencode(form).encode() if content_type == FORM else in_parts(form)
    assert send(browser, body, content_type, Arrival(body)).status_code == 303
    assert sessions(service) == 1


def test_what_was_cut_or_garbled_is_refused(browser: Browser, service: Service, form: dict[str, str]) -> None:
    whole, parts = urlencode(form).encode(), in_parts(form)
    for answer in (
        send(browser, whole, arrival=Arrival(whole, whole=False, cut=True)),
        send(browser, b"", arrival=Arrival(whole=False, cut=True)),
        send(browser, whole + b"&next=%zz"),
        send(browser, whole + b"&next=%ff"),
        send(browser, whole + b"&ne"),
        send(browser, parts[:-6], MULTIPART),
        send(browser, parts + b"\xff", MULTIPART),
    ):
        assert answer.status_code == 400
        assert SENTENCES[400] in answer.text
    assert sessions(service) == 0


def test_a_form_has_at_most_64_kib(browser: Browser, service: Service, form: dict[str, str]) -> None:
    large = urlencode(form | {"next": "x" * FIRST_BYTES}).encode()
    for answer in (
        send(browser, large),
        send(browser, large[: FIRST_BYTES + 1], arrival=Arrival(large[: FIRST_BYTES + 1], whole=False)),
    ):
        assert answer.status_code == 413
        assert SENTENCES[413] in answer.text
    assert sessions(service) == 0
