"""The same seed gives the same sandbox: credentials, ids, uuids, tokens, links, letters and what webhooks are told."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests import needs
from tests.running import run, running
from tests.sandboxes import API, SUBJECTS, Sandbox, send
from tests.test_sandbox_webhooks import received

pytestmark = needs.ONE_ENGINE

ACCOUNT = f"{API}/accounts/applecorp"
INFAKT = "/infakt/v3"
INSTANT = "2026-11-28T09:00:00Z"


def walk(sandbox: Sandbox) -> Iterator[Any]:
    """Over both doors: sign in, create, issue, pay, share, listen, write, hand in; every answer."""
    yield sandbox.told
    yield sandbox.token
    yield from by_the_first_door(sandbox)
    yield from by_the_second_door(sandbox)


def by_the_first_door(sandbox: Sandbox) -> Iterator[Any]:
    hook = {"webhook_url": f"{sandbox.server.url}/sandbox/webhooks", "events": ["subject_created"]}
    made = sandbox.call("POST", f"{ACCOUNT}/webhooks.json", hook)
    assert made.status == 201, made.body
    yield made.body
    buyer = sandbox.call("POST", SUBJECTS, {"name": "Nová s.r.o.", "email": "nova@nova.example"})
    yield buyer.body
    line = {"name": "Jablka", "quantity": "2", "unit_price": "10"}
    given = {"subject_id": buyer.json["id"], "lines": [line]}
    issued = sandbox.call("POST", f"{ACCOUNT}/invoices.json", given)
    assert issued.status == 201, issued.body
    yield issued.body
    refused = sandbox.call("POST", f"{ACCOUNT}/invoices.json", {**given, "number": issued.json["number"]})
    assert refused.status == 422
    yield sandbox.call("POST", f"{ACCOUNT}/invoices/{issued.json['id']}/payments.json", {}).body
    yield sandbox.call("GET", f"{ACCOUNT}/invoices/{issued.json['id']}.json").body
    # They are told by several threads: each comes when it comes.
    yield sorted(json.dumps({**message, "id": 0}, sort_keys=True) for message in received(sandbox, 3))
    letter = send(sandbox)
    yield sandbox.server.ask("GET", f"/sandbox/mails/{letter['id']}").body


def by_the_second_door(sandbox: Sandbox) -> Iterator[Any]:
    client = sandbox.with_key("api_key", "POST", f"{INFAKT}/clients.json", {"client": {"company_name": "Nowa S.A."}})
    assert client.status == 201, client.body
    yield client.body
    service = {"name": "Usługa", "unit_net_price": 10000, "tax_symbol": "23", "quantity": 1}
    given = {"invoice": {"client_id": client.json["id"], "services": [service]}}
    issued = sandbox.with_key("api_key", "POST", f"{INFAKT}/invoices.json", given)
    assert issued.status == 201, issued.body
    yield issued.body
    for path in ("share_links.json", "paid.json"):
        yield sandbox.with_key("api_key", "POST", f"{INFAKT}/invoices/{issued.json['uuid']}/{path}", {}).body
    yield sandbox.with_key("api_key", "POST", f"{INFAKT}/async/invoices.json", given).body


@needs.FAKTUROID
@needs.INFAKT
def test_the_same_seed_and_clock_answer_the_same_bytes_over_both_doors(tmp_path: Path) -> None:
    walks: list[list[Any]] = []
    port = 0
    for _ in range(2):
        data = tmp_path / str(len(walks))
        begun = ("sandbox", "--data", str(data), "--seed", "seven", "--clock", INSTANT)
        with running(tmp_path, *begun, port=port) as server:
            walks.append(list(walk(Sandbox(server, data))))
            port = server.port

    assert walks[0] == walks[1]


@needs.FAKTUROID
def test_a_sandbox_that_starts_again_goes_on_and_a_reset_brings_its_clock_back(tmp_path: Path) -> None:
    begun = ("sandbox", "--data", str(tmp_path / "data"), "--seed", "7", "--clock", INSTANT)
    tokens, ids = set(), set()
    for _ in range(2):
        with running(tmp_path, *begun) as server:
            sandbox = Sandbox(server, tmp_path / "data")
            ids.add(sandbox.told["fakturoid"]["client_id"])
            tokens |= {sandbox.token, sandbox.sign_in()}
            sandbox.control({"clock": None})
            assert sandbox.state()["clock"] is None
            assert sandbox.reset().json["clock"] == INSTANT
            tokens.add(sandbox.sign_in())

    assert (len(tokens), len(ids)) == (6, 1)


def test_sandbox_json_says_a_seed_by_which_the_same_is_made_again(tmp_path: Path) -> None:
    with running(tmp_path, "sandbox", "--data", str(tmp_path / "first")) as server:
        first = Sandbox(server, tmp_path / "first").told
    with running(tmp_path, "sandbox", "--data", str(tmp_path / "again"), "--seed", first["seed"]) as server:
        again = Sandbox(server, tmp_path / "again").told

    assert len(first["seed"]) == 32
    assert again["web"] == first["web"]
    assert [part.get("client_secret") for part in again.values() if isinstance(part, dict)] == [
        part.get("client_secret") for part in first.values() if isinstance(part, dict)
    ]


def test_a_folder_of_another_seed_is_refused(tmp_path: Path) -> None:
    with running(tmp_path, "sandbox", "--data", str(tmp_path / "data"), "--seed", "1"):
        pass

    refused = run("sandbox", "--data", str(tmp_path / "data"), "--seed", "2")

    assert refused.returncode == 1
    assert refused.stderr.endswith(
        "was made by the seed 1. For another one name another folder, or leave --seed out.\n"
    )


@pytest.mark.parametrize("clock", ["yesterday", "2026-11-28", "2026-11-28T09:00:00"])
def test_a_clock_without_an_offset_is_refused(clock: str) -> None:
    assert "--clock" in run("sandbox", "--clock", clock).stderr
