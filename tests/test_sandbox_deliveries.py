"""Webhooks of a sandbox meet fault rules on their way out, and stand in the ledger."""

import datetime as dt
from typing import Any

import pytest

from tests import needs
from tests.running import wait_until
from tests.sandboxes import API, JSON, SUBJECTS, Sandbox

pytestmark = needs.FAKTUROID


def rule(sandbox: Sandbox, **terms: Any) -> None:
    answer = sandbox.server.ask("POST", "/sandbox/faults", {"doors": ["webhooks"], **terms}, JSON)
    assert answer.status == 201, answer.body


def issue(sandbox: Sandbox) -> Any:
    buyer = sandbox.call("GET", SUBJECTS).json[0]
    body = {"subject_id": buyer["id"], "lines": [{"name": "Jablka", "quantity": "1", "unit_price": "10"}]}
    answer = sandbox.call("POST", f"{API}/accounts/applecorp/invoices.json", body)
    assert answer.status == 201, answer.body
    return answer.json


def kept(sandbox: Sandbox) -> Any:
    """Deliveries in their order, as the ledger has them."""
    return sandbox.server.ask("GET", "/sandbox/requests?door=webhooks").json["requests"][::-1]


def received(sandbox: Sandbox) -> Any:
    """The numbers of the invoices that the receiver heard of, in their order."""
    messages = sandbox.server.ask("GET", "/sandbox/webhooks").json["webhooks"][::-1]
    return [one["body"]["body"]["invoice"]["number"] for one in messages]


@pytest.mark.parametrize(
    ("fault", "heard", "result"),
    [
        ({"status": 503}, 0, (503, "answered")),
        ({"cut": "before"}, 0, (None, "cut before")),
        ({"lost": True}, 1, (200, "lost")),
        ({"cut": "headers"}, 1, (200, "cut headers")),
    ],
)
def test_a_delivery_meets_a_rule(sandbox: Sandbox, fault: Any, heard: int, result: Any) -> None:
    rule(sandbox, fault=fault)
    issue(sandbox)
    wait_until(lambda: bool(kept(sandbox)))

    [one] = kept(sandbox)
    assert (one["status"], one["result"]) == result
    assert one["faults"] == [1]
    assert len(received(sandbox)) == heard


def test_whoever_lost_the_answer_is_told_again_under_the_same_key(sandbox: Sandbox) -> None:
    now = dt.datetime.now(dt.UTC)
    sandbox.control({"clock": now.isoformat()})
    rule(sandbox, fault={"lost": True}, count=1)
    number = issue(sandbox)["number"]
    wait_until(lambda: bool(kept(sandbox)))
    sandbox.control({"clock": (now + dt.timedelta(minutes=1)).isoformat()})
    wait_until(lambda: len(kept(sandbox)) == 2)

    assert received(sandbox) == [number, number]
    messages = sandbox.server.ask("GET", "/sandbox/webhooks").json["webhooks"]
    assert len({one["headers"]["Idempotency-Key"] for one in messages}) == 1


def test_a_delivery_arrives_as_often_as_the_rule_says(sandbox: Sandbox) -> None:
    rule(sandbox, fault={"duplicate": 3})
    number = issue(sandbox)["number"]
    wait_until(lambda: len(kept(sandbox)) == 3)

    assert received(sandbox) == [number] * 3
    messages = sandbox.server.ask("GET", "/sandbox/webhooks").json["webhooks"]
    assert len({one["headers"]["Idempotency-Key"] for one in messages}) == 1


def test_a_delivery_is_held_back_until_after_the_next_one(sandbox: Sandbox) -> None:
    rule(sandbox, fault={"out_of_order": True})
    first = issue(sandbox)["number"]
    wait_until(lambda: bool(kept(sandbox)))
    assert received(sandbox) == []
    second = issue(sandbox)["number"]
    wait_until(lambda: len(kept(sandbox)) == 3)

    assert received(sandbox) == [second, first]
    assert [(one["status"], one["result"]) for one in kept(sandbox)] == [
        (200, "held back"),
        (200, "answered"),
        (200, "answered"),
    ]


def test_a_delivery_stands_in_the_ledger_with_both_bodies(sandbox: Sandbox) -> None:
    number = issue(sandbox)["number"]
    wait_until(lambda: bool(kept(sandbox)))
    [one] = kept(sandbox)
    shown = sandbox.server.ask("GET", f"/sandbox/requests/{one['id']}").json

    assert shown["address"] == f"{sandbox.told['control_url']}/webhooks"
    assert shown["request"]["json"]["body"]["invoice"]["number"] == number
    assert shown["request"]["headers"]["idempotency-key"]
    assert shown["answer"]["status"] == 200
