"""A sandbox has doubles of the registries at addresses of its own: they answer and fail as the real ones do."""

import datetime as dt
import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import msgspec
import pytest

from faktura.core.registries.facts import Heard, State
from faktura.outside import http
from faktura.outside.http import Client, Unanswered
from faktura.outside.registries.adapter import Adapter, AtRest, Spent
from faktura.outside.registries.known import adapters
from faktura.sandbox.outside.registries import NAMES, SESSION, SLOW
from tests import needs
from tests.beside import shared_or_skip
from tests.sandboxes import SUBJECTS, Sandbox

NOON = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)

SAMPLES = shared_or_skip() / "schemas" / "registries"


class Case(NamedTuple):
    """An adapter, who answers it, and a question that the samples are about."""

    adapter: str
    double: str
    question: str


ARES = Case("ares", "ares", "12345679")
BY_NAME = Case("ares_search", "ares", "příkladná")
PAYERS = Case("crpdph", "crpdph", "12345679")
VIES = Case("vies", "vies", "PL|1111111111")
VIES_FOR_US = Case("vies", "vies", "PL|1111111111|CZ|12345679")
LISTED = Case("white_list", "white_list", "1111111111|2026-11-21")
CHECKED = Case("white_list_check", "white_list", "1111111111|90249000050247256316596736|2026-11-21")
GUS = Case("gus", "gus", "1111111111")

CASES = (ARES, BY_NAME, PAYERS, VIES, VIES_FOR_US, LISTED, CHECKED, GUS)


@pytest.fixture
def world(sandbox: Sandbox) -> Iterator[Sandbox]:
    yield sandbox
    sandbox.control({"registries": dict.fromkeys(NAMES, USUAL)})


USUAL: Mapping[str, Any] = {"state": "ok", "not_found": [], "unreliable": [], "day_limit": None, "instead": None}


def base(sandbox: Sandbox, double: str) -> str:
    return f"{sandbox.told['base_url']}/world/{double}"


def is_so(sandbox: Sandbox, double: str, **standing: Any) -> None:
    answer = sandbox.control({"registries": {double: standing}})
    assert answer.status == 200, answer.body


def ask(sandbox: Sandbox, case: Case, question: str = "") -> Heard:
    sources = {name: base(sandbox, name) for name in NAMES}
    known: dict[str, Adapter] = {one.name: one for one in adapters(sources, SESSION)}
    asked = question or case.question
    return known[case.adapter].ask(Client(loopback=True), [asked], NOON)[asked]


def says(sandbox: Sandbox, case: Case, body: str, status: int = 200) -> Heard:
    is_so(sandbox, case.double, instead={"body": body, "status": status})
    return ask(sandbox, case)


@pytest.mark.parametrize(
    ("case", "name", "status", "state"),
    [
        (ARES, "ares-subjekt-200.json", 200, "found"),
        (ARES, "ares-subjekt-zanikly-200.json", 200, "found"),
        (ARES, "ares-404.json", 404, "not_found"),
        (ARES, "ares-400.json", 400, "invalid"),
        (BY_NAME, "ares-vyhledat-200.json", 200, "found"),
        (PAYERS, "crpdph-rozsireny-200.xml", 200, "found"),
        (PAYERS, "crpdph-nespolehlivy-200.xml", 200, "found"),
        (VIES, "vies-ms-valid-200.json", 200, "found"),
        (VIES_FOR_US, "vies-check-vat-number-200.json", 200, "found"),
        (LISTED, "wl-search-nip-200.json", 200, "found"),
        (LISTED, "wl-search-nip-notfound-200.json", 200, "not_found"),
        (LISTED, "wl-400.json", 400, "invalid"),
        (CHECKED, "wl-check-200-TAK.json", 200, "found"),
        (CHECKED, "wl-check-200-NIE.json", 200, "not_found"),
        (GUS, "gus-szukaj-notfound-200.xml", 200, "not_found"),
    ],
    ids=str,
)
def test_each_answer_of_the_real_ones_is_read(world: Sandbox, case: Case, name: str, status: int, state: State) -> None:
    body = (SAMPLES / name).read_text()
    if "zanikly" in name:
        body = json.dumps(json.loads(body) | {"ico": "12345679"})
    if "nespolehlivy" in name:
        body = body.replace("87654326", "12345679")
    assert says(world, case, body, status).state == state


@pytest.mark.parametrize(
    ("case", "body", "status", "error"),
    [
        (PAYERS, (SAMPLES / "crpdph-odstavka-200.xml").read_text(), 200, AtRest),
        (PAYERS, '<a><status statusCode="3"/></a>', 200, Unanswered),
        (VIES, (SAMPLES / "vies-ms-unavailable-200.json").read_text(), 200, Unanswered),
        (VIES, '{"isValid": false, "userError": "TIMEOUT"}', 200, Unanswered),
        (VIES, '{"isValid": false, "userError": "SERVICE_UNAVAILABLE"}', 200, Unanswered),
        (VIES, '{"isValid": false, "userError": "GLOBAL_MAX_CONCURRENT_REQ"}', 200, Unanswered),
        (VIES, '{"isValid": false, "userError": "INVALID_INPUT"}', 200, Unanswered),
        (VIES_FOR_US, (SAMPLES / "vies-check-vat-number-error.json").read_text(), 200, Unanswered),
        (LISTED, '{"code": "WL-196"}', 400, Unanswered),
        (LISTED, '{"code": "WL-191"}', 400, Spent),
        (CHECKED, '{"code": "WL-191"}', 400, Spent),
        (GUS, "<s:Envelope xmlns:s='x'><s:Body/></s:Envelope>", 200, Unanswered),
        (PAYERS, "<s:Envelope xmlns:s='x'><s:Body/></s:Envelope>", 200, Unanswered),
    ],
    ids=str,
)
def test_an_error_of_the_real_ones_is_never_an_answer(
    world: Sandbox, case: Case, body: str, status: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        says(world, case, body, status)


def test_that_only_the_first_hundred_are_answered_leaves_the_others_unknown(world: Sandbox) -> None:
    body = (SAMPLES / "crpdph-rozsireny-200.xml").read_text().replace('statusCode="0"', 'statusCode="1"')
    assert says(world, PAYERS, body).state == "found"
    with pytest.raises(KeyError):
        ask(world, PAYERS, "87654326")


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("state", ["down", "refuse", "too_much"])
def test_a_registry_that_is_away_or_says_too_much_says_nothing(world: Sandbox, case: Case, state: str) -> None:
    is_so(world, case.double, state=state)
    with pytest.raises((Unanswered, ValueError, msgspec.MsgspecError)):
        ask(world, case)


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize(
    "instead",
    [
        {"body": "<!DOCTYPE html><html><body>Údržba</body></html>", "content_type": "text/html"},
        {"body": "Údržba", "status": 503, "content_type": "text/plain"},
        {"body": "{}", "content_type": "application/pdf"},
        {"body": ""},
    ],
    ids=str,
)
def test_what_is_of_another_kind_says_nothing(world: Sandbox, case: Case, instead: dict[str, Any]) -> None:
    is_so(world, case.double, instead=instead)
    with pytest.raises((Unanswered, ValueError, msgspec.MsgspecError)):
        ask(world, case)


@pytest.mark.parametrize("state", ["drip", "slow"])
def test_who_is_slow_is_waited_for_no_longer_than_is_allowed(
    world: Sandbox, state: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "DEADLINE", 0.3)
    is_so(world, "ares", state=state)
    with pytest.raises(Unanswered, match="too long"):
        ask(world, ARES)


def test_the_firms_of_the_example_are_known(world: Sandbox) -> None:
    assert ask(world, ARES, "17985765").said["name"] == "Optika Čočka"
    assert [firm["name"] for firm in ask(world, BY_NAME, "optika").said["firms"]] == ["Optika Čočka"]
    assert ask(world, BY_NAME, "nikdo takový").state == "not_found"
    assert ask(world, PAYERS, "17985765").said == {"accounts": ["19-2000145399/0800"]}
    assert ask(world, VIES, "DE|123456780").state == "found"
    assert (ask(world, VIES_FOR_US, "DE|123456780|CZ|12345679").proof or "").startswith("WAPIAAAA")
    assert ask(world, LISTED, "5213017056|2026-11-21").said["name"] == "Piekarnia Źródło"
    assert ask(world, GUS, "5213017056").said["email"] == "biuro@firma.test"


def test_who_is_not_known_is_answered_in_the_words_of_the_registry(world: Sandbox) -> None:
    assert ask(world, ARES, "27074358").state == "not_found"
    assert ask(world, ARES, "12345678").state == "invalid"
    assert ask(world, PAYERS, "27074358").state == "not_found"
    assert ask(world, VIES, "DE|123456788").state == "invalid"
    assert ask(world, LISTED, "1111111112|2026-11-21").state == "invalid"
    assert ask(world, LISTED, "5213017228|2026-11-21").state in {"found", "not_found"}
    assert ask(world, GUS, "1111111111").state == "not_found"
    is_so(world, "crpdph", unreliable=["17985765"])
    assert ask(world, PAYERS, "17985765").said["unreliable"] is True
    is_so(world, "ares", not_found=["17985765"])
    assert ask(world, ARES, "17985765").state == "not_found"


def test_a_limit_of_the_day_is_said_in_the_words_of_the_white_list(world: Sandbox) -> None:
    is_so(world, "white_list", day_limit=0)
    with pytest.raises(Spent):
        ask(world, LISTED)


@needs.FAKTUROID
def test_the_sandbox_asks_its_doubles_over_http(world: Sandbox) -> None:
    is_so(world, "ares", instead={"body": (SAMPLES / "ares-subjekt-200.json").read_text()})
    subject = {"name": "Kdosi", "registration_no": "12345679", "setting_update_from_ares": "on"}
    made = world.call("POST", SUBJECTS, subject)
    assert made.status == 201, made.body
    assert world.server.ask("POST", "/sandbox/jobs").status == 200
    path = SUBJECTS.replace(".json", f"/{made.json['id']}.json")
    assert world.call("GET", path).json["name"] == "Příkladná účtárna s.r.o."


@needs.FAKTUROID
def test_no_program_waits_for_a_registry(world: Sandbox) -> None:
    is_so(world, "ares", state="slow")
    began = time.monotonic()
    subject = {"name": "Kdosi", "registration_no": "17985765", "setting_update_from_ares": "on"}
    assert world.call("POST", SUBJECTS, subject).status == 201
    assert time.monotonic() - began < SLOW


@needs.FAKTUROID
def test_in_maintenance_the_sandbox_asks_nobody(world: Sandbox) -> None:
    world.control({"clock": "2026-11-21T12:00:00Z", "registries": {"ares": {"state": "down"}}})
    subject = {"name": "Kdosi", "registration_no": "17985765", "setting_update_from_ares": "on"}
    made = world.call("POST", SUBJECTS, subject)
    path = SUBJECTS.replace(".json", f"/{made.json['id']}.json")
    for read_only, clock, name in ((True, "12:05", "Kdosi"), (False, "12:10", "Optika Čočka")):
        world.server.ask("POST", "/sandbox/jobs")
        world.control({"read_only": read_only, "registries": {"ares": {"state": "ok"}}})
        world.control({"clock": f"2026-11-21T{clock}:00Z"})
        world.server.ask("POST", "/sandbox/jobs")
        assert world.call("GET", path).json["name"] == name


def test_a_world_has_doubles_of_its_own(world: Sandbox) -> None:
    made = world.server.ask("POST", "/sandbox/worlds", {"name": "registries"}, {"Content-Type": "application/json"})
    assert made.status == 201, made.body
    try:
        is_so(world, "ares", state="down")
        with urllib.request.urlopen(f"{made.json['base_url']}/world/ares/ekonomicke-subjekty/17985765") as answer:  # noqa: S310
            assert json.load(answer)["obchodniJmeno"] == "Optika Čočka"
            assert answer.headers["Content-Type"] == "application/json"
    finally:
        world.server.ask("DELETE", "/sandbox/worlds/registries")


@pytest.mark.parametrize(
    ("path", "headers", "status"),
    [
        ("/world/krs/x", {}, 404),
        ("/world/ares/ekonomicke-subjekty/17985765", {"Origin": "http://evil.test"}, 403),
        ("/world/ares/ekonomicke-subjekty/17985765", {"Host": "evil.test"}, 403),
    ],
)
def test_other_sites_and_other_names_are_not_answered(
    world: Sandbox, path: str, headers: dict[str, str], status: int
) -> None:
    question = urllib.request.Request(world.told["base_url"] + path, headers=headers)  # noqa: S310 (our own)
    with pytest.raises(urllib.error.HTTPError) as found:
        urllib.request.urlopen(question)  # noqa: S310 (our own)
    assert found.value.code == status
    found.value.close()
