"""The ledger of a sandbox: what was asked and answered, to be listed, searched, looked into and told again."""

import base64
import os
import subprocess
import threading
from typing import Any

import pytest

from faktura.core.clock import Clock
from faktura.sandbox.control import ledger as ledgers
from faktura.sandbox.control.ledger import MOST_OF_BODY, Half, Ledger
from faktura.sandbox.control.paths import Place
from tests import needs
from tests.sandboxes import API, SUBJECTS, Sandbox


def kept(sandbox: Sandbox, query: str = "") -> Any:
    """What was asked; a webhook of the test before may still be on its way."""
    found = sandbox.server.ask("GET", f"/sandbox/requests{query}").json["requests"]
    return [one for one in found if one["door"] != "webhooks"]


@needs.FAKTUROID
def test_a_request_is_kept_with_its_answer_before_that_is_given(sandbox: Sandbox) -> None:
    sandbox.control({"clock": "2027-03-01T12:00:00Z"})
    of_today = {"Authorization": f"Bearer {sandbox.sign_in()}"}
    sandbox.server.ask("DELETE", "/sandbox/requests")
    made = sandbox.call("POST", f"{SUBJECTS}?a=1", {"name": "Žlutý kůň"}, **of_today)

    [listed] = kept(sandbox)
    shown = sandbox.server.ask("GET", f"/sandbox/requests/{listed['id']}").json
    assert {name: shown[name] for name in listed} == listed
    assert listed["milliseconds"] > 0
    assert {name: listed[name] for name in listed if name not in {"id", "milliseconds"}} == {
        "at": "2027-03-01T12:00:00Z",
        "door": "fakturoid",
        "method": "POST",
        "path": SUBJECTS,
        "query": "a=1",
        "status": 201,
        "result": "answered",
        "faults": [],
    }
    assert shown["address"] == f"{sandbox.server.url}{SUBJECTS}?a=1"
    assert shown["request"]["json"] == {"name": "Žlutý kůň"}
    assert shown["request"]["headers"]["authorization"] == "Bearer $TOKEN"
    assert shown["answer"]["status"] == 201
    assert shown["answer"]["body"].encode() == made.body
    assert shown["answer"]["headers"]["x-request-id"] == made.headers["x-request-id"]


@needs.FAKTUROID
def test_what_was_refused_is_kept_too(sandbox: Sandbox) -> None:
    sandbox.server.ask("GET", SUBJECTS)
    sandbox.server.ask("POST", "/sign-in", raw=b"email=x")

    found = [(one["door"], one["method"], one["status"]) for one in kept(sandbox)]
    assert found == [("pages", "POST", 400), ("fakturoid", "GET", 401)]


@needs.FAKTUROID
def test_filters_narrow_the_list(sandbox: Sandbox) -> None:
    sandbox.call("GET", f"{API}/user.json")
    sandbox.call("POST", SUBJECTS, {"name": "Needle"})
    sandbox.server.ask("GET", "/sign-in")
    first = kept(sandbox)[-1]["id"]

    def paths(query: str) -> list[str]:
        return [one["path"] for one in kept(sandbox, query)]

    assert paths("?door=pages") == ["/sign-in"]
    assert paths("?method=post") == [SUBJECTS]
    assert paths("?path=/accounts/*/subjects.json") == [SUBJECTS]
    assert paths("?path=/fakturoid/**") == [SUBJECTS, f"{API}/user.json"]
    assert paths("?status=2xx&door=fakturoid") == [SUBJECTS, f"{API}/user.json"]
    assert paths("?status=201") == [SUBJECTS]
    assert paths("?contains=Needle") == [SUBJECTS]
    assert paths(f"?since={first}") == ["/sign-in", SUBJECTS]
    assert paths("?limit=1") == ["/sign-in"]


@pytest.mark.parametrize("query", ["?dor=pages", "?status=x", "?status=40", "?since=-1", "?limit=many"])
def test_a_filter_that_there_is_not_is_refused(sandbox: Sandbox, query: str) -> None:
    answer = sandbox.server.ask("GET", f"/sandbox/requests{query}")

    assert (answer.status, answer.json["error"]) == (400, "invalid_request")


def test_an_unknown_request_is_404_with_those_there_are(sandbox: Sandbox) -> None:
    sandbox.server.ask("GET", "/sign-in")
    number = kept(sandbox)[0]["id"]
    answer = sandbox.server.ask("GET", "/sandbox/requests/999999999")

    assert answer.status == 404
    assert f"from {number} to {number}" in answer.json["error_description"]
    assert sandbox.server.ask("DELETE", "/sandbox/requests").status == 204
    assert kept(sandbox) == []


@needs.FAKTUROID
@pytest.mark.parametrize("name", ["Karel", 'O\'Neill "& Sons" $HOME `ls`\n\\'])
def test_the_line_for_the_shell_asks_the_same_again(sandbox: Sandbox, name: str) -> None:
    sandbox.call("POST", f"{SUBJECTS}?a=b%20c", {"name": name}, Idempotency_Key="7 '\"$x")
    number = kept(sandbox)[0]["id"]
    line = sandbox.server.ask("GET", f"/sandbox/requests/{number}/curl").body.decode()

    assert sandbox.token not in line
    done = subprocess.run(  # noqa: S603 (of the ledger)
        ["bash", "-c", line],  # noqa: S607 (the shell that it is written for)
        env={**os.environ, "TOKEN": sandbox.token},
        capture_output=True,
        check=True,
    )
    again, before = (sandbox.server.ask("GET", f"/sandbox/requests/{kept(sandbox)[n]['id']}").json for n in (0, 1))
    assert again["request"]["body"] == before["request"]["body"]
    assert again["address"] == before["address"]
    assert again["request"]["headers"]["idempotency-key"] == "7 '\"$x"
    assert done.stdout.decode() == before["answer"]["body"]


@needs.INFAKT
def test_secrets_in_headers_are_not_kept(sandbox: Sandbox) -> None:
    sandbox.with_key("api_key", "GET", "/infakt/v3/clients.json")
    basic = base64.b64encode(b"somebody:secret").decode()
    sandbox.server.ask("GET", "/sign-in", headers={"Authorization": f"Basic {basic}", "Cookie": "session=secret"})

    page, key = (sandbox.server.ask("GET", f"/sandbox/requests/{one['id']}").json for one in kept(sandbox))
    assert key["request"]["headers"]["x-infakt-apikey"] == "$API_KEY"
    assert page["request"]["headers"]["authorization"] == "Basic $CREDENTIALS"
    assert page["request"]["headers"]["cookie"] == "$COOKIE"
    assert "=$COOKIE;" in page["answer"]["headers"]["set-cookie"]


def put(ledger: Ledger, body: bytes = b"") -> None:
    ledger.add(
        place=Place("pages", "/", "/"),
        method="POST",
        address="http://localhost/",
        request=Half((), body, len(body)),
        answer=Half((), b"", 0),
        status=200,
        milliseconds=1.0,
        faults=(),
        result="answered",
    )


def test_the_last_thousand_are_kept_whoever_adds_them() -> None:
    ledger = Ledger(Clock())

    def thousand() -> None:
        for _ in range(1000):
            put(ledger)

    clients = [threading.Thread(target=thousand) for _ in range(2)]
    for one in clients:
        one.start()
    for one in clients:
        one.join()

    assert [one.id for one in ledger.exchanges] == list(range(2000, 1000, -1))
    assert (ledger.fill()["kept"], ledger.fill()["forgotten"]) == (1000, 1000)


def test_so_many_bytes_are_kept_and_the_oldest_forgotten() -> None:
    ledger = Ledger(Clock())
    for _ in range(100):
        put(ledger, b"x" * MOST_OF_BODY)

    fill = ledger.fill()
    assert fill["bytes"] <= fill["most_bytes"]
    assert fill["kept"] + fill["forgotten"] == 100
    assert fill["kept"] == ledgers.MOST_BYTES // (MOST_OF_BODY + ledgers.OVERHEAD)


@needs.FAKTUROID
def test_of_a_long_body_the_beginning_is_kept_and_its_length(sandbox: Sandbox) -> None:
    sandbox.call("POST", SUBJECTS, {"name": "Long", "note": "x" * 300_000})
    shown = sandbox.server.ask("GET", f"/sandbox/requests/{kept(sandbox)[0]['id']}").json["request"]

    assert shown["cut"] is True
    assert shown["bytes"] > 300_000
    assert len(shown["body"]) == MOST_OF_BODY
