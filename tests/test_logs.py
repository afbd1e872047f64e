"""No line of the log holds what opens a door, and none holds another line."""

import json
import logging
import re
from collections.abc import Iterator
from typing import Any, Literal

import httpx
import pytest
from flask import Flask

from faktura import web
from faktura.core.clock import Clock
from faktura.dialects import installed
from faktura.logs import loggable_path, write_logs
from faktura.store.database import Database
from faktura.wire.service import Service

SECRET = "sEcReT-0123456789"

NO_SECRETS = {
    "slug",
    "id",
    "uuid",
    "reference",
    "number",
    "filename",
    "language",
    "failed_deliveries_uuid",
    "ksef_number",
    "purpose",
}
"""What stands in paths and opens nothing by itself, as ids do; any other variable must not be logged."""


def paths_of_the_dialects() -> Iterator[str]:
    for dialect in installed():
        prefixes = {*dialect.mounts, *(prefix for own in dialect.hosts.values() for prefix in own)}
        for path in dialect.openapi("http://faktura.example")["paths"]:
            yield from (prefix + path for prefix in prefixes)


@pytest.fixture
def pages(database: Database) -> Flask:
    return web.application(Service(database, Clock(), "http://faktura.example"))


def test_no_secret_of_any_path_is_logged(pages: Flask) -> None:
    rules = (re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in pages.url_map.iter_rules())
    hidden = set()
    for path in (*paths_of_the_dialects(), *rules):
        named = (name for name in re.findall(r"{(\w+)}", path) if not name.endswith("_id"))
        for name in set(named) - NO_SECRETS:
            spelled = re.sub(r"{\w+}", "1", path.replace(f"{{{name}}}", SECRET))
            assert SECRET not in loggable_path(spelled), path
            assert SECRET not in loggable_path(spelled.replace("/", "//")), path
            hidden.add(name)
    assert hidden >= {"token"}


@pytest.mark.parametrize("begins", ["/invite/", "/reset/", "/applecorp/c/", "/applecorp/p/"])
def test_what_lets_somebody_in_is_not_logged(begins: str) -> None:
    assert loggable_path(f"{begins}{SECRET}") == f"{begins}…"


@pytest.mark.parametrize(
    "path", ["/", "/healthz", "/applecorp/invoices/12", "/infakt/v3/invoices/1.json", "/p", "/x/p/"]
)
def test_other_paths_are_logged_as_they_are(path: str) -> None:
    assert loggable_path(path) == path


@pytest.fixture
def logs_as_before() -> Iterator[None]:
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    yield
    for handler in root.handlers[:]:
        root.removeHandler(handler)
    for handler in before:
        root.addHandler(handler)
    root.setLevel(level)


@pytest.mark.usefixtures("logs_as_before")
@pytest.mark.parametrize("form", ["text", "json"])
def test_what_somebody_sent_stays_within_its_line(
    form: Literal["text", "json"], capsys: pytest.CaptureFixture[str]
) -> None:
    write_logs(form)
    sent = "/a\nINJECTED \x1b[2J\x07\x85\u202e\u2028\ud800"
    logging.getLogger("faktura.tests").info("request %s", sent, extra={"path": sent})

    [line] = capsys.readouterr().err.splitlines()
    assert line.isprintable()
    assert "\\x1b[2J" in line or "\\u001b[2J" in line
    if form == "json":
        told: dict[str, Any] = json.loads(line)
        assert told["path"].startswith("/a\\nINJECTED")


@pytest.mark.usefixtures("logs_as_before")
def test_a_traceback_has_lines_and_moves_no_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    write_logs("text")
    try:
        raise_with("\x1b[2J")
    except ValueError:
        logging.getLogger("faktura.tests").exception("failed")

    written = capsys.readouterr().err
    assert "Traceback (most recent call last)" in written
    assert all(line.isprintable() for line in written.splitlines())


@pytest.mark.usefixtures("logs_as_before")
def test_addresses_that_we_call_are_not_logged(capsys: pytest.CaptureFixture[str]) -> None:
    write_logs("text", "debug")
    with httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200))) as client:
        client.get("https://ksef.example/sessions/20261123-SO-1/invoices/1111111111-20261121-47A70D8BD670-57")

    assert capsys.readouterr().err == ""


def raise_with(text: str) -> None:
    raise ValueError(text)
