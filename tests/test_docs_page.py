"""The page of each API document loads nothing from elsewhere and runs no inline script."""

import re
from pathlib import Path

import pytest
from werkzeug.test import Client

from faktura.app import application
from faktura.core.clock import Clock
from faktura.dialects import Dialect, installed
from faktura.store.database import Database
from faktura.wire import docs_page
from faktura.wire.docs_page import CONTENT_SECURITY_POLICY, FILES, STATIC
from faktura.wire.service import Service
from tests import needs

pytestmark = needs.ONE_ENGINE

EACH_DIALECT = pytest.mark.parametrize("dialect", installed(), ids=lambda dialect: str(dialect.name))


@pytest.fixture
def browser(database: Database) -> Client:
    return Client(application(Service(database, Clock(), "http://faktura.example")))


@EACH_DIALECT
def test_the_page_and_all_that_it_names_are_served_from_here(browser: Client, dialect: Dialect) -> None:
    page = browser.get(f"/{dialect.name}/docs")
    assert page.status_code == 200
    assert page.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert (page.headers["X-Frame-Options"], page.headers["Referrer-Policy"]) == ("DENY", "same-origin")
    assert dialect.title in page.text

    named = re.findall(r'(?:src|href|data-document)="([^"]+)"', page.text)
    assert len(named) == 5
    for address in named:
        assert ":" not in address
        file = browser.get(f"/{dialect.name}/{address}")
        assert (file.status_code, file.headers["X-Content-Type-Options"]) == (200, "nosniff"), address


@EACH_DIALECT
def test_the_document_is_for_the_address_of_the_dialect(browser: Client, dialect: Dialect) -> None:
    document = browser.get(f"/{dialect.name}/openapi.json")

    assert document.headers["Content-Type"] == "application/json; charset=utf-8"
    assert document.json is not None
    assert document.json["openapi"] == "3.1.0"
    assert document.json["servers"] == [{"url": f"http://faktura.example{dialect.mounts[0]}"}]


def test_the_page_has_no_inline_script_style_or_handler() -> None:
    page = docs_page.docs_page("Title", "openapi.json", "docs")

    assert all(body == "" for body in re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL))
    assert "<style" not in page
    assert not re.search(r"\s(on\w+|style)=", page)


def test_what_the_policy_allows_is_not_more_than_ones_own() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "default-src 'none'" in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY


def test_titles_and_addresses_are_escaped() -> None:
    page = docs_page.docs_page("<b>", '"><script>', '"x')

    assert "<b>" not in page
    assert '"><script>' not in page


@pytest.mark.parametrize("name", ["", "nonsense", "../docs_page.py", "swagger/README.md", "/etc/passwd"])
def test_no_other_file_is_handed_out(name: str) -> None:
    assert docs_page.static_file(name) is None


def test_the_vendored_package_keeps_its_licence_and_tells_its_version() -> None:
    vendored = STATIC / "swagger"

    assert {path.name for path in vendored.iterdir()} >= {"LICENSE", "NOTICE", "swagger-ui-bundle.js.LICENSE.txt"}
    assert "Apache License" in (vendored / "LICENSE").read_text()
    version = re.search(r"`swagger-ui-dist` (\d+\.\d+\.\d+)", (vendored / "README.md").read_text())
    assert version is not None
    assert version[1] in (vendored / "swagger-ui-bundle.js").read_text()


def test_every_file_of_the_page_is_there() -> None:
    assert [name for name in FILES if not Path(STATIC, name).is_file()] == []
