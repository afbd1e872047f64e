"""What the tests of this dialect share: a client of its door over an empty database on each engine."""

from typing import Any

import pytest
from falcon import testing

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.api_keys import add_api_key
from faktura.dialects.infakt import DIALECT
from faktura.dialects.infakt.sandbox import EVERYTHING
from faktura.outputs.printing.printer import Printer
from faktura.store.database import Database
from faktura.wire.service import Modes, Service
from tests.built_once import built_once
from tests.firm import Firm, open_firm

HOST = "api.infakt.pl"


class Client:
    """Calls the door in-process with the firm's key unless told otherwise."""

    def __init__(self, service: Service, firm: Firm, scopes: tuple[str, ...] = EVERYTHING) -> None:
        self.service = service
        self.firm = firm
        self.key = issue_key(service, firm, scopes)
        self._client = testing.TestClient(built_once(DIALECT.application, service))

    def call(self, method: str, path: str, body: Any = None, **options: Any) -> testing.Result:
        """`headers` are added to the key; one that is None is left out. `raw` is a body as it stands.

        `mount` is what clients write before the path at the vendor's host.
        """
        headers = {"X-inFakt-ApiKey": self.key} | options.pop("headers", {})
        raw = options.pop("raw", None)
        return self._client.simulate_request(
            method,
            path,
            root_path=options.pop("mount", "/v3"),
            host=options.pop("host", HOST),
            protocol="https",
            json=body if raw is None else None,
            body=raw,
            headers={name: value for name, value in headers.items() if value is not None},
            **options,
        )

    def get(self, path: str, **options: Any) -> testing.Result:
        return self.call("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> testing.Result:
        return self.call("POST", path, body, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> testing.Result:
        return self.call("PUT", path, body, **options)

    def delete(self, path: str, **options: Any) -> testing.Result:
        return self.call("DELETE", path, **options)


def issue_key(service: Service, firm: Firm, scopes: tuple[str, ...]) -> str:
    def work(tx: Any) -> str:
        return add_api_key(Office(tx, service.clock.now()), firm.account, firm.user, "tests", scopes)

    return service.database.write(work)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(database: Database, clock: Clock, printer: Printer) -> Service:
    modes = Modes(rate_limits={DIALECT.name: dict(DIALECT.rate_limits)})
    return Service(database, clock, "http://faktura.example", frozenset({HOST}), modes, printer=printer)


@pytest.fixture
def firm(database: Database, clock: Clock) -> Firm:
    return open_firm(database, clock, country="PL", currency="PLN")


@pytest.fixture
def client(service: Service, firm: Firm) -> Client:
    return Client(service, firm)
