"""What `faktura.testing` promises, asked for as a customer's test does."""

import datetime as dt
import json
import urllib.request
from typing import Any

import pytest

from faktura.testing import Refused, Sandbox, World, attached
from tests import needs

pytestmark = [needs.FAKTUROID, needs.INFAKT]


def ask(world: World, path: str, body: Any = None) -> Any:
    """As a program of the customer does at the Fakturoid API."""
    fakturoid = world.fakturoid
    headers = {"Authorization": f"Bearer {fakturoid.token()}", "Content-Type": "application/json"}
    address = f"{fakturoid.base_url}/accounts/{fakturoid.slug}{path}"
    request = urllib.request.Request(address, None if body is None else json.dumps(body).encode(), headers)  # noqa: S310 (here)
    with urllib.request.urlopen(request) as answer:  # noqa: S310 (here)
        return json.loads(answer.read())


def names(world: World) -> set[str]:
    return {subject["name"] for page in (1, 2, 3) for subject in ask(world, f"/subjects.json?page={page}")}


def test_credentials_of_both_apis_open_them(faktura_world: World) -> None:
    infakt = faktura_world.infakt
    request = urllib.request.Request(f"{infakt.base_url}/clients.json", headers={"X-inFakt-ApiKey": infakt.api_key})  # noqa: S310 (here)
    with urllib.request.urlopen(request) as answer:  # noqa: S310 (here)
        clients = json.loads(answer.read())

    assert clients["metainfo"]["count"] > 0
    assert names(faktura_world)
    assert faktura_world.fakturoid.base_url.startswith(faktura_world.base_url)
    assert faktura_world.fakturoid.integration.redirect_uri


@pytest.mark.parametrize("time", ["first", "second"])
def test_what_a_test_leaves_behind_another_does_not_find(faktura_world: World, time: str) -> None:
    assert "Žlutý kůň s.r.o." not in names(faktura_world), time
    ask(faktura_world, "/subjects.json", {"name": "Žlutý kůň s.r.o."})
    assert "Žlutý kůň s.r.o." in names(faktura_world)


def test_worlds_that_are_there_together_do_not_see_each_other(faktura_sandbox: Sandbox) -> None:
    with faktura_sandbox.world() as one, faktura_sandbox.world(empty=True) as other:
        one.clock.stand_at("2027-01-01T00:00:00Z")
        ask(one, "/subjects.json", {"name": "Žlutý kůň s.r.o."})
        assert names(other) == set()
        assert other.state["clock"] is None
        gone = other
    with pytest.raises(Refused):
        assert gone.state
    assert "Žlutý kůň s.r.o." not in names(faktura_sandbox.main)


def test_the_clock_stands_is_advanced_and_goes_again(faktura_world: World) -> None:
    clock = faktura_world.clock
    clock.stand_at("2027-01-01T00:00:00+01:00")
    clock.advance(days=3, hours=1)
    assert clock.now() == dt.datetime(2027, 1, 4, tzinfo=dt.UTC)
    clock.stand_at(dt.datetime(2027, 2, 1, tzinfo=dt.UTC))
    assert faktura_world.state["clock"] == "2027-02-01T00:00:00Z"
    clock.go()
    assert faktura_world.state["clock"] is None


def test_the_state_is_changed_and_a_refusal_says_what_is_known(faktura_world: World) -> None:
    assert faktura_world.change(read_only=True)["read_only"] is True
    with pytest.raises(Refused, match="There is no clok; there are clock") as refused:
        faktura_world.change(clok=None)
    assert (refused.value.status, refused.value.code) == (400, "invalid_request")
    faktura_world.reset()
    assert faktura_world.state["read_only"] is False


def test_letters_and_messages_begin_empty(faktura_world: World) -> None:
    assert (faktura_world.mails, faktura_world.webhooks) == ([], [])


def test_a_lost_answer_is_asked_for_again_and_the_ledger_has_both(faktura_world: World) -> None:
    fault = faktura_world.fault({"lost": True}, method="POST", path="/accounts/{slug}/subjects.json", count=1)
    with pytest.raises(OSError):  # noqa: PT011 (the connection ends, in whatever way the system says it)
        ask(faktura_world, "/subjects.json", {"name": "Žlutý kůň s.r.o."})
    ask(faktura_world, "/subjects.json", {"name": "Žlutý kůň s.r.o."})
    assert fault.hits == 1
    posts = faktura_world.requests(method="POST", path="/accounts/*/subjects.json")
    assert [post["result"] for post in posts] == ["answered", "lost"]
    fault.end()
    with pytest.raises(Refused, match=f"no rule {fault.id}"):
        assert fault.hits


def test_a_world_is_kept_compared_and_rewound(faktura_world: World) -> None:
    faktura_world.checkpoint("before")
    ask(faktura_world, "/subjects.json", {"name": "Žlutý kůň s.r.o."})
    added = [one for one in faktura_world.changes("before") if one["record"] == "contacts"]
    assert [(one["change"], one["attributes"]["name"]) for one in added] == [("added", "Žlutý kůň s.r.o.")]
    faktura_world.rewind("before")
    assert "Žlutý kůň s.r.o." not in names(faktura_world)
    assert faktura_world.do_jobs() >= 0
    with pytest.raises(Refused, match="There is no checkpoint after"):
        faktura_world.rewind("after")


def test_a_request_is_asserted_and_the_nearest_is_shown(faktura_world: World) -> None:
    ask(faktura_world, "/subjects.json", {"name": "Žlutý kůň s.r.o."})
    posted = {"method": "POST", "path": "/accounts/{slug}/subjects.json"}
    assert len(faktura_world.assert_request(**posted, body={"name": "Žlutý kůň s.r.o."})) == 1
    with pytest.raises(AssertionError, match="Žlutý kůň"):
        faktura_world.assert_request(**posted, body={"name": "Bílý kůň s.r.o."})
    with pytest.raises(Refused):
        faktura_world.assert_request(verb="POST")


def test_a_story_is_played_step_by_step_and_an_event_is_made_to_happen(faktura_world: World) -> None:
    assert faktura_world.play("late-payer")["played"] == ["issue"]
    assert faktura_world.play_on("late-payer")["played"] == ["issue", "send"]
    assert faktura_world.trigger("invoice_paid")["event"] == "invoice_paid"
    with pytest.raises(Refused, match="there are invoice_created"):
        faktura_world.trigger("invoice_lost")


def test_a_sandbox_that_runs_is_used_by_its_address(faktura_sandbox: Sandbox) -> None:
    assert attached(faktura_sandbox.base_url).told == faktura_sandbox.told
