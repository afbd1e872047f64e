"""The sandbox's own receiver of webhooks: it keeps and shows what it is told, fails or hangs when that is wanted."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from falcon import testing

from faktura.core.clock import Clock
from faktura.outputs.mail.box import MailBox
from faktura.sandbox.control.application import control_application
from faktura.sandbox.control.control import Control
from faktura.sandbox.outside import receiver
from faktura.sandbox.outside.receiver import MOST, Failing, Receiver
from faktura.store.database import Database
from faktura.wire.service import Service
from tests import needs
from tests.running import PATIENCE
from tests.sandboxes import API, JSON, SUBJECTS, Sandbox

LOCAL: dict[str, Any] = {"remote_addr": "127.0.0.1", "headers": {"Host": "localhost:8000", **JSON}}


pytestmark = needs.ONE_ENGINE


@pytest.fixture
def control(database: Database, tmp_path: Path) -> testing.TestClient:
    """The control address without a server."""
    service = Service(database, Clock(), "http://faktura.example")
    return testing.TestClient(control_application(Control(service, tmp_path / "example.sqlite", MailBox())))


def received(sandbox: Sandbox, count: int = 1) -> Any:
    """What came, once so much did."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = sandbox.server.ask("GET", "/sandbox/webhooks").json["webhooks"]
        if len(found) >= count:
            return found
        time.sleep(0.05)
    pytest.fail(f"there are not {count} messages")


@needs.FAKTUROID
def test_the_example_webhook_tells_the_sandbox_itself(sandbox: Sandbox) -> None:
    buyer = sandbox.call("GET", SUBJECTS).json[0]
    line = {"name": "Jablka", "quantity": "1", "unit_price": "10"}
    body = {"subject_id": buyer["id"], "lines": [line]}
    invoice = sandbox.call("POST", f"{API}/accounts/applecorp/invoices.json", body).json

    [message] = received(sandbox)

    assert message["body"]["event_name"] == "invoice_created"
    assert message["body"]["body"]["invoice"]["number"] == invoice["number"]
    assert message["body"]["body"]["invoice"]["url"] == invoice["url"]
    assert message["answered"] == 200
    assert message["headers"].keys() == {"Content-Type", "Idempotency-Key", "User-Agent"}
    assert sandbox.server.ask("DELETE", "/sandbox/webhooks").status == 204
    assert sandbox.server.ask("GET", "/sandbox/webhooks").json == {"webhooks": []}


def test_it_answers_the_next_ones_as_it_is_told_and_then_takes_all_again(sandbox: Sandbox) -> None:
    assert sandbox.control({"webhooks": {"fail_next": 2, "status": 503}}).status == 200
    statuses = [sandbox.server.ask("POST", "/sandbox/webhooks", {"n": n}, JSON).status for n in range(3)]

    assert statuses == [503, 503, 200]
    assert [one["body"]["n"] for one in received(sandbox, 3)] == [2, 1, 0]
    assert sandbox.state()["webhooks"]["fail_next"] == 0


def test_while_one_waits_others_are_served(sandbox: Sandbox) -> None:
    sandbox.control({"webhooks": {"fail_next": 1, "status": 500, "hang_seconds": 3}})
    with ThreadPoolExecutor(1) as pool:
        hanging = pool.submit(sandbox.server.ask, "POST", "/sandbox/webhooks", {"n": 1}, JSON)
        while sandbox.state()["webhooks"]["fail_next"]:
            time.sleep(0.05)
        assert not hanging.done()
        assert hanging.result().status == 500

    assert [one["answered"] for one in received(sandbox)] == [500]


@needs.FAKTUROID
def test_a_reset_forgets_what_was_told_and_the_example_webhook_leads_here_still(sandbox: Sandbox) -> None:
    sandbox.server.ask("POST", "/sandbox/webhooks", {"n": 1}, JSON)
    sandbox.control({"webhooks": {"fail_next": 5}})
    assert sandbox.server.ask("POST", "/sandbox/reset").status == 200

    assert sandbox.server.ask("GET", "/sandbox/webhooks").json == {"webhooks": []}
    assert sandbox.state()["webhooks"] == {"fail_next": 0, "status": 500, "hang_seconds": 0}
    test_the_example_webhook_tells_the_sandbox_itself(sandbox)


def test_it_keeps_the_last_messages_and_no_more() -> None:
    own = Receiver(Clock())
    for number in range(MOST + 5):
        own.take({}, str(number).encode())

    assert [message.body for message in own.messages] == [str(n) for n in range(MOST + 4, 4, -1)]


def test_it_answers_a_question_whether_it_wants_to_be_told_as_it_came(control: testing.TestClient) -> None:
    question = b'{"verification_code":"1"}'

    assert control.simulate_post("/webhooks", body=question, **LOCAL).content == question
    assert control.simulate_post("/webhooks", body=b'{"event":{}}', **LOCAL).content == b""


def test_what_is_too_long_is_refused_and_what_is_no_json_is_kept_as_a_text(
    control: testing.TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiver, "MOST_BYTES", 20)

    assert control.simulate_post("/webhooks", body=b"x" * 21, **LOCAL).status_code == 400
    assert control.simulate_post("/webhooks", body=b"no JSON", **LOCAL).status_code == 200
    [message] = control.simulate_get("/webhooks", **LOCAL).json["webhooks"]
    assert message["body"] == "no JSON"


def test_nobody_from_the_network_reaches_it(control: testing.TestClient) -> None:
    answer = control.simulate_post("/webhooks", body=b"{}", remote_addr="192.0.2.1", headers={"Host": "localhost"})

    assert answer.status_code == 403


def test_without_a_server_that_can_wait_the_thread_does(control: testing.TestClient) -> None:
    patch = b'{"webhooks": {"fail_next": 1, "hang_seconds": 1, "status": 502}}'
    assert control.simulate_patch("/", body=patch, **LOCAL).status_code == 200

    assert control.simulate_post("/webhooks", body=b"{}", **LOCAL).status_code == 502
    assert Failing().fail_next == 0
