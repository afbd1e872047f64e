"""What fault rules do to requests on their way, by a started sandbox and raw sockets."""

import json
import socket
import ssl
import time
from pathlib import Path
from typing import Any

import pytest

from tests import needs
from tests.running import PATIENCE, Answer, running
from tests.sandboxes import API, JSON, SUBJECTS, Sandbox

pytestmark = needs.FAKTUROID


def rule(sandbox: Sandbox, **terms: Any) -> Any:
    answer = sandbox.server.ask("POST", "/sandbox/faults", terms, JSON)
    assert answer.status == 201, answer.body
    return answer.json


def rules(sandbox: Sandbox) -> Any:
    return sandbox.server.ask("GET", "/sandbox/faults").json["faults"]


def add(sandbox: Sandbox, name: str) -> Answer:
    return sandbox.call("POST", SUBJECTS, {"name": name})


def found(sandbox: Sandbox, name: str) -> int:
    """How many contacts have that name."""
    return sum(one["name"] == name for page in (1, 2, 3) for one in sandbox.call("GET", f"{SUBJECTS}?page={page}").json)


def raw(sandbox: Sandbox, method: str, path: str, body: Any = None) -> bytes:
    """All bytes that come before the server ends the connection, which the client does not ask for."""
    sent = b"" if body is None else json.dumps(body).encode()
    head = (
        f"{method} {path} HTTP/1.1\r\nHost: {sandbox.server.host}:{sandbox.server.port}\r\n"
        f"User-Agent: tests\r\nAuthorization: Bearer {sandbox.token}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(sent)}\r\n\r\n"
    )
    with socket.create_connection((sandbox.server.host, sandbox.server.port), timeout=PATIENCE) as line:
        line.sendall(head.encode() + sent)
        parts = []
        while part := line.recv(65536):
            parts.append(part)
        return b"".join(parts)


def test_a_status_is_answered_without_any_work(sandbox: Sandbox) -> None:
    made = rule(sandbox, fault={"status": 503, "body": {"a": 1}, "headers": {"Retry-After": "7"}}, method="POST")
    answer = add(sandbox, "Nobody")

    assert (answer.status, answer.json, answer.headers["retry-after"]) == (503, {"a": 1}, "7")
    assert answer.headers["faktura-fault"] == str(made["id"])
    assert found(sandbox, "Nobody") == 0
    assert sandbox.server.ask("DELETE", f"/sandbox/faults/{made['id']}").status == 204
    answer = add(sandbox, "Somebody")
    assert (answer.status, "faktura-fault" in answer.headers) == (201, False)


def test_a_lost_answer_is_no_byte_and_the_work_is_done(sandbox: Sandbox) -> None:
    made = rule(sandbox, fault={"lost": True}, method="POST", path="/accounts/{slug}/subjects.json", count=1)

    assert raw(sandbox, "POST", SUBJECTS, {"name": "Lost and found"}) == b""
    assert found(sandbox, "Lost and found") == 1
    assert add(sandbox, "Another").status == 201
    kept = sandbox.server.ask("GET", "/sandbox/requests?method=POST").json["requests"]
    assert [(one["status"], one["result"], one["faults"]) for one in kept] == [
        (201, "answered", []),
        (201, "lost", [made["id"]]),
    ]


@pytest.mark.parametrize(("cut", "done"), [("before", 0), ("headers", 1), ("body", 1)])
def test_a_connection_is_cut_where_the_rule_says(sandbox: Sandbox, cut: str, done: int) -> None:
    whole = raw_whole(add(sandbox, "Whole"))
    rule(sandbox, fault={"cut": cut}, doors=["fakturoid"], count=1)

    came = raw(sandbox, "POST", SUBJECTS, {"name": "Cut"})
    head, separator, body = came.partition(b"\r\n\r\n")
    if cut == "before":
        assert came == b""
    else:
        assert head.startswith(b"HTTP/1.1 201")
        assert b"faktura-fault: 1" in head
        assert separator
        assert (len(body) > 0) == (cut == "body")
        assert len(body) < len(whole)
    assert found(sandbox, "Cut") == done


def raw_whole(answer: Answer) -> bytes:
    assert answer.status == 201
    return answer.body


def test_latency_holds_up_nobody_else(sandbox: Sandbox) -> None:
    rule(sandbox, fault={"latency_ms": 700}, path="/user.json")
    began = time.monotonic()
    answer = sandbox.call("GET", f"{API}/user.json")

    assert time.monotonic() - began >= 0.7
    assert (answer.status, answer.headers["faktura-fault"]) == (200, "1")
    [one] = sandbox.server.ask("GET", "/sandbox/requests?path=/user.json").json["requests"]
    assert one["milliseconds"] >= 700


def test_the_same_seed_strikes_the_same_requests(sandbox: Sandbox) -> None:
    def struck() -> list[bool]:
        sandbox.reset()
        rule(sandbox, fault={"status": 500}, share=0.5, seed=7, after=2, path="/user.json")
        return [sandbox.call("GET", f"{API}/user.json").status == 500 for _ in range(20)]

    first = struck()
    assert first == struck()
    assert not any(first[:2])
    assert 0 < sum(first) < 18
    [shown] = rules(sandbox)
    assert (shown["fitted"], shown["hits"]) == (20, sum(first))


@pytest.mark.parametrize(
    ("terms", "said"),
    [
        ({}, "fault"),
        ({"fault": {}}, "status, latency_ms, cut, lost"),
        ({"fault": {"status": 503, "lost": True}}, "exactly one"),
        ({"fault": {"status": 99}}, "$.fault.status"),
        ({"fault": {"cut": "middle"}}, "$.fault.cut"),
        ({"fault": {"lost": True}, "door": "fakturoid"}, "doors"),
        ({"fault": {"lost": True}, "doors": ["nobody"]}, "fakturoid"),
        ({"fault": {"lost": True}, "share": 2}, "$.share"),
        ({"fault": {"lost": True}, "method": "FETCH"}, "$.method"),
        ({"fault": {"lost": True}, "path": "/accounts/*/invoice.json"}, "/accounts/{slug}/invoices.json"),
        ({"fault": {"lost": True}, "path": "/user.json", "method": "DELETE", "doors": ["fakturoid"]}, "GET"),
        ({"fault": {"duplicate": 2}, "doors": ["fakturoid"]}, "webhooks alone"),
        ({"fault": {"status": 200, "headers": {"Content-Length": "5"}}}, "Content-Length"),
        ({"fault": {"status": 200, "headers": {"A b": "5"}}}, "A b"),
        ({"fault": {"lost": True, "body": "x"}}, "status"),
    ],
)
def test_a_wrong_rule_is_refused_with_what_there_is(sandbox: Sandbox, terms: Any, said: str) -> None:
    answer = sandbox.server.ask("POST", "/sandbox/faults", terms, JSON)

    assert answer.status == 400
    assert said in answer.json["error_description"]
    assert rules(sandbox) == []


def test_an_unknown_rule_is_404_with_those_there_are(sandbox: Sandbox) -> None:
    rule(sandbox, fault={"lost": True}, path="/user.json")

    for method in ("GET", "DELETE"):
        answer = sandbox.server.ask(method, "/sandbox/faults/9")
        assert (answer.status, answer.json["error_description"]) == (404, "There is no rule 9; there are 1")


def test_rules_without_a_hit_say_so_and_a_reset_deletes_them(sandbox: Sandbox) -> None:
    made = rule(sandbox, fault={"status": 500}, path="/accounts/{slug}/invoices/*.json", method="GET")

    assert made == {
        "id": 1,
        "fault": {"status": 500},
        "doors": ["fakturoid", *(["infakt"] if "infakt" in sandbox.told else [])],
        "method": "GET",
        "path": "/accounts/{slug}/invoices/*.json",
        "share": 1.0,
        "count": None,
        "after": 0,
        "seed": 1,
        "fitted": 0,
        "hits": 0,
    }
    assert rules(sandbox) == [made]
    sandbox.reset()
    assert rules(sandbox) == []


def test_control_and_health_meet_no_rule(sandbox: Sandbox) -> None:
    rule(sandbox, fault={"status": 500}, doors=["fakturoid", "pages"])

    assert sandbox.server.ask("GET", "/healthz").status == 200
    assert sandbox.server.ask("GET", "/sandbox/panel").status == 200
    assert sandbox.server.ask("GET", "/sign-in").status == 500
    assert sandbox.server.ask("DELETE", "/sandbox/faults").status == 204
    assert sandbox.server.ask("GET", "/sign-in").status == 200


def test_a_lost_answer_is_no_byte_over_https_either(tmp_path: Path) -> None:
    with running(tmp_path, "sandbox", "--tls", "--data", str(tmp_path / "data")) as server:
        told = json.loads((tmp_path / "data" / "sandbox.json").read_bytes())
        context = ssl.create_default_context(cafile=told["ca_file"])

        def ask(method: str, path: str, body: bytes = b"") -> bytes:
            head = f"{method} {path} HTTP/1.1\r\nHost: localhost:{server.port}\r\nContent-Length: {len(body)}\r\n\r\n"
            with (
                socket.create_connection((server.host, server.port), timeout=PATIENCE) as line,
                context.wrap_socket(line, server_hostname="localhost", suppress_ragged_eofs=True) as sealed,
            ):
                sealed.sendall(head.encode() + body)
                return sealed.recv(65536)

        assert ask("POST", "/sandbox/faults", b'{"doors": ["pages"], "fault": {"lost": true}}').startswith(
            b"HTTP/1.1 201"
        )
        assert ask("GET", "/sign-in") == b""
        assert b'"result": "lost"' in ask("GET", "/sandbox/requests")
