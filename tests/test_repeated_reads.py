"""The same read again and again, as clients that poll send it: counted each time, never older than the last write."""

import contextlib
import http.client
from typing import Any

import pytest

from tests import needs
from tests.running import Answer
from tests.sandboxes import Sandbox

pytestmark = needs.FAKTUROID

API = "/fakturoid/api/v3"
SUBJECT = f"{API}/accounts/applecorp/subjects/1.json"
LIST = f"{API}/accounts/applecorp/subjects.json"


class Client:
    """Reads with the same headers each time."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.server = sandbox.server
        self.told = sandbox.told
        self.pair = {name: sandbox.told["fakturoid"][name] for name in ("client_id", "client_secret")}
        sent = {"grant_type": "client_credentials", **self.pair}
        self.token = self.ask("POST", f"{API}/oauth/token", sent).json["access_token"]

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Answer:
        kind = {"Content-Type": "application/json"} if body is not None else {}
        return self.server.ask(method, path, body, {**kind, **headers})

    def read(self, path: str = SUBJECT) -> Answer:
        return self.ask("GET", path, Authorization=f"Bearer {self.token}")

    def read_from(self, address: str) -> int:
        """The status of the same read from another address."""
        where = self.server.host, self.server.port
        with contextlib.closing(http.client.HTTPConnection(*where, source_address=(address, 0))) as line:
            line.request("GET", SUBJECT, headers={"User-Agent": "tests", "Authorization": f"Bearer {self.token}"})
            return line.getresponse().status

    def write(self, method: str, path: str, body: Any) -> Answer:
        return self.ask(method, path, body, Authorization=f"Bearer {self.token}")

    def control(self, **state: Any) -> None:
        assert self.ask("PATCH", "/sandbox", state).status == 200


@pytest.fixture
def client(sandbox: Sandbox) -> Client:
    return Client(sandbox)


def test_each_of_them_is_counted_against_the_limit(client: Client) -> None:
    left = [int(client.read().headers["x-ratelimit"].split("r=")[1].split(";")[0]) for _ in range(6)]
    assert left == list(range(left[0], left[0] - 6, -1))


def test_beyond_the_limit_they_are_refused(client: Client) -> None:
    client.control(rate_limits={"fakturoid": {"all": 4}})
    assert [client.read().status for _ in range(6)] == [200, 200, 200, 200, 429, 429]


def test_what_an_address_is_refused_costs_its_account_nothing(client: Client) -> None:
    client.control(rate_limits={"fakturoid": {"all": 4}, "account": {"all": 8}})
    assert [client.read().status for _ in range(10)] == [200] * 4 + [429] * 6
    assert [client.read_from("127.0.0.2") for _ in range(5)] == [200] * 4 + [429]


def test_what_an_account_is_refused_is_counted_once_for_its_address(client: Client) -> None:
    client.control(rate_limits={"fakturoid": {"all": 7}, "account": {"all": 3}})
    left = [client.read().status for _ in range(5)]
    assert left == [200] * 3 + [429] * 2
    foreign = client.ask("GET", f"{API}/accounts/applecorp/nothing.json", Authorization="Bearer nobody's")
    assert "r=1;" in foreign.headers["x-ratelimit"]


def test_what_was_written_in_between_is_read(client: Client) -> None:
    for name in ("První", "Druhý", "Třetí"):
        assert client.write("PATCH", SUBJECT, {"name": name}).status == 200
        assert [client.read().json["name"] for _ in range(4)] == [name] * 4
        assert [client.read(LIST).json[0]["name"] for _ in range(4)] == [name] * 4


def test_a_token_that_was_revoked_reads_nothing_more(client: Client) -> None:
    assert [client.read().status for _ in range(4)] == [200] * 4
    assert client.ask("POST", f"{API}/oauth/revoke", {"token": client.token, **client.pair}).status == 200
    assert client.read().status == 401


def test_a_token_that_expired_reads_nothing_more(client: Client) -> None:
    assert [client.read().status for _ in range(4)] == [200] * 4
    client.control(clock="2037-01-01T00:00:00Z")
    assert client.read().status == 401


@needs.INFAKT
def test_a_search_that_is_kept_is_refused_while_searches_are_overloaded(client: Client) -> None:
    """The control address puts other modes in the place of those that the search was answered under."""
    key = client.told["infakt"]["api_key"]

    def search() -> int:
        return client.ask("GET", "/infakt/v3/invoices.json?q[paid_price_gt]=0", **{"X-inFakt-ApiKey": key}).status

    assert [search() for _ in range(4)] == [200] * 4
    client.control(busy_search=True)
    assert search() == 503
    client.control(busy_search=False)
    assert search() == 200


def test_another_address_in_the_links_is_another_answer(client: Client) -> None:
    hosts = [f"localhost:{client.server.port}", f"127.0.0.1:{client.server.port}"]
    for host in hosts * 3:
        answer = client.ask("GET", SUBJECT, Authorization=f"Bearer {client.token}", Host=host)
        assert answer.json["url"].startswith(f"http://{host}/")


def test_they_have_the_headers_of_the_first(client: Client) -> None:
    varying = {"date", "x-request-id", "x-ratelimit"}
    answers = [client.read() for _ in range(5)]
    heads = [{name: value for name, value in a.headers.items() if name not in varying} for a in answers]
    assert all(head == heads[0] for head in heads)
    assert len({a.headers["x-request-id"] for a in answers}) == 5
