"""Whatever is asked for, at whatever path and with whatever headers, is answered: refused perhaps, never a failure."""

import io
import random
import re
from typing import Any

import pytest

from faktura.app import application
from faktura.core.clock import Clock
from faktura.dialects import installed
from faktura.store.database import Database
from faktura.web import application as pages
from faktura.wire.service import Service
from tests.firm import open_firm

REQUESTS = 3000

METHODS = ("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO", "get", "\xff")

SEGMENTS = (
    *(
        "",
        "..",
        "\x00",
        "\xff",
        "\xd9\xa1",
        "a" * 3000,
        "1_0",
        "0",
        "-1",
        "9" * 5000,
        "1",
        "2",
        "*",
        "\\",
        "a\nb",
        "applecorp",
    ),
    *("\xed\xa0\x80", "\xe2\x80\xae", "%2F", "'\"<script>", "x.json"),
)

HEADERS = (
    *(
        "HTTP_AUTHORIZATION",
        "HTTP_ACCEPT",
        "HTTP_ACCEPT_LANGUAGE",
        "HTTP_COOKIE",
        "HTTP_IF_NONE_MATCH",
        "HTTP_IF_MATCH",
    ),
    *("HTTP_IDEMPOTENCY_KEY", "HTTP_X_INFAKT_APIKEY", "HTTP_HOST", "HTTP_ORIGIN", "CONTENT_TYPE", "CONTENT_LENGTH"),
    *("HTTP_X_FORWARDED_FOR", "HTTP_SEC_PURPOSE", "HTTP_RANGE", "HTTP_USER_AGENT", "REMOTE_ADDR", "HTTP_REFERER"),
)

VALUES = (
    *(
        "",
        "\x00",
        "\xff\xfe",
        "a" * 9000,
        "-1",
        "1e9",
        "NaN",
        "\xd9\xa1",
        "%ff",
        ",",
        ";",
        "=",
        "Bearer",
        "Bearer \xff",
    ),
    *("Basic !!!", "Basic //46/w==", "*/*;q=abc", "application/json; charset=utf-7", "multipart/form-data"),
    *("multipart/form-data; boundary=\xff", "application/x-www-form-urlencoded; charset=utf-16", 'W/"1", *', '"'),
    *("cs;q=1.5,xx-yy;q=\x00", "http://[", "faktura=.eJ; a=b;;=;", "..", "[::1", "x:y:z", "a b"),
)

QUERIES = (
    *("", "page=%00", "page=1_0", "%ff", "\xff", "q[id_eq]=x", "q[a]=1&q=2", "q[][]=1", "fields=((((", "offset=1e3"),
    *("since=9999-12-31T23:59:60Z", "tags=[", "&" * 2000, "a[b" * 50, "client_id=%00&redirect_uri=http://["),
)

BODIES = (
    *(b"", b"{}", b"[]", b"null", b"\xff", b'{"a":1e999}', b'{"invoice":{}}', b'{"client":[]}', b"a=b&c[]=1&c=2"),
    *(b"email=a%00&password=b", b"[" * 1000, b'"\\ud800"', b'{"grant_type":[]}'),
)


@pytest.fixture
def service(database: Database) -> Service:
    return Service(database, Clock(), "http://faktura.example")


def paths(service: Service) -> list[str]:
    """Of every door and page, with names in braces."""
    found = [dialect.mounts[0] + path for dialect in installed() for path in dialect.openapi("http://x")["paths"]]
    rules = pages(service).url_map.iter_rules()
    return [*found, *(re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule) for rule in rules), "/healthz"]


def test_no_request_makes_a_failure(service: Service, caplog: pytest.LogCaptureFixture) -> None:
    firm = open_firm(service.database, service.clock)
    app, known, chance = application(service), paths(service), random.Random(1)  # noqa: S311 (the same each time)
    for _ in range(REQUESTS):
        request = made_up(chance, known, firm.token)
        status, headers = asked(app, request)

        assert status < 500 or status in {501, 503}, (request, caplog.text)
        told = "".join(value for _, value in headers)
        assert told.isascii(), (request, headers)
        assert "\n" not in told, (request, headers)


def made_up(chance: random.Random, known: list[str], token: str) -> dict[str, Any]:
    """A request; most of its parts are as they should be, so that it comes far."""

    def segment(name: re.Match[str]) -> str:
        return chance.choice(SEGMENTS) if chance.random() < 0.5 else {"{slug}": "applecorp"}.get(name[0], "1")

    body = chance.choice(BODIES)
    request: dict[str, Any] = {
        "REQUEST_METHOD": chance.choice(METHODS[: chance.choice((1, 5, 11))]),
        "SCRIPT_NAME": "",
        "PATH_INFO": re.sub(r"{\w+}", segment, chance.choice(known)),
        "QUERY_STRING": chance.choice(QUERIES),
        "SERVER_NAME": "faktura.example",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "REMOTE_ADDR": "192.0.2.1",
        "HTTP_HOST": "faktura.example",
        "HTTP_USER_AGENT": "tests",
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "CONTENT_TYPE": chance.choice(("application/json", "application/x-www-form-urlencoded")),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
    }
    for _ in range(chance.choice((0, 1, 1, 2, 4))):
        request[chance.choice(HEADERS)] = chance.choice(VALUES)
    return request


def asked(app: Any, request: dict[str, Any]) -> tuple[int, list[tuple[str, str]]]:
    started: list[Any] = []

    def start(status: str, headers: list[tuple[str, str]], _exc_info: Any = None) -> None:
        started[:] = (int(status[:3]), headers)

    answer = app(request, start)
    for _ in answer:
        pass
    if (close := getattr(answer, "close", None)) is not None:
        close()
    return started[0], started[1]
