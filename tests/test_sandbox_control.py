"""Every sentence about the sandbox's control address."""

import datetime as dt
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from falcon import testing

from faktura.core.clock import Clock
from faktura.outputs.mail.box import MailBox
from faktura.sandbox.control.application import control_application
from faktura.sandbox.control.control import Control
from faktura.sandbox.control.state import merged
from faktura.sandbox.outside.ksef.standing import Standing
from faktura.sandbox.outside.registries import usual_world
from faktura.store.database import Database
from faktura.wire.service import Service
from faktura.wire.switches import is_loopback
from tests import needs
from tests.running import Answer
from tests.sandboxes import API, JSON, SUBJECTS, Sandbox

LIMITS: dict[str, dict[str, int]] = {
    "fakturoid": {"all": 200},
    "infakt": {"get": 300, "other": 150, "ksef_lists": 6},
    "account": {"all": 600},
    "public": {"all": 120},
}

DEFAULT_STATE = {
    "clock": None,
    "read_only": False,
    "busy_search": False,
    "fail_next_mail": None,
    "webhooks": {"fail_next": 0, "status": 500, "hang_seconds": 0},
    "registries": json.loads(msgspec.json.encode(usual_world())),
    "ksef": json.loads(msgspec.json.encode(Standing())),
    "ksef_inbox": [],
    "rate_limits": LIMITS,
}
NOT_BLOCKED = {"blocked": False, "contact_limit": None}
SEARCH = f"{API}/accounts/applecorp/subjects/search.json?query=praha"


@needs.FAKTUROID
@needs.INFAKT
def test_the_state_is_shown(sandbox: Sandbox) -> None:
    state = sandbox.state()
    assert {name: state[name] for name in DEFAULT_STATE} == DEFAULT_STATE
    assert state.keys() == {*DEFAULT_STATE, "accounts"}
    assert state["accounts"].keys() >= {"applecorp", "pearcorp"}
    assert all(account == NOT_BLOCKED for account in state["accounts"].values())


@needs.FAKTUROID
@needs.INFAKT
def test_a_patch_is_merged_and_the_new_state_is_answered(sandbox: Sandbox) -> None:
    answer = sandbox.control({"read_only": True, "accounts": {"applecorp": {"contact_limit": 60}}})
    assert answer.status == 200
    assert answer.json == sandbox.state()
    assert answer.json["read_only"] is True
    assert answer.json["accounts"]["applecorp"] == {"blocked": False, "contact_limit": 60}
    assert answer.json["accounts"]["pearcorp"] == NOT_BLOCKED
    assert answer.json["rate_limits"] == DEFAULT_STATE["rate_limits"]


@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_merging_is_that_of_rfc_7396_appendix_a(target: Any, patch: Any, result: Any) -> None:
    assert merged(target, patch) == result


@pytest.mark.parametrize(
    "patch",
    [
        {"clok": "2026-11-21T12:00:00Z"},
        {"clok": None},
        {"rate_limits": {"nobody": None}},
        {"accounts": {"applecorp": {"plan": None}}},
        {"clock": "yesterday"},
        {"clock": "2026-11-21T12:00:00"},
        {"clock": 1700000000},
        {"clock": "0001-01-01T00:00:00Z"},
        {"clock": "9999-12-31T23:59:59Z"},
        {"read_only": "yes"},
        {"read_only": None},
        {"busy_search": 1},
        {"fail_next_mail": True},
        {"fail_next_mail": "250 Taken"},
        {"fail_next_mail": "550"},
        {"fail_next_mail": "550 one\r\n250 two"},
        {"fail_next_mail": "550 " + "x" * 201},
        {"webhooks": {"fail_next": -1}},
        {"webhooks": {"fail_next": "all"}},
        {"webhooks": {"status": 204}},
        {"webhooks": {"hang_seconds": 41}},
        {"webhooks": {"hang": 1}},
        {"webhooks": 5},
        {"registries": {"krs": {}}},
        {"registries": {"ares": {"state": "away"}}},
        {"registries": {"ares": {"day_limit": -1}}},
        {"registries": {"ares": 5}},
        {"rate_limits": {"fakturoid": {"all": -1}}},
        {"rate_limits": {"fakturoid": {"all": "many"}}},
        {"rate_limits": {"fakturoid": {"all": True}}},
        {"rate_limits": {"fakturoid": {"all": 1.5}}},
        {"rate_limits": {"fakturoid": {"get": 5}}},
        {"rate_limits": {"nobody": {"all": 5}}},
        {"rate_limits": {"fakturoid": 5}},
        {"rate_limits": 5},
        {"accounts": {"nobody": {"blocked": True}}},
        {"accounts": {"applecorp": {"blocked": "yes"}}},
        {"accounts": {"applecorp": {"blocked": None}}},
        {"accounts": {"applecorp": {"contact_limit": -1}}},
        {"accounts": {"applecorp": {"contact_limit": "5"}}},
        {"accounts": {"applecorp": {"plan": "free"}}},
        {"accounts": {"applecorp": None}},
        {"accounts": None},
        [],
        "read_only",
        5,
    ],
)
def test_a_wrong_key_or_value_is_refused_and_nothing_is_changed(sandbox: Sandbox, patch: Any) -> None:
    sandbox.control({"read_only": True, "accounts": {"applecorp": {"contact_limit": 77}}})
    before = sandbox.state()
    wrong = patch | {"busy_search": patch.get("busy_search", True)} if isinstance(patch, dict) else patch
    refused(sandbox.control(wrong))
    assert sandbox.state() == before


@pytest.mark.parametrize("body", [b"", b"{", b'{"read_only": true', b"\xff", b'{"clock": "\\u0000"}'])
def test_what_is_no_json_is_refused(sandbox: Sandbox, body: bytes) -> None:
    refused(sandbox.server.ask("PATCH", "/sandbox", headers=JSON, raw=body))


def test_a_patch_that_is_too_long_is_refused(sandbox: Sandbox) -> None:
    refused(sandbox.server.ask("PATCH", "/sandbox", headers=JSON, raw=b'{"clock": "' + b"x" * 100_000 + b'"}'))


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("POST", "/sandbox", 405),
        ("DELETE", "/sandbox", 405),
        ("GET", "/sandbox/reset", 405),
        ("GET", "/sandbox/nothing", 404),
    ],
)
def test_every_other_request_is_refused_in_json(sandbox: Sandbox, method: str, path: str, status: int) -> None:
    answer = sandbox.server.ask(method, path)
    assert answer.status == status
    assert answer.json.keys() == {"error", "error_description"}


# The clock


@pytest.mark.parametrize("instant", ["2030-01-31T23:59:59Z", "2030-02-01T00:59:59+01:00", "20300131T235959Z"])
@needs.FAKTUROID
def test_the_clock_stands_at_the_instant_it_is_given(sandbox: Sandbox, instant: str) -> None:
    assert sandbox.control({"clock": instant}).json["clock"] == "2030-01-31T23:59:59Z"
    token = sandbox.sign_in()
    created = sandbox.call("POST", SUBJECTS, {"name": "Zítřek"}, Authorization=f"Bearer {token}").json
    assert dt.datetime.fromisoformat(created["created_at"]) == dt.datetime(2030, 1, 31, 23, 59, 59, tzinfo=dt.UTC)


@needs.FAKTUROID
def test_token_lifetimes_ask_the_clock_and_null_brings_the_real_time_back(sandbox: Sandbox) -> None:
    assert sandbox.call("GET", SUBJECTS).status == 200
    sandbox.control({"clock": (dt.datetime.now(dt.UTC) + dt.timedelta(hours=3)).isoformat()})
    assert sandbox.call("GET", SUBJECTS).status == 401
    assert sandbox.control({"clock": None}).json["clock"] is None
    assert sandbox.call("GET", SUBJECTS).status == 200


@needs.FAKTUROID
def test_the_windows_of_rate_limits_ask_the_clock(sandbox: Sandbox) -> None:
    noon = dt.datetime.now(dt.UTC).replace(microsecond=0)
    sandbox.control({"clock": noon.isoformat(), "rate_limits": {"fakturoid": {"all": 2}}})
    assert [sandbox.call("GET", SUBJECTS).status for _ in range(3)] == [200, 200, 429]
    sandbox.control({"clock": (noon + dt.timedelta(seconds=59)).isoformat()})
    assert sandbox.call("GET", SUBJECTS).status == 429
    sandbox.control({"clock": (noon + dt.timedelta(seconds=60)).isoformat()})
    assert sandbox.call("GET", SUBJECTS).status == 200


@needs.FAKTUROID
def test_a_moved_clock_takes_documents_past_their_due_dates_and_back(sandbox: Sandbox) -> None:
    def overdue(slug: str, instant: str | None) -> set[int]:
        sandbox.control({"clock": instant})
        bearer = {"Authorization": f"Bearer {sandbox.sign_in()}"}
        listed = sandbox.call("GET", f"{API}/accounts/{slug}/invoices.json?status=overdue", **bearer)
        assert listed.status == 200
        return {invoice["id"] for invoice in listed.json}

    now = overdue("applecorp", None)
    assert now
    assert overdue("applecorp", "2031-01-01T00:00:00Z") > now
    assert overdue("applecorp", "2020-01-01T00:00:00Z") == set()
    sandbox.control({"clock": "2031-01-01T00:00:00Z"})
    sandbox.reset()
    assert overdue("applecorp", None) == now


@needs.FAKTUROID
def test_a_moved_clock_forgets_no_tokens(sandbox: Sandbox) -> None:
    sandbox.control({"clock": "2031-01-01T00:00:00Z"})
    assert sandbox.call("GET", SUBJECTS).status == 401
    sandbox.control({"clock": None})
    assert sandbox.call("GET", SUBJECTS).status == 200


# The modes


@needs.FAKTUROID
def test_maintenance_refuses_writes_and_serves_reads(sandbox: Sandbox) -> None:
    sandbox.control({"read_only": True})
    assert sandbox.call("POST", SUBJECTS, {"name": "Firma"}).status == 503
    assert sandbox.call("GET", SUBJECTS).status == 200
    sandbox.control({"read_only": False})
    assert sandbox.call("POST", SUBJECTS, {"name": "Firma"}).status == 201


@needs.FAKTUROID
def test_busy_search_refuses_searches_only(sandbox: Sandbox) -> None:
    sandbox.control({"busy_search": True})
    assert sandbox.call("GET", SEARCH).status == 503
    assert sandbox.call("GET", SUBJECTS).status == 200
    sandbox.control({"busy_search": False})
    assert sandbox.call("GET", SEARCH).status == 200


@needs.FAKTUROID
def test_a_rate_limit_counts_anew_when_it_is_changed(sandbox: Sandbox) -> None:
    for _ in range(2):
        sandbox.control({"rate_limits": {"fakturoid": {"all": 2}}})
        assert [sandbox.call("GET", SUBJECTS).status for _ in range(3)] == [200, 200, 429]
        sandbox.control({"rate_limits": {"fakturoid": {"all": 3}}})


@pytest.mark.parametrize(
    ("patch", "left"),
    [
        ({"fakturoid": {"all": None}}, LIMITS | {"fakturoid": {}}),
        ({"fakturoid": None}, {door: limits for door, limits in LIMITS.items() if door != "fakturoid"}),
        (None, {}),
    ],
)
@needs.FAKTUROID
@needs.INFAKT
def test_null_switches_a_limit_off_and_a_number_on_again(sandbox: Sandbox, patch: Any, left: Any) -> None:
    assert "x-ratelimit" in sandbox.call("GET", SUBJECTS).headers
    assert sandbox.control({"rate_limits": patch}).json["rate_limits"] == left
    assert "x-ratelimit" not in sandbox.call("GET", SUBJECTS).headers
    assert sandbox.control({"rate_limits": {"fakturoid": {"all": 5}}}).status == 200
    assert sandbox.call("GET", SUBJECTS).headers["x-ratelimit-policy"] == "default;q=5;w=60"


@needs.FAKTUROID
def test_a_blocked_account_is_closed_over_an_unpaid_invoice_until_it_is_open_again(sandbox: Sandbox) -> None:
    sandbox.control({"accounts": {"applecorp": {"blocked": True}}})
    answer = sandbox.call("GET", SUBJECTS)
    assert answer.status == 402
    assert [invoice["invoice_url"].startswith("http") for invoice in answer.json["overdue_invoices"]] == [True]
    sandbox.control({"accounts": {"applecorp": {"blocked": False}}})
    assert sandbox.call("GET", SUBJECTS).status == 200


@needs.FAKTUROID
def test_a_contact_limit_is_the_plans_and_null_is_none(sandbox: Sandbox) -> None:
    sandbox.control({"accounts": {"applecorp": {"contact_limit": 10}}})
    assert sandbox.call("POST", SUBJECTS, {"name": "Firma"}).status == 403
    state = sandbox.control({"accounts": {"applecorp": {"contact_limit": None}}}).json
    assert state["accounts"]["applecorp"]["contact_limit"] is None
    assert sandbox.call("POST", SUBJECTS, {"name": "Firma"}).status == 201


# The way back


@needs.FAKTUROID
def test_a_reset_brings_data_and_state_back_as_they_were(sandbox: Sandbox) -> None:
    before = everything(sandbox)
    state = sandbox.state()
    first, second = sandbox.call("GET", SUBJECTS).json[:2]
    one = f"{API}/accounts/applecorp/subjects/{second['id']}.json"
    sandbox.call("PATCH", f"{API}/accounts/applecorp/subjects/{first['id']}.json", {"name": "Jiná firma"})
    sandbox.call("DELETE", one)
    sandbox.call("POST", SUBJECTS, {"name": "Nová firma"})
    sandbox.control({"read_only": True, "busy_search": True, "rate_limits": None, "clock": "2030-01-01T00:00:00Z"})
    sandbox.control({"accounts": {"applecorp": {"blocked": True, "contact_limit": 1}}})

    assert sandbox.reset().json == state

    assert sandbox.state() == state
    assert everything(sandbox) == before
    found = sandbox.call("GET", f"{API}/accounts/applecorp/subjects/search.json?query=jina").json
    assert all(subject["name"] != "Jiná firma" for subject in found)
    assert sandbox.call("GET", one).json == second


@needs.FAKTUROID
def test_what_is_changed_after_a_reset_is_seen(sandbox: Sandbox) -> None:
    first = sandbox.call("GET", SUBJECTS).json[0]
    one = f"{API}/accounts/applecorp/subjects/{first['id']}.json"
    for name in ("Alfa", "Beta"):
        sandbox.call("PATCH", one, {"name": name})
        assert sandbox.call("GET", one).json["name"] == name
        assert sandbox.call("GET", SUBJECTS).json[0]["name"] == name
        sandbox.reset()
        assert sandbox.call("GET", one).json == first


@needs.FAKTUROID
@needs.INFAKT
def test_credentials_and_tokens_outlive_a_reset(sandbox: Sandbox) -> None:
    sandbox.reset()
    assert sandbox.call("GET", SUBJECTS).status == 200
    assert sandbox.sign_in() != sandbox.token
    assert sandbox.with_key("api_key", "GET", "/infakt/v3/clients.json").status == 200


def test_failed_sign_ins_are_forgotten_at_a_reset(sandbox: Sandbox) -> None:
    login = sandbox.told["web"]
    for _ in range(10):
        sandbox.sign_in_at("/applecorp/subjects", "wrong")
    assert "location" not in sandbox.sign_in_at("/applecorp/subjects", login["password"]).headers
    sandbox.reset()
    assert "location" in sandbox.sign_in_at("/applecorp/subjects", login["password"]).headers


@needs.FAKTUROID
def test_ids_are_not_given_out_again_after_a_reset(sandbox: Sandbox) -> None:
    before = sandbox.call("POST", SUBJECTS, {"name": "Firma"}).json["id"]
    sandbox.reset()
    assert sandbox.call("POST", SUBJECTS, {"name": "Firma"}).json["id"] > before


# Who may


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_this_machine_is_let_in(address: str) -> None:
    assert is_loopback(address)


@pytest.fixture
def control(database: Database, tmp_path: Path) -> testing.TestClient:
    service = Service(database, Clock(), "http://faktura.example")
    return testing.TestClient(control_application(Control(service, tmp_path / "example.sqlite", MailBox())))


def asked(control: testing.TestClient, headers: dict[str, str], address: str = "127.0.0.1") -> set[int]:
    """The statuses of all that can be asked; "Host" is localhost unless said otherwise."""
    said = {"Host": "localhost:8000", "Content-Type": "application/json"} | headers
    return {
        control.simulate_request(
            method, path, remote_addr=address, body=b'{"busy_search": true}', headers=said
        ).status_code
        for method, path in (("GET", "/"), ("PATCH", "/"), ("POST", "/reset"))
    }


@pytest.mark.parametrize("address", ["10.0.0.1", "192.168.1.2", "2001:db8::1", "::ffff:10.0.0.1", "", "x"])
def test_nobody_else_is_let_in(control: testing.TestClient, address: str) -> None:
    assert not is_loopback(address)
    assert asked(control, {}, address) == {403}
    assert (
        control.simulate_get("/", remote_addr="127.0.0.1", headers={"Host": "127.0.0.1"}).json["busy_search"] is False
    )


@pytest.mark.parametrize(
    "host", ["rebound.example", "127.0.0.1.nip.io:8000", "localhost.example", "10.0.0.1", "[2001:db8::1]"]
)
def test_a_name_that_somebody_else_gave_this_machine_is_not_let_in(control: testing.TestClient, host: str) -> None:
    assert asked(control, {"Host": host}) == {403}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9000"},
        {"Origin": "https://localhost:8000"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_site_is_not_let_in(control: testing.TestClient, headers: dict[str, str]) -> None:
    assert asked(control, headers) == {403}


@pytest.mark.parametrize(
    "headers",
    [
        *({"Host": host} for host in ("localhost", "127.0.0.1:8000", "127.8.9.1", "[::1]:8000")),
        {"Origin": "http://localhost:8000", "Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none"},
    ],
)
def test_programs_and_pages_of_the_sandbox_itself_are_let_in(
    control: testing.TestClient, headers: dict[str, str]
) -> None:
    answer = control.simulate_patch(
        "/", remote_addr="127.0.0.1", body=b"{}", headers={"Host": "localhost:8000", **JSON, **headers}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "said", [{}, {"Content-Type": "text/plain"}, {"Content-Type": "application/x-www-form-urlencoded"}]
)
def test_a_patch_that_is_not_said_to_be_json_is_refused(control: testing.TestClient, said: dict[str, str]) -> None:
    answer = control.simulate_patch(
        "/", remote_addr="127.0.0.1", body=b'{"read_only": true}', headers={"Host": "localhost", **said}
    )
    assert (answer.status_code, answer.json["error"]) == (415, "unsupported_media_type")


def refused(answer: Answer) -> None:
    assert answer.status == 400
    assert answer.json.keys() == {"error", "error_description"}
    assert all(isinstance(text, str) and text for text in answer.json.values())


def everything(sandbox: Sandbox) -> Any:
    """What the example firm consists of, as the API shows it."""
    account = f"{API}/accounts/applecorp"
    paths = ["account", "users", "bank_accounts", "number_formats/invoices", "subjects", "subjects.json?page=2"]
    answers = [sandbox.call("GET", f"{account}/{path}" + ("" if "?" in path else ".json")) for path in paths]
    assert {answer.status for answer in answers} == {200}
    return [json.loads(answer.body) for answer in answers]
