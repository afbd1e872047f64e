"""Section 1.4: rate limiting."""

import datetime as dt
import re

import pytest
from falcon import testing

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.dialects.fakturoid import DIALECT
from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.store.database import Database
from tests import needs
from tests.firm import open_firm

pytestmark = needs.ONE_ENGINE

NOON = dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC)


@pytest.fixture
def limited(client: Client, clock: Clock) -> Client:
    """Three requests in a window, and a clock that stands."""
    clock.stand_at(NOON)
    client.service.modes.rate_limits["fakturoid"] = {"all": 3}
    return client


def headers(answer: testing.Result) -> tuple[str, str]:
    return answer.headers["X-RateLimit-Policy"], answer.headers["X-RateLimit"]


def test_every_answer_tells_the_policy_and_what_remains(client: Client, clock: Clock) -> None:
    clock.stand_at(NOON)

    answers = [
        client.post("/subjects.json", {"name": "Karel"}),
        client.get("/subjects.json"),
        client.post("/subjects.json", {}),
        client.get("/subjects.json", headers={"Authorization": None}),
        client.get("/subjects.json", headers={"User-Agent": ""}),
        client.get("/subjects.json", headers={"Accept": "text/html"}),
        client.get("/nonsense"),
        client.call("OPTIONS", "/subjects.json"),
        client.delete("/subjects/999.json"),
        client.get("/user.json", whole=True),
        client.get("/invoices.json"),
    ]
    for used, answer in enumerate(answers, start=1):
        assert headers(answer) == ("default;q=200;w=60", f"default;r={200 - used};t=60")


def test_the_header_tells_the_seconds_to_the_end_of_the_window(limited: Client, clock: Clock) -> None:
    assert headers(limited.get("/account.json")) == ("default;q=3;w=60", "default;r=2;t=60")
    clock.stand_at(NOON + dt.timedelta(seconds=12.5))
    assert headers(limited.get("/account.json")) == ("default;q=3;w=60", "default;r=1;t=48")
    clock.stand_at(NOON + dt.timedelta(seconds=59.9))
    assert headers(limited.get("/account.json")) == ("default;q=3;w=60", "default;r=0;t=1")


def test_above_the_quota_is_429_with_the_seconds_to_wait(limited: Client, clock: Clock) -> None:
    assert [limited.get("/account.json").status_code for _ in range(4)] == [200, 200, 200, 429]

    clock.stand_at(NOON + dt.timedelta(seconds=20))
    refused = limited.get("/account.json")
    assert (refused.status_code, refused.json["error"]) == (429, "too_many_requests")
    assert refused.json["error_description"]
    assert refused.headers["Retry-After"] == "40"
    assert headers(refused) == ("default;q=3;w=60", "default;r=0;t=40")


def test_only_a_refusal_tells_when_to_come_back(limited: Client) -> None:
    assert "Retry-After" not in limited.get("/account.json").headers


def test_who_waits_as_long_as_told_is_served_again(limited: Client, clock: Clock) -> None:
    for _ in range(3):
        limited.get("/account.json")
    clock.stand_at(NOON + dt.timedelta(seconds=20))
    wait = int(limited.get("/account.json").headers["Retry-After"])

    clock.stand_at(clock.now() + dt.timedelta(seconds=wait, milliseconds=-1))
    assert limited.get("/account.json").status_code == 429
    clock.stand_at(clock.now() + dt.timedelta(milliseconds=1))
    served = limited.get("/account.json")
    assert served.status_code == 200
    assert headers(served) == ("default;q=3;w=60", "default;r=2;t=60")


def test_nothing_is_written_by_a_request_above_the_quota(limited: Client, clock: Clock) -> None:
    for _ in range(3):
        limited.get("/account.json")

    assert limited.post("/subjects.json", {"name": "Karel"}).status_code == 429
    clock.stand_at(NOON + dt.timedelta(seconds=60))
    assert limited.get("/subjects.json").json == []


def test_requests_without_a_token_are_counted_too(limited: Client) -> None:
    for _ in range(3):
        limited.get("/account.json", headers={"Authorization": None})

    assert limited.get("/account.json").status_code == 429


def test_each_address_has_a_quota_of_its_own(limited: Client) -> None:
    here = [limited.get("/account.json", remote_addr="192.0.2.1").status_code for _ in range(4)]
    there = [limited.get("/account.json", remote_addr="192.0.2.2").status_code for _ in range(4)]

    assert here == there == [200, 200, 200, 429]


def test_the_quota_is_one_for_all_accounts_and_tokens_of_an_address(
    limited: Client, database: Database, clock: Clock
) -> None:
    other = Client(limited.service, open_firm(database, clock, "pearcorp"))
    limited.get("/account.json")

    assert headers(other.get("/account.json"))[1].startswith("default;r=1;")


def test_the_quota_is_200_a_minute_unless_configured_otherwise() -> None:
    assert DIALECT.rate_limits == {"all": 200}


def test_a_changed_quota_holds_at_once(limited: Client) -> None:
    for _ in range(3):
        limited.get("/account.json")

    limited.service.modes.rate_limits["fakturoid"]["all"] = 10
    served = limited.get("/account.json")
    assert (served.status_code, served.headers["X-RateLimit-Policy"]) == (200, "default;q=10;w=60")


def test_a_limit_that_is_switched_off_is_not_told(limited: Client) -> None:
    del limited.service.modes.rate_limits["fakturoid"]["all"]

    answers = [limited.get("/account.json") for _ in range(5)]
    assert {answer.status_code for answer in answers} == {200}
    assert not [name for name in answers[0].headers if "ratelimit" in name.lower()]


def test_clients_can_read_quota_window_remaining_and_reset(limited: Client) -> None:
    policy, left = headers(limited.get("/account.json"))

    assert re.findall(r"[qw]=(\d+)", policy) == ["3", "60"]
    assert re.findall(r"[rt]=(\d+)", left) == ["2", "60"]


def test_an_account_has_a_quota_from_whatever_address_it_is_used(client: Client, clock: Clock) -> None:
    clock.stand_at(NOON)
    client.service.modes.rate_limits["account"] = {"all": 3}
    path, other = "/subjects.json", open_firm(client.service.database, clock, "othercorp")

    answers = [client.get(path, remote_addr=f"192.0.2.{n}") for n in range(3)]
    answers += [client.post(path, {"name": "Karel"}, remote_addr="192.0.2.4")]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    refused = answers[-1]
    assert refused.json["error"] == "too_many_requests"
    assert headers(refused) == ("default;q=3;w=60", "default;r=0;t=60")
    assert refused.headers["Retry-After"] == "60"
    theirs = {"Authorization": f"Bearer {other.token}"}
    assert client.get(f"/accounts/othercorp{path}", whole=True, headers=theirs).status_code == 200
    clock.stand_at(NOON + dt.timedelta(seconds=60))
    assert [client.post(path, {"name": f"Karel {n}"}).status_code for n in range(4)] == [201, 201, 201, 429]


def test_an_account_may_have_a_quota_of_its_own(client: Client) -> None:
    database = client.service.database
    client.service.modes.rate_limits["account"] = {"all": 1}
    database.write(lambda tx: Office(tx, NOON).change(client.firm.account, requests_per_minute=3))

    assert [client.get(f"/subjects.json?page={n}").status_code for n in (1, 2, 3, 4)] == [200, 200, 200, 429]
