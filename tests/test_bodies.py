"""At every write endpoint of every dialect, built or not, whether it takes a body or none: garbage writes nothing."""

import contextlib
import importlib
import io
import re
import sqlite3
import sys
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.api_keys import add_api_key
from faktura.dialects import installed
from faktura.store.database import open_database
from faktura.wire.arrival import KEY, Arrival
from faktura.wire.endpoints import Endpoint
from faktura.wire.service import Service
from tests import needs
from tests.firm import Firm, open_firm

JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=x"

PART = b'--x\r\nContent-Disposition: form-data; name="note"\r\n\r\nText\r\n'

GARBAGE: Mapping[str, tuple[bytes, ...]] = {
    JSON: (b"{", b'{"note": "Te', b'{"note": "\xff"}', b'{"note": 1} {}', b"nonsense", b"\xff\xfe", b'{"note": NaN}'),
    FORM: (b"note=%zz", b"note=Te%C5", b"note=Te%C", b"note=1&no", b"note=\xff", b"{}"),
    MULTIPART: (PART, PART[:-3], PART + b"--x", PART + b"--x--\xff", b"nonsense", b"--x\r\n\r\nText\r\n--x--"),
}
"""By type: cut short, of another spelling, not UTF-8."""

DIALECTS = [pytest.param("fakturoid", marks=needs.FAKTUROID), pytest.param("infakt", marks=needs.INFAKT)]


class House(NamedTuple):
    """A dialect before the account of a firm, with the way in of a program of the firm."""

    serve: Any
    credentials: Mapping[str, str]
    writes: tuple[Endpoint, ...]
    file: str

    def ask(self, endpoint: Endpoint, body: bytes, content_type: str, arrival: Arrival | None = None) -> int:
        """The status of the answer; a body without an arrival has a length."""
        environ = {
            "REQUEST_METHOD": endpoint.method,
            "CONTENT_TYPE": content_type,
            "QUERY_STRING": "",
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
            "wsgi.input": io.BytesIO(body),
            "PATH_INFO": re.sub(r"{\w+}", "1", endpoint.path.replace("{slug}", "applecorp")),
            "SCRIPT_NAME": "",
            "HTTP_HOST": "h",
            "SERVER_NAME": "h",
            "SERVER_PORT": "80",
            **self.credentials,
        }
        environ |= {"CONTENT_LENGTH": str(len(body))} if arrival is None else {KEY: arrival}
        answered: list[str] = []

        def start(status: str, _headers: Any, _error: Any = None) -> Any:
            answered.append(status)

        list(self.serve(environ, start))
        return int(answered[0][:3])

    @contextlib.contextmanager
    def unchanged(self) -> Iterator[None]:
        """SQLite says whether anybody else committed anything meanwhile."""
        with contextlib.closing(sqlite3.connect(self.file)) as watching:
            asked = "PRAGMA data_version"
            before = watching.execute(asked).fetchone()
            yield
            assert watching.execute(asked).fetchone() == before


@pytest.fixture(params=DIALECTS)
def house(request: pytest.FixtureRequest, sqlite_url: str) -> Iterator[House]:
    name: str = request.param
    database, clock = open_database(sqlite_url), Clock()
    service = Service(database, clock, "http://faktura.example")
    application = importlib.import_module(f"faktura.dialects.{name}.door.application")
    writes = tuple(one for one in (*application.ENDPOINTS, *application.TO_COME) if one.writes)
    credentials = credentials_of(name, service, open_firm(database, clock))
    yield House(application.application(service), credentials, writes, str(database.url.database))
    database.close()


def credentials_of(name: str, service: Service, firm: Firm) -> dict[str, str]:
    if name == "fakturoid":
        return {"HTTP_AUTHORIZATION": f"Bearer {firm.token}", "HTTP_USER_AGENT": "Tests (tests@faktura.example)"}
    scopes = next(dialect.key_scopes for dialect in installed() if dialect.name == name)
    key = service.database.write(
        lambda tx: add_api_key(Office(tx, service.clock.now()), firm.account, firm.user, "tests", scopes)
    )
    return {"HTTP_X_INFAKT_APIKEY": key}


def test_garbage_is_refused_and_writes_nothing(house: House) -> None:
    with house.unchanged():
        for endpoint in house.writes:
            for content_type, bodies in GARBAGE.items():
                for body in bodies:
                    for arrival in (None, Arrival(body)):
                        status = house.ask(endpoint, body, content_type, arrival)
                        # The contract of the first knows no forms but for tokens.
                        expected = (
                            {400} if content_type == JSON or "HTTP_X_INFAKT_APIKEY" in house.credentials else {415}
                        )
                        assert status in expected, (endpoint.method, endpoint.path, content_type, body)


@pytest.mark.parametrize("body", [b"", b"{", b"{}", b'{"amount": "1"}'])
def test_a_body_that_was_cut_is_refused_however_whole_it_looks(house: House, body: bytes) -> None:
    with house.unchanged():
        for endpoint in house.writes:
            assert house.ask(endpoint, body, JSON, Arrival(body, whole=False, cut=True)) == 400, endpoint.path


def test_bad_credentials_are_told_before_a_bad_body(house: House) -> None:
    unknown = dict.fromkeys(house.credentials, "Bearer nonsense")
    stranger = house._replace(credentials=unknown)
    for endpoint in house.writes:
        assert stranger.ask(endpoint, b"{", JSON) == 401, endpoint.path


def test_a_body_above_the_limit_of_its_endpoint_is_refused(house: House) -> None:
    for endpoint in house.writes:
        beyond = Arrival(b"x" * (endpoint.most_bytes + 1), whole=False)
        assert house.ask(endpoint, b"", JSON, beyond) == 413, endpoint.path
