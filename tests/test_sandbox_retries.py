"""Clients that send again what was not answered, under answers that are lost and connections that are cut."""

import asyncio
import hashlib
import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx2
import pytest
from fakturoid_sdk import AuthType
from fakturoid_sdk.dispatcher import RetryConfig

from tests import fakturoid_sdk, needs
from tests.sandboxes import API, JSON, SUBJECTS, Sandbox

pytestmark = [needs.FAKTUROID, needs.INFAKT]

FAKTUROID = f"{API}/accounts/applecorp/invoices.json"
INFAKT = "/infakt/v3/invoices.json"
ATTEMPTS = 8
LINES = [{"name": "Práce", "quantity": "1", "unit_price": "100"}]


def rule(sandbox: Sandbox, **terms: Any) -> None:
    answer = sandbox.server.ask("POST", "/sandbox/faults", terms, JSON)
    assert answer.status == 201, answer.body


def assertion(sandbox: Sandbox, **expected: Any) -> tuple[int, Any]:
    answer = sandbox.server.ask("POST", "/sandbox/requests/assert", expected, JSON)
    return answer.status, answer.json


def send(sandbox: Sandbox, path: str, body: Any, headers: dict[str, str]) -> int:
    """A plain script: the status, once there is an answer."""
    for _ in range(ATTEMPTS):
        try:
            return sandbox.server.ask("POST", path, body, headers).status
        except (http.client.HTTPException, ConnectionError):
            continue
    pytest.fail("it was never answered")


def order(sandbox: Sandbox, path: str) -> tuple[Any, dict[str, str]]:
    """An invoice as each door takes it, and its credentials."""
    if path == FAKTUROID:
        subject = sandbox.call("GET", SUBJECTS).json[0]["id"]
        return {"subject_id": subject, "lines": LINES}, {"Authorization": f"Bearer {sandbox.token}"}
    client = sandbox.with_key("api_key", "GET", "/infakt/v3/clients.json").json["entities"][0]["id"]
    services = [{"name": "Praca", "quantity": 1, "net_price": 10000, "tax_symbol": "23"}]
    invoice = {"client_id": client, "payment_method": "transfer", "services": services}
    return {"invoice": invoice}, {"X-inFakt-ApiKey": sandbox.told["infakt"]["api_key"]}


def count(sandbox: Sandbox, path: str) -> int:
    _, headers = order(sandbox, path)
    found = sandbox.server.ask("GET", path, headers=headers).json
    return len(found) if path == FAKTUROID else int(found["metainfo"]["total_count"])


@pytest.mark.parametrize("path", [FAKTUROID, INFAKT])
@pytest.mark.parametrize("fault", [{"lost": True}, {"cut": "headers"}, {"cut": "body"}, {"cut": "before"}])
def test_a_script_with_a_key_ends_with_one_invoice(sandbox: Sandbox, path: str, fault: Any) -> None:
    before = count(sandbox, path)
    body, headers = order(sandbox, path)
    rule(sandbox, fault=fault, method="POST", path=path, count=3)

    assert send(sandbox, path, body, headers | {"Idempotency-Key": "order-7"}) == 201
    assert count(sandbox, path) == before + 1
    asked = {"method": "POST", "path": path, "key": "order-7", "body": body}
    assert assertion(sandbox, **asked, times=4)[0] == 200


@pytest.mark.parametrize("path", [FAKTUROID, INFAKT])
def test_without_a_key_the_ledger_shows_the_double(sandbox: Sandbox, path: str) -> None:
    before = count(sandbox, path)
    body, headers = order(sandbox, path)
    rule(sandbox, fault={"lost": True}, method="POST", path=path, count=1)

    assert send(sandbox, path, body, headers) == 201
    assert count(sandbox, path) == before + 2
    status, said = assertion(sandbox, method="POST", path=path, body=body, status=201)
    assert (status, said["holds"], len(said["found"]), said["expected"]) == (417, False, 2, "1 times")


@pytest.mark.parametrize(("keyed", "made"), [(True, 1), (False, 3)])
def test_the_sdk_that_sends_again_ends_with_one_invoice_if_it_sends_a_key(
    sandbox: Sandbox, made: int, *, keyed: bool
) -> None:
    before = count(sandbox, FAKTUROID)
    body, _ = order(sandbox, FAKTUROID)

    async def name(request: httpx2.Request) -> None:
        if keyed and request.method == "POST" and "invoices" in request.url.path:
            request.headers["Idempotency-Key"] = hashlib.sha256(request.content).hexdigest()

    async def issue() -> Any:
        retry = RetryConfig(max_attempts=ATTEMPTS, min_wait_seconds=0, retry_methods=frozenset({"GET", "POST"}))
        async with httpx2.AsyncClient(event_hooks={"request": [name]}) as http_client:
            client = fakturoid_sdk.Sandbox(sandbox.server, sandbox.told).client(http_client=http_client, retry=retry)
            await client.auth.auth(AuthType.CLIENT_CREDENTIALS_CODE_FLOW)
            return await client.invoices.create(body)

    rule(sandbox, fault={"lost": True}, method="POST", path="/accounts/{slug}/invoices.json", count=2)
    created = asyncio.run(issue())

    assert created["total"]
    assert count(sandbox, FAKTUROID) == before + made
    sent = sandbox.server.ask("GET", "/sandbox/requests?method=POST&path=/accounts/*/invoices.json").json["requests"]
    assert [(one["status"], one["result"]) for one in sent] == [(201, "answered"), (201, "lost"), (201, "lost")]


def test_two_clients_at_the_same_time_end_with_one_invoice_for_each_key(sandbox: Sandbox) -> None:
    sandbox.control({"rate_limits": None})
    before = count(sandbox, FAKTUROID)
    body, headers = order(sandbox, FAKTUROID)
    for fault in ({"lost": True}, {"cut": "before"}, {"cut": "body"}):
        rule(sandbox, fault=fault, method="POST", path=FAKTUROID, share=0.2, seed=3)

    def client(name: str) -> list[int]:
        return [send(sandbox, FAKTUROID, body, headers | {"Idempotency-Key": f"{name}-{n}"}) for n in range(15)]

    with ThreadPoolExecutor(2) as pool:
        statuses = [status for found in pool.map(client, ("a", "b")) for status in found]

    sandbox.server.ask("DELETE", "/sandbox/faults")
    assert statuses == [201] * 30
    assert count_all(sandbox) == before + 30
    assert len({json.dumps(one["number"]) for one in invoices(sandbox)}) == before + 30


def invoices(sandbox: Sandbox) -> list[Any]:
    found: list[Any] = []
    while page := sandbox.call("GET", f"{FAKTUROID}?page={len(found) // 40 + 1}").json:
        found += page
        if len(page) < 40:
            break
    return found


def count_all(sandbox: Sandbox) -> int:
    return len(invoices(sandbox))


@pytest.mark.parametrize(
    ("expected", "differs"),
    [
        ({"key": "other"}, [{"at": "key", "expected": "other", "found": "k1"}]),
        ({"body": {"name": "Petr"}}, [{"at": "body.name", "expected": "Petr", "found": "Karel"}]),
        ({"body": {"tags": ["a"]}}, [{"at": "body.tags", "expected": ["a"], "found": ["a", "b"]}]),
        ({"body": {"street": "x"}}, [{"at": "body.street", "expected": "x", "found": "(is not there)"}]),
        ({"status": 422}, [{"at": "status", "expected": 422, "found": 201}]),
        ({"door": "infakt"}, [{"at": "door", "expected": "infakt", "found": "fakturoid"}]),
    ],
)
def test_what_does_not_hold_is_said_with_what_comes_nearest(sandbox: Sandbox, expected: Any, differs: Any) -> None:
    sandbox.call("GET", f"{API}/user.json")
    body = {"name": "Karel", "tags": ["a", "b"], "type": "customer"}
    assert sandbox.call("POST", SUBJECTS, body, Idempotency_Key="k1").status == 201
    asked = {"method": "POST", "path": "/accounts/{slug}/subjects.json", "key": "k1", "body": {"name": "Karel"}}

    assert assertion(sandbox, **asked)[0] == 200
    assert assertion(sandbox, **asked, times={"at_least": 1})[0] == 200
    assert assertion(sandbox, **asked, times=0)[0] == 417
    status, said = assertion(sandbox, **asked | expected)
    assert (status, said["holds"], said["found"]) == (417, False, [])
    assert said["nearest"][0]["differs"] == differs
    last = said["nearest"][0]["id"]
    assert assertion(sandbox, **asked, times=0, since=last)[0] == 200


@pytest.mark.parametrize("wrong", [{"metod": "POST"}, {"times": -1}, {"times": {"least": 1}}, {"since": "x"}])
def test_a_wrong_assertion_is_refused_with_what_there_is(sandbox: Sandbox, wrong: Any) -> None:
    status, said = assertion(sandbox, **wrong)

    assert status == 400
    assert "door, method, path, key, body, status, times, since" in said["error_description"]
