"""Every sentence about checkpoints of a sandbox, and about the jobs that it does when it is asked to."""

import contextlib
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests import needs
from tests.running import Answer, wait_until
from tests.sandboxes import API, SUBJECTS, Sandbox, mails, send

CHECKPOINTS = "/sandbox/checkpoints"
INVOICES = f"{API}/accounts/applecorp/invoices.json"


@pytest.fixture(autouse=True)
def _no_checkpoints(sandbox: Sandbox) -> Iterator[None]:
    """The sandbox is shared, and a reset keeps checkpoints."""
    yield
    for one in kept(sandbox):
        assert sandbox.server.ask("DELETE", f"{CHECKPOINTS}/{one['name']}").status == 204


def make(sandbox: Sandbox, name: str = "before") -> Answer:
    return sandbox.server.ask("POST", f"{CHECKPOINTS}/{name}")


def rewind(sandbox: Sandbox, name: str = "before") -> Answer:
    return sandbox.server.ask("POST", f"{CHECKPOINTS}/{name}/rewind")


def changes(sandbox: Sandbox, name: str = "before") -> Any:
    answer = sandbox.server.ask("GET", f"{CHECKPOINTS}/{name}/changes")
    assert answer.status == 200, answer.body
    return answer.json


def kept(sandbox: Sandbox) -> Any:
    return sandbox.server.ask("GET", CHECKPOINTS).json["checkpoints"]


def names_of_contacts(sandbox: Sandbox) -> list[str]:
    return [contact["name"] for contact in sandbox.call("GET", f"{SUBJECTS}?page=1").json]


# Made, listed, deleted


def test_a_checkpoint_is_made_listed_and_deleted(sandbox: Sandbox) -> None:
    sandbox.control({"clock": "2026-05-01T12:00:00Z"})
    made = make(sandbox, "first-of-may")
    assert made.status == 201
    assert made.json["name"] == "first-of-may"
    assert made.json["made_at"] == "2026-05-01T12:00:00Z"
    assert kept(sandbox) == [made.json]
    assert sandbox.server.ask("DELETE", f"{CHECKPOINTS}/first-of-may").status == 204
    assert kept(sandbox) == []


def test_a_name_that_is_taken_names_the_newer_one(sandbox: Sandbox) -> None:
    make(sandbox)
    sandbox.control({"read_only": True})
    make(sandbox)
    sandbox.control({"read_only": False})
    assert rewind(sandbox).json["read_only"] is True
    assert len(kept(sandbox)) == 1


def test_a_reset_keeps_checkpoints(sandbox: Sandbox) -> None:
    sandbox.control({"busy_search": True})
    make(sandbox)
    sandbox.reset()
    assert rewind(sandbox).json["busy_search"] is True


@pytest.mark.parametrize("name", ["Before", "before_1", "p%C5%99ed", "x" * 41, "a%20b"])
def test_a_name_that_is_none_is_refused_with_what_one_is(sandbox: Sandbox, name: str) -> None:
    for answer in (make(sandbox, name), rewind(sandbox, name)):
        assert answer.status == 400
        assert "1 to 40 of the characters a-z, 0-9 and -" in answer.json["error_description"]


def test_an_unknown_name_is_answered_with_those_that_there_are(sandbox: Sandbox) -> None:
    for method, path in (("POST", "/nowhere/rewind"), ("GET", "/nowhere/changes"), ("DELETE", "/nowhere")):
        answer = sandbox.server.ask(method, CHECKPOINTS + path)
        assert (answer.status, answer.json["error"]) == (404, "not_found")
        assert answer.json["error_description"] == "There is no checkpoint nowhere; there is none"
    make(sandbox, "one")
    make(sandbox, "two")
    assert rewind(sandbox, "three").json["error_description"] == "There is no checkpoint three; there are one, two"


def test_more_than_twenty_are_refused_and_those_that_there_are_stay(sandbox: Sandbox) -> None:
    for number in range(20):
        assert make(sandbox, f"n{number}").status == 201
    refused = make(sandbox, "n20")
    assert (refused.status, refused.json["error"]) == (409, "conflict")
    assert "20 checkpoints are kept" in refused.json["error_description"]
    assert len(kept(sandbox)) == 20
    assert make(sandbox, "n19").status == 201


# What a rewind brings back


@needs.FAKTUROID
def test_data_ids_and_numbers_are_what_they_were_and_come_again(sandbox: Sandbox) -> None:
    sandbox.control({"clock": "2026-05-01T12:00:00Z"})
    subject = sandbox.call("GET", f"{SUBJECTS}?page=1").json[0]
    make(sandbox)
    new = {"subject_id": subject["id"], "lines": [{"name": "Práce", "unit_price": "100"}]}

    def work() -> list[Answer]:
        return [
            sandbox.call("POST", SUBJECTS, {"name": "Přibyl s.r.o."}),
            sandbox.call("POST", INVOICES, new),
            sandbox.call("PATCH", SUBJECTS.replace(".json", f"/{subject['id']}.json"), {"name": "Jinak"}),
            sandbox.call("GET", f"{SUBJECTS}?page=1"),
            sandbox.call("GET", f"{INVOICES}?page=1"),
        ]

    first = work()
    assert rewind(sandbox).status == 200
    assert "Jinak" not in names_of_contacts(sandbox)
    rewind(sandbox)
    second = work()
    assert [answer.status for answer in first] == [201, 201, 200, 200, 200]
    assert [answer.body for answer in second] == [answer.body for answer in first]
    assert [told(answer) for answer in second] == [told(answer) for answer in first]


def told(answer: Answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in {"date", "x-request-id"}}


@needs.FAKTUROID
def test_clock_modes_limits_and_what_is_left_of_them_come_back(sandbox: Sandbox) -> None:
    sandbox.control({"clock": "2026-05-01T12:00:00Z", "rate_limits": {"fakturoid": {"all": 50}}})
    left = [sandbox.call("GET", f"{SUBJECTS}?page=1").headers["x-ratelimit"] for _ in range(2)]
    make(sandbox)
    state = sandbox.state()
    sandbox.call("GET", f"{SUBJECTS}?page=1")
    sandbox.control(
        {
            "clock": "2027-01-01T00:00:00Z",
            "busy_search": True,
            "fail_next_mail": "550 No",
            "rate_limits": {"fakturoid": {"all": None}},
        }
    )
    assert rewind(sandbox).json == state == sandbox.state()
    after = sandbox.call("GET", f"{SUBJECTS}?page=1").headers["x-ratelimit"]
    assert len({*left, after}) == 3


@needs.FAKTUROID
def test_letters_and_their_numbering_come_back(sandbox: Sandbox) -> None:
    sandbox.server.ask("POST", "/sandbox/jobs")
    send(sandbox, "První")
    make(sandbox)
    before = mails(sandbox)
    gone = send(sandbox, "Druhý")
    rewind(sandbox)
    assert mails(sandbox) == before
    assert send(sandbox, "Třetí")["id"] == gone["id"]


def test_webhooks_received_and_their_numbering_come_back(sandbox: Sandbox) -> None:
    def tell(body: Any) -> None:
        sandbox.server.ask("POST", "/sandbox/webhooks", body)

    def received() -> Any:
        return sandbox.server.ask("GET", "/sandbox/webhooks").json["webhooks"]

    tell({"one": 1})
    make(sandbox)
    before = received()
    tell({"two": 2})
    gone = received()[0]
    sandbox.control({"webhooks": {"fail_next": 3}})
    rewind(sandbox)
    assert received() == before
    assert sandbox.state()["webhooks"]["fail_next"] == 0
    tell({"three": 3})
    assert received()[0]["id"] == gone["id"]


@needs.FAKTUROID
def test_what_was_signed_in_since_is_out_and_who_was_out_since_is_in(sandbox: Sandbox) -> None:
    make(sandbox)
    since = sandbox.sign_in()
    asked = f"{API}/user.json"
    assert sandbox.server.ask("GET", asked, None, {"Authorization": f"Bearer {since}"}).status == 200
    rewind(sandbox)
    assert sandbox.server.ask("GET", asked, None, {"Authorization": f"Bearer {since}"}).status == 401
    assert sandbox.call("GET", asked).status == 200


@needs.FAKTUROID
def test_nothing_that_was_remembered_since_is_answered(sandbox: Sandbox) -> None:
    """The same version of the same record says something else in either life; it is asked for until it is kept."""
    one = sandbox.call("POST", SUBJECTS, {"name": "Nejdřív"}).json["id"]
    path = SUBJECTS.replace(".json", f"/{one}.json")
    make(sandbox)

    def seen() -> set[str]:
        last = sandbox.call("GET", f"{SUBJECTS}?page=2").json[-1]["name"]
        return {last, *(sandbox.call("GET", path).json["name"] for _ in range(5))}

    for name in ("Jeden život", "Druhý život"):
        sandbox.call("PATCH", path, {"name": name})
        assert seen() == {name}
        rewind(sandbox)
        assert seen() == {"Nejdřív"}


# What changed


@needs.FAKTUROID
def test_changes_are_told_record_by_record_with_old_and_new(sandbox: Sandbox) -> None:
    changed, deleted = (sandbox.call("POST", SUBJECTS, {"name": name}).json["id"] for name in ("Změní s.r.o.", "Pryč"))
    make(sandbox)
    assert [one for one in changes(sandbox)["changes"] if one["record"] == "contacts"] == []
    added = sandbox.call("POST", SUBJECTS, {"name": "Nová"}).json["id"]
    sandbox.call("PATCH", SUBJECTS.replace(".json", f"/{changed}.json"), {"name": "Změněná"})
    sandbox.call("DELETE", SUBJECTS.replace(".json", f"/{deleted}.json"))
    found = changes(sandbox)
    assert found["cut"] is False
    contacts = [one for one in found["changes"] if one["record"] == "contacts"]
    assert [(one["change"], one["account"], one["id"]) for one in contacts] == [
        ("added", "applecorp", added),
        ("changed", "applecorp", changed),
        ("deleted", "applecorp", deleted),
    ]
    assert contacts[0]["attributes"]["name"] == "Nová"
    assert contacts[1]["changed"]["name"] == {"old": "Změní s.r.o.", "new": "Změněná"}
    assert contacts[1]["changed"].keys() == {"version", "updated_at", "name", "sought_name"}
    assert contacts[2]["attributes"]["name"] == "Pryč"
    rewind(sandbox)
    assert [one for one in changes(sandbox)["changes"] if one["record"] == "contacts"] == []


@needs.FAKTUROID
def test_no_secret_and_no_hash_is_among_the_changes(sandbox: Sandbox) -> None:
    make(sandbox)
    token = sandbox.sign_in()
    subject = sandbox.call("GET", f"{SUBJECTS}?page=1").json[0]["id"]
    invoice = sandbox.call("POST", INVOICES, {"subject_id": subject, "lines": [{"name": "x", "unit_price": "1"}]}).json
    sandbox.call("DELETE", INVOICES.replace(".json", f"/{invoice['id']}.json"))
    answer = sandbox.server.ask("GET", f"{CHECKPOINTS}/before/changes")
    shown = {one["record"] for one in answer.json["changes"]}
    assert {"tokens", "history"} <= shown
    assert token not in answer.body.decode()
    assert invoice["token"] not in answer.body.decode()
    for one in answer.json["changes"]:
        assert {"hash", "password_hash", "secret_hash", "token", "secret"}.isdisjoint(one.get("attributes", {}))


@needs.FAKTUROID
def test_a_list_of_changes_is_bounded_and_says_when_it_is_cut(sandbox: Sandbox) -> None:
    sandbox.control({"rate_limits": {"fakturoid": {"all": None}, "account": {"all": None}}})
    make(sandbox)
    for number in range(260):
        sandbox.call("POST", SUBJECTS, {"name": f"Firma {number}"})
    found = changes(sandbox)
    assert found["cut"] is True
    assert len(found["changes"]) == 500


# Who is busy meanwhile


@needs.FAKTUROID
def test_a_rewind_waits_for_requests_and_refuses_where_they_do_not_end(sandbox: Sandbox) -> None:
    make(sandbox)
    with half_sent(sandbox):
        refused = rewind(sandbox)
        assert (refused.status, refused.json["error"]) == (409, "conflict")
        assert refused.json["error_description"] == "Requests under way did not end within 5 s: 1. Nothing was done."
        assert sandbox.call("GET", f"{API}/user.json").status == 200
    assert rewind(sandbox).status == 200


@contextlib.contextmanager
def half_sent(sandbox: Sandbox) -> Iterator[None]:
    """A request that was let in, and whose body does not come to its end."""
    head = f"POST {SUBJECTS} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: tests\r\nContent-Length: 200000\r\n"
    head += f"Content-Type: application/json\r\nAuthorization: Bearer {sandbox.token}\r\n\r\n"
    with socket.create_connection((sandbox.server.host, sandbox.server.port)) as sending:
        sending.sendall(head.encode() + b" " * 100_000)
        time.sleep(1)
        yield


@needs.FAKTUROID
def test_a_rewind_waits_for_jobs_and_refuses_where_they_do_not_end(sandbox: Sandbox) -> None:
    buyer = sandbox.call("GET", SUBJECTS).json[0]["id"]
    make(sandbox)
    sandbox.control({"webhooks": {"fail_next": 1, "hang_seconds": 9}})
    issued = {"subject_id": buyer, "lines": [{"name": "Řekne se", "unit_price": "1"}]}
    sandbox.call("POST", INVOICES, issued)
    wait_until(lambda: sandbox.state()["webhooks"]["fail_next"] == 0)
    refused = rewind(sandbox)
    assert (refused.status, refused.json["error"]) == (409, "conflict")
    assert "Jobs under way did not end within" in refused.json["error_description"]
    wait_until(lambda: rewind(sandbox).status == 200)
    assert "Řekne se" not in sandbox.call("GET", f"{INVOICES}?page=1").body.decode()


# Jobs


@needs.FAKTUROID
def test_jobs_that_are_due_are_done_before_the_answer(sandbox: Sandbox) -> None:
    sandbox.server.ask("POST", "/sandbox/jobs")
    invoice = sandbox.call("GET", f"{INVOICES}?page=1").json[0]
    letter = {"email": "buyer@example.com", "subject": "Hned", "message": "x"}
    sandbox.call("POST", INVOICES.replace(".json", f"/{invoice['id']}/message.json"), letter)
    answer = sandbox.server.ask("POST", "/sandbox/jobs")
    assert answer.status == 200
    assert answer.json.keys() == {"done"}
    assert mails(sandbox)[0]["subject"] == "Hned"
    assert sandbox.server.ask("POST", "/sandbox/jobs").json == {"done": 0}


def test_none_of_it_exists_below_another_method(sandbox: Sandbox) -> None:
    assert sandbox.server.ask("GET", "/sandbox/jobs").status == 405
    assert sandbox.server.ask("POST", CHECKPOINTS).status == 405
