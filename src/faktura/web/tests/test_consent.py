"""A person is asked whether an integration may act for them."""

import base64
import hashlib
from typing import NamedTuple
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import pytest
import sqlalchemy as sa

from faktura.core.books.office import Office
from faktura.core.people.applications import Application, Grant, register_application
from faktura.core.people.tokens import Token, code_to_exchange, issue_access_token, user_with_token
from faktura.store.statements import Query
from faktura.web.tests.conftest import Browser, in_office
from faktura.wire.service import Service
from tests.firm import PASSWORD, Firm

REDIRECT_URI = "https://shop.example/callback?from=faktura"
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(b"verifier").digest()).rstrip(b"=").decode()


class Integration(NamedTuple):
    application: Application
    client_id: str
    secret: str

    def asks(self, **parameters: str) -> str:
        """The address of the page, with what an integration asks or something else."""
        return "/consent?" + urlencode({"client_id": self.client_id, "redirect_uri": REDIRECT_URI} | parameters)


@pytest.fixture
def integration(service: Service, firm: Firm) -> Integration:
    addresses = (REDIRECT_URI, "http://localhost:3000/cb", "com.example.shop:/callback", "http://[::1]:8080/cb")

    def work(office: Office) -> Integration:
        return Integration(*register_application(office, firm.user, "Shop <b>Plug-in</b>", "integration", addresses))

    return in_office(service, work)


def given(service: Service) -> tuple[int, int]:
    """How many grants and tokens there are beside the one of the firm itself."""

    def count(office: Office) -> tuple[int, int]:
        grants, tokens = (office.tx.rows(query)[0][0] for query in _COUNTS)
        return grants - 1, tokens - 1

    return in_office(service, count)


def test_the_page_tells_who_asks_for_what_and_where_one_goes_then(owner: Browser, integration: Integration) -> None:
    page = owner.get(integration.asks(state="s"))

    assert page.status_code == 200
    assert "Shop &lt;b&gt;Plug-in&lt;/b&gt;" in page.text
    for text in ("Applecorp s.r.o.", "owner@applecorp.example", "shop.example", "read and change"):
        assert text in page.text


def test_whoever_is_not_signed_in_signs_in_first_and_is_then_asked(
    browser: Browser, firm: Firm, integration: Integration
) -> None:
    asked = browser.get(integration.asks(state="ž&=", code_challenge=CHALLENGE, code_challenge_method="S256"))
    assert asked.location.startswith("/sign-in?")

    browser.get(asked.location)
    back = browser.post("/sign-in", email=firm.user.email, password=PASSWORD)
    assert back.status_code == 303
    where = urlsplit(back.location)
    assert where.path == "/consent"
    assert parse_qs(where.query)["redirect_uri"] == [REDIRECT_URI]
    assert parse_qs(where.query)["state"] == ["ž&="]
    assert browser.get(back.location).status_code == 200


def test_allowing_sends_a_code_and_the_state_to_the_redirect_address(
    owner: Browser, service: Service, firm: Firm, integration: Integration
) -> None:
    owner.get(integration.asks(state="ž&="))
    allowed = owner.post(integration.asks(state="ž&="), decision="allow")

    assert allowed.status_code == 303
    assert allowed.location.startswith(f"{REDIRECT_URI}&")
    told = dict(parse_qsl(urlsplit(allowed.location).query))
    assert set(told) == {"from", "code", "state", "iss"}
    assert told["iss"] == "http://faktura.example"
    assert told["state"] == "ž&="

    def exchange(office: Office) -> tuple[Token, int]:
        found = code_to_exchange(office, integration.application, told["code"])
        assert found is not None
        user = user_with_token(office, issue_access_token(office, found[1]))
        assert user is not None
        return found[0], user.id

    code, user_id = in_office(service, exchange)
    assert user_id == firm.user.id
    assert (code.redirect_uri, code.challenge) == (REDIRECT_URI, None)


def test_the_challenge_is_kept_with_the_code(owner: Browser, service: Service, integration: Integration) -> None:
    asks = integration.asks(code_challenge=CHALLENGE, code_challenge_method="S256")
    owner.get(asks)
    code = dict(parse_qsl(urlsplit(owner.post(asks, decision="allow").location).query))["code"]

    found = in_office(service, lambda office: code_to_exchange(office, integration.application, code))
    assert found is not None
    assert found[0].challenge == CHALLENGE


def test_denying_tells_the_integration_and_gives_nothing(
    owner: Browser, service: Service, integration: Integration
) -> None:
    owner.get(integration.asks(state="s"))
    denied = owner.post(integration.asks(state="s"), decision="deny")

    assert denied.status_code == 303
    assert denied.location.startswith(f"{REDIRECT_URI}&")
    told = dict(parse_qsl(urlsplit(denied.location).query))
    assert (told["error"], told["state"], told["iss"]) == ("access_denied", "s", "http://faktura.example")
    assert "code" not in told
    assert given(service) == (0, 0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"redirect_uri": "https://shop.example/callback"},
        {"redirect_uri": "https://evil.example/"},
        {"redirect_uri": ""},
        {"redirect_uri": "\0"},
        {"client_id": "0" * 40},
        {"client_id": ""},
        {"client_id": "\0"},
        {"code_challenge": "short"},
        {"code_challenge": CHALLENGE},
        {"code_challenge": CHALLENGE, "code_challenge_method": "plain"},
        {"code_challenge_method": "S256"},
    ],
)
def test_a_changed_address_sends_nobody_anywhere_and_gives_nothing(
    owner: Browser, service: Service, integration: Integration, wrong: dict[str, str]
) -> None:
    owner.get(integration.asks())
    for decision in ("allow", "deny"):
        refused = owner.post(integration.asks(**wrong), decision=decision)
        assert refused.status_code == 400
        assert "Location" not in refused.headers
    assert owner.get(integration.asks(**wrong)).status_code == 400
    assert given(service) == (0, 0)


def test_an_application_that_acts_for_itself_asks_nobody(owner: Browser, firm: Firm, integration: Integration) -> None:
    assert owner.get(integration.asks(client_id=firm.client_id)).status_code == 400


def test_a_form_of_another_site_gives_nothing(owner: Browser, service: Service, integration: Integration) -> None:
    owner.get(integration.asks())

    assert owner.post_bare(integration.asks(), decision="allow").status_code == 400
    assert given(service) == (0, 0)


def test_what_is_neither_yes_nor_no_gives_nothing(owner: Browser, service: Service, integration: Integration) -> None:
    owner.get(integration.asks())

    assert owner.post(integration.asks(), decision="maybe").status_code == 400
    assert owner.post(integration.asks()).status_code == 400
    assert given(service) == (0, 0)


def test_whoever_signed_out_meanwhile_gives_nothing(owner: Browser, service: Service, integration: Integration) -> None:
    owner.get(integration.asks())
    hidden = dict(owner.hidden)
    owner.post("/sign-out")

    asked = owner.post_bare(integration.asks(), decision="allow", **hidden)
    assert asked.location.startswith("/sign-in?")
    assert given(service) == (0, 0)


@pytest.mark.parametrize(
    ("redirect_uri", "target"),
    [
        (REDIRECT_URI, "https://shop.example"),
        ("http://localhost:3000/cb", "http://localhost:3000"),
        ("com.example.shop:/callback", "com.example.shop:"),
        ("http://[::1]:8080/cb", "http:"),
    ],
)
def test_the_policy_lets_the_form_lead_back_to_the_integration_and_nowhere_else(
    owner: Browser, integration: Integration, redirect_uri: str, target: str
) -> None:
    policy = owner.get(integration.asks(redirect_uri=redirect_uri)).headers["Content-Security-Policy"]

    assert f"form-action 'self' {target}" in policy.split("; ")


_COUNTS = [Query(sa.select(sa.func.count()).select_from(cls.table)) for cls in (Grant, Token)]
