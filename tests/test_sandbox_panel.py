"""The panel of the sandbox: what it switches, whom it lets in, and that real use has none of it."""

import json
import re
from html import unescape
from urllib.parse import urlencode

import pytest

from faktura.sandbox.example.firms import PEOPLE
from tests import needs
from tests.running import Answer
from tests.sandboxes import API, Sandbox, send

PANEL = "/sandbox/panel"


class Visitor:
    """Somebody at the panel, who is signed in nowhere."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.server = sandbox.server
        answer = self.server.ask("GET", PANEL, headers={"Accept-Language": "en"})
        assert answer.status == 200
        self.page = answer.body.decode()
        self.cookie = answer.headers["set-cookie"].partition(";")[0]
        token = re.search(r'name="csrf_token" value="([^"]*)"', self.page)
        assert token is not None
        self.token = token[1]

    def press(self, label: str, path: str = PANEL) -> Answer:
        button = re.search(rf"value=\"([^\"]*)\"[^>]*>{label}</button>", self.page)
        assert button is not None, label
        return self.send(path, patch=unescape(button[1]))

    def send(self, path: str = PANEL, **fields: str) -> Answer:
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        return self.server.ask(
            "POST", path, headers=headers, raw=urlencode({"csrf_token": self.token, **fields}).encode()
        )


@pytest.fixture
def visitor(sandbox: Sandbox) -> Visitor:
    return Visitor(sandbox)


def test_a_button_switches_what_its_request_switches(sandbox: Sandbox, visitor: Visitor) -> None:
    for patch in ({"read_only": True}, {"busy_search": True}, {"accounts": {"applecorp": {"blocked": True}}}):
        told = json.dumps(patch, separators=(",", ":"))
        assert f"curl -X PATCH {sandbox.told['control_url']} " in visitor.page
        assert f"-d '{told}'" in unescape(visitor.page)
        assert visitor.send(patch=json.dumps(patch)).status == 303

    state = sandbox.state()
    assert (state["read_only"], state["busy_search"], state["accounts"]["applecorp"]["blocked"]) == (True, True, True)
    assert visitor.send(patch='{"read_only": false}').status == 303
    assert sandbox.state()["read_only"] is False


def test_limits_are_switched_off_and_on(sandbox: Sandbox, visitor: Visitor) -> None:
    usual = sandbox.state()["rate_limits"]

    assert visitor.press("None").status == 303
    assert not any(sandbox.state()["rate_limits"].values())
    assert visitor.press("As usual").status == 303
    assert sandbox.state()["rate_limits"] == usual


def test_the_clock_moves_on_and_every_page_says_so(sandbox: Sandbox, visitor: Visitor) -> None:
    assert "the clock stands at" not in visitor.page
    for label in ("A day later", "Past the next midnight", "Past the next due date"):
        assert visitor.press(label).status == 303
        assert sandbox.state()["clock"] is not None
    assert visitor.send(day="2031-05-04").status == 303
    assert sandbox.state()["clock"] == "2031-05-04T12:00:00Z"
    sign_in = sandbox.server.ask("GET", "/sign-in", headers={"Accept-Language": "en"}).body.decode()
    assert "the clock stands at May\N{NO-BREAK SPACE}4,\N{NO-BREAK SPACE}2031" in sign_in
    assert f'href="{PANEL}"' in sign_in
    assert visitor.press("The real time").status == 303
    assert sandbox.state()["clock"] is None


def test_a_limit_of_contacts_is_set_and_taken_off(sandbox: Sandbox, visitor: Visitor) -> None:
    assert visitor.send(account="applecorp", contact_limit="3").status == 303
    assert sandbox.state()["accounts"]["applecorp"]["contact_limit"] == 3
    assert visitor.send(account="applecorp", contact_limit="").status == 303
    assert sandbox.state()["accounts"]["applecorp"]["contact_limit"] is None


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"patch": ""},
        {"patch": "[]"},
        {"patch": '{"clok": 1}'},
        {"day": "tomorrow"},
        {"account": "applecorp", "contact_limit": "-1"},
        {"account": "applecorp", "contact_limit": "many"},
        {"account": "nobody", "contact_limit": "1"},
    ],
)
def test_what_is_no_switch_is_refused_and_nothing_is_changed(
    sandbox: Sandbox, visitor: Visitor, fields: dict[str, str]
) -> None:
    before = sandbox.state()

    assert visitor.send(**fields).status == 422
    assert sandbox.state() == before


@needs.FAKTUROID
def test_a_reset_brings_the_example_data_back(sandbox: Sandbox, visitor: Visitor) -> None:
    sandbox.control({"read_only": False, "busy_search": True})
    made = sandbox.call("POST", f"{API}/accounts/applecorp/subjects.json", {"name": "Karel"}).json

    assert visitor.send(f"{PANEL}/reset").status == 303
    assert sandbox.state()["busy_search"] is False
    assert sandbox.call("GET", f"{API}/accounts/applecorp/subjects/{made['id']}.json").status == 404


@needs.FAKTUROID
def test_letters_that_were_sent_can_be_read(sandbox: Sandbox) -> None:
    letter = send(sandbox, subject="Vaše <faktura>", text="Dobrý den <b>pane</b>")

    page = Visitor(sandbox).page
    assert "Vaše &lt;faktura&gt;" in page
    assert "Dobrý den &lt;b&gt;pane&lt;/b&gt;" in page
    assert "buyer@example.com" in page
    assert f'href="/sandbox/mails/{letter["id"]}/attachments/1" download' in page


@needs.FAKTUROID
def test_the_next_letter_is_refused_and_the_one_after_it_taken(sandbox: Sandbox, visitor: Visitor) -> None:
    assert visitor.send(sentence="250 Taken").status == 422
    assert visitor.send(sentence="550 5.1.1 Nobody <here>").status == 303
    assert sandbox.state()["fail_next_mail"] == "550 5.1.1 Nobody <here>"
    assert send(sandbox)["accepted"] is False
    assert sandbox.state()["fail_next_mail"] is None
    assert send(sandbox)["accepted"] is True
    assert "550 5.1.1 Nobody &lt;here&gt;" in Visitor(sandbox).page

    assert visitor.send(sentence="451 Later").status == 303
    assert visitor.send(sentence="").status == 303
    assert sandbox.state()["fail_next_mail"] is None


def test_everybody_of_the_example_firms_signs_in_by_a_press(sandbox: Sandbox, visitor: Visitor) -> None:
    sign_in = sandbox.server.ask("GET", "/sign-in").body.decode()

    assert {language for *_, language in PEOPLE} == {"cs", "en", "pl"}
    for email, *_ in PEOPLE:
        assert email in sign_in
        assert email in visitor.page
        answer = visitor.send(f"{PANEL}/sign-in", who=email)
        assert (answer.status, answer.headers["location"]) == (303, "/"), email
    assert visitor.send(f"{PANEL}/sign-in", who="nobody@applecorp.example").status == 422


@pytest.mark.parametrize("header", [("Host", "other.example"), ("Sec-Fetch-Site", "cross-site")])
def test_the_panel_is_neither_for_the_network_nor_for_other_sites(sandbox: Sandbox, header: tuple[str, str]) -> None:
    assert sandbox.server.ask("GET", PANEL, headers=dict([header])).status == 403
    sign_in = sandbox.server.ask("GET", "/sign-in", headers=dict([header])).body.decode()
    assert sandbox.told["web"]["password"] not in sign_in


def test_a_form_without_its_token_switches_nothing(sandbox: Sandbox, visitor: Visitor) -> None:
    visitor.token = "none"

    assert visitor.send(patch='{"busy_search": true}').status == 400
    assert visitor.send(f"{PANEL}/reset").status == 400
    assert sandbox.state()["busy_search"] is False


def test_a_fault_rule_is_added_by_a_press_shown_with_its_hits_and_deleted(sandbox: Sandbox, visitor: Visitor) -> None:
    terms = re.search(r'name="rule" value="([^"]*)"[^>]*>Let every request wait', visitor.page)
    assert terms is not None
    assert f"curl {sandbox.told['control_url']}/faults -H" in visitor.page
    assert visitor.send(f"{PANEL}/faults", rule='{"doors": ["pages"], "fault": {"status": 500}}').status == 303
    assert sandbox.server.ask("GET", "/sign-in").status == 500

    page = unescape(Visitor(sandbox).page)
    assert '<code>{"fault":{"status":500},"doors":["pages"]}</code>' in page
    assert "1 hit<" in page
    assert visitor.send(f"{PANEL}/faults/1/delete").status == 303
    assert visitor.send(f"{PANEL}/faults/1/delete").status == 303
    assert sandbox.server.ask("GET", "/sign-in").status == 200
    assert visitor.send(f"{PANEL}/faults", rule=unescape(terms[1])).status == 303
    assert sandbox.server.ask("GET", "/sandbox/faults").json["faults"][0]["fault"] == {"latency_ms": 2000}


@pytest.mark.parametrize("rule", ["", "{", "[]", "{}", '{"fault": {"status": 9}}'])
def test_what_is_no_rule_is_refused_at_the_panel(sandbox: Sandbox, visitor: Visitor, rule: str) -> None:
    assert visitor.send(f"{PANEL}/faults", rule=rule).status == 422
    assert sandbox.server.ask("GET", "/sandbox/faults").json["faults"] == []


@needs.FAKTUROID
def test_the_panel_looks_into_requests_and_finds_them_by_their_text(sandbox: Sandbox) -> None:
    sandbox.call("POST", f"{API}/accounts/applecorp/subjects.json", {"name": "Needle <b>"})
    sandbox.call("GET", f"{API}/user.json")

    page = unescape(Visitor(sandbox).page)
    assert f"GET {API}/user.json</code>" in page
    assert '{"name": "Needle <b>"}' in page
    assert "authorization: Bearer $TOKEN" in page
    assert f"curl -X POST {sandbox.server.url}{API}/accounts/applecorp/subjects.json" in page
    assert sandbox.token not in page

    def found(text: str) -> str:
        path = f"{PANEL}?{urlencode({'asked': text})}"
        return unescape(sandbox.server.ask("GET", path, headers={"Accept-Language": "en"}).body.decode())

    assert f"GET {API}/user.json</code>" not in found("Needle")
    assert f"POST {API}/accounts/applecorp/subjects.json</code>" in found("Needle")
    assert "Nothing with that text is in the ledger." in found("Nobody has this")


def test_worlds_are_made_opened_and_removed_in_the_panel_of_the_main_one(sandbox: Sandbox, visitor: Visitor) -> None:
    made = visitor.send(f"{PANEL}/worlds", name="by-hand")
    own = f"{sandbox.told['base_url']}/worlds/by-hand"
    page = Visitor(sandbox).page

    assert made.status == 303
    assert f'href="{own}/sandbox/panel"' in page
    assert "by-hand" in page
    inner = sandbox.server.ask("GET", "/worlds/by-hand/sandbox/panel").body.decode()
    assert 'id="worlds"' not in inner
    assert f"curl -X POST {own}/sandbox/reset" in inner
    again, wrong = visitor.send(f"{PANEL}/worlds", name="by-hand"), visitor.send(f"{PANEL}/worlds", name="By hand")
    assert (again.status, wrong.status) == (422, 422)
    assert "There is a world named" in unescape(again.body.decode())
    assert visitor.send(f"{PANEL}/worlds", drop="by-hand").status == 303
    assert visitor.send(f"{PANEL}/worlds", drop="by-hand").status == 422
    assert f'href="{own}/sandbox/panel"' not in Visitor(sandbox).page


def test_a_checkpoint_is_made_compared_and_gone_back_to(sandbox: Sandbox, visitor: Visitor) -> None:
    assert f"curl -X POST {sandbox.told['control_url']}/checkpoints/before/rewind" in visitor.page
    try:
        assert visitor.send(f"{PANEL}/checkpoints", name="before").status == 303
        assert "Go back to it" in Visitor(sandbox).page
        assert visitor.send(patch='{"accounts": {"applecorp": {"contact_limit": 7}}}').status == 303
        changes = sandbox.server.ask("GET", f"{PANEL}?since=before", headers={"Accept-Language": "en"})
        assert "<code>accounts 1</code>" in changes.body.decode()
        assert visitor.send(f"{PANEL}/rewind", name="before").status == 303
        assert sandbox.state()["accounts"]["applecorp"]["contact_limit"] is None
    finally:
        sandbox.server.ask("DELETE", "/sandbox/checkpoints/before")
    for path in (f"{PANEL}/rewind", f"{PANEL}/checkpoints"):
        assert visitor.send(path, name="Not one").status == 422
    assert sandbox.server.ask("GET", f"{PANEL}?since=nowhere").status == 404
