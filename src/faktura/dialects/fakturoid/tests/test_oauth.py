"""Section 1.10: OAuth 2, as far as machines see it; the pages for people are tested with the pages."""

import base64
import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from falcon import testing

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.applications import register_application
from faktura.dialects.fakturoid.tests.conftest import HOST, Client
from faktura.dialects.fakturoid.tests.oauth import (
    CHALLENGE,
    REDIRECT_URI,
    VERIFIER,
    Grants,
    Integration,
    basic,
    in_office,
    refusal,
    register,
)
from faktura.store.database import Database
from tests.firm import Firm, open_firm


def authorize(client: Client, **parameters: Any) -> testing.Result:
    return client.get("/oauth", whole=True, query_string=urlencode(parameters), headers={"Authorization": None})


def test_a_sound_request_for_consent_goes_on_to_the_page_for_people(client: Client, integration: Integration) -> None:
    asked = {"client_id": integration.client_id, "redirect_uri": REDIRECT_URI, "state": "ž &=?"}
    pkce = {"code_challenge": CHALLENGE, "code_challenge_method": "S256"}
    answer = authorize(client, **asked, **pkce, response_type="code", scope="everything")

    assert answer.status_code == 302
    where = urlsplit(answer.headers["Location"])
    assert (f"{where.scheme}://{where.netloc}", where.path) == (f"http://{HOST}", "/consent")
    assert dict(parse_qsl(where.query)) == asked | pkce


def test_localhost_may_be_a_redirect_address(client: Client, integration: Integration) -> None:
    local = {"redirect_uri": "http://localhost:3000/cb", "response_type": "code"}

    assert authorize(client, client_id=integration.client_id, **local).status_code == 302


@pytest.mark.parametrize(
    "redirect_uri",
    [
        "https://shop.example/callback",
        "https://shop.example/callback?from=faktura&x=1",
        "https://SHOP.example/callback?from=faktura",
        "https://shop.example/callback/?from=faktura",
        "https://evil.example/",
        "https://shop.example/callback?from=faktura#",
        '"><script>',
        "žluťoučký",
        "",
    ],
)
def test_nobody_is_sent_to_an_address_that_is_not_exactly_the_registered_one(
    client: Client, integration: Integration, redirect_uri: str
) -> None:
    answer = authorize(client, client_id=integration.client_id, redirect_uri=redirect_uri, response_type="code")

    assert refusal(answer) == (400, "invalid_request")
    assert "Location" not in answer.headers


def test_an_unknown_client_or_one_that_acts_for_itself_sends_nobody_anywhere(client: Client, firm: Firm) -> None:
    for client_id, code in (
        ("0" * 40, "invalid_client"),
        (firm.client_id, "invalid_request"),
        ("ž", "invalid_request"),
    ):
        answer = authorize(client, client_id=client_id, redirect_uri=REDIRECT_URI, response_type="code")
        assert refusal(answer) == (400, code)
        assert "Location" not in answer.headers
    assert refusal(authorize(client, redirect_uri=REDIRECT_URI, response_type="code")) == (400, "invalid_client")


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({}, "invalid_request"),
        ({"response_type": "code", "code_challenge": "short"}, "invalid_request"),
        ({"response_type": "code", "code_challenge": CHALLENGE, "code_challenge_method": "S1"}, "invalid_request"),
        ({"response_type": "code", "code_challenge": CHALLENGE, "code_challenge_method": "plain"}, "invalid_request"),
        ({"response_type": "code", "code_challenge": CHALLENGE}, "invalid_request"),
        ({"response_type": "code", "code_challenge_method": "S256"}, "invalid_request"),
    ],
)
def test_what_else_is_wrong_is_told_to_the_integration_with_its_state(
    client: Client, integration: Integration, wrong: dict[str, str], error: str
) -> None:
    answer = authorize(client, client_id=integration.client_id, redirect_uri=REDIRECT_URI, state="s&1", **wrong)

    assert answer.status_code == 302
    where = answer.headers["Location"]
    assert where.startswith(f"{REDIRECT_URI}&")
    told = dict(parse_qsl(urlsplit(where).query))
    assert (told["error"], told["state"], told["from"]) == (error, "s&1", "faktura")
    assert told["iss"] == f"http://{HOST}"


# Code


def test_a_code_gives_the_tokens_of_the_table(shop: Grants, consent: Callable[..., str]) -> None:
    answer = shop.exchange(consent())

    assert answer.status_code == 200
    assert set(answer.json) == {"access_token", "token_type", "expires_in", "refresh_token"}
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 7200)
    for name in ("access_token", "refresh_token"):
        assert len(answer.json[name]) == 80
        assert int(answer.json[name], 16)
    assert answer.headers["Cache-Control"] == "no-store"
    assert shop.opens(answer.json["access_token"])


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/token.json"])
def test_a_body_may_be_json_or_a_form_and_the_path_may_end_in_json(
    shop: Grants, consent: Callable[..., str], path: str
) -> None:
    body = {"grant_type": "authorization_code", "redirect_uri": REDIRECT_URI}

    assert shop.post(path, body | {"code": consent()}).status_code == 200
    form = urlencode(body | {"code": consent(), "scope": "all", "unknown": "1"})
    sent = shop.post(path, raw=form, headers={"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"})
    assert sent.status_code == 200


def test_a_code_works_for_five_minutes(shop: Grants, consent: Callable[..., str], clock: Clock) -> None:
    clock.stand_at(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC))
    first, second = consent(), consent()

    clock.stand_at(dt.datetime(2026, 11, 21, 12, 4, 59, tzinfo=dt.UTC))
    assert shop.exchange(first).status_code == 200
    clock.stand_at(dt.datetime(2026, 11, 21, 12, 5, tzinfo=dt.UTC))
    assert refusal(shop.exchange(second)) == (400, "invalid_grant")


def test_a_code_that_comes_twice_is_refused_and_takes_back_what_it_gave(
    shop: Grants, consent: Callable[..., str]
) -> None:
    code, other = consent(), shop.exchange(consent()).json
    given = shop.exchange(code).json
    assert shop.opens(given["access_token"])

    assert refusal(shop.exchange(code)) == (400, "invalid_grant")
    assert not shop.opens(given["access_token"])
    assert refusal(shop.token("refresh_token", refresh_token=given["refresh_token"])) == (400, "invalid_grant")
    assert shop.opens(other["access_token"])


def test_a_code_is_bound_to_its_redirect_address(shop: Grants, consent: Callable[..., str]) -> None:
    code = consent()

    assert refusal(shop.exchange(code, "http://localhost:3000/cb")) == (400, "invalid_grant")
    missing = shop.token("authorization_code", code=code)
    assert refusal(missing) == (400, "invalid_grant")
    assert shop.exchange(code).status_code == 200


def test_a_code_is_bound_to_its_client(
    shop: Grants, consent: Callable[..., str], client: Client, database: Database, clock: Clock, firm: Firm
) -> None:
    other = register(database, clock, firm.user)
    thief = Grants(client, other.client_id, other.secret)
    code = consent()

    assert refusal(thief.exchange(code)) == (400, "invalid_grant")
    given = shop.exchange(code)
    assert given.status_code == 200
    assert refusal(thief.exchange(code)) == (400, "invalid_grant")
    assert shop.opens(given.json["access_token"])
    stolen = thief.token("refresh_token", refresh_token=given.json["refresh_token"])
    assert refusal(stolen) == (400, "invalid_grant")


def test_a_code_asked_for_with_a_challenge_needs_its_verifier(shop: Grants, consent: Callable[..., str]) -> None:
    assert shop.exchange(consent(challenge=CHALLENGE), code_verifier=VERIFIER).status_code == 200


@pytest.mark.parametrize(
    ("verifier", "error"), [(None, "invalid_request"), ("ž", "invalid_request"), ("a" * 43, "invalid_grant")]
)
def test_a_code_that_came_with_a_wrong_verifier_is_used_up(
    shop: Grants, consent: Callable[..., str], verifier: str | None, error: str
) -> None:
    code = consent(challenge=CHALLENGE)

    assert refusal(shop.exchange(code, code_verifier=verifier)) == (400, error)
    assert refusal(shop.exchange(code, code_verifier=VERIFIER)) == (400, "invalid_grant")


def test_a_verifier_without_a_challenge_is_refused(shop: Grants, consent: Callable[..., str]) -> None:
    code = consent()

    assert refusal(shop.exchange(code, code_verifier=VERIFIER)) == (400, "invalid_request")
    assert refusal(shop.exchange(code)) == (400, "invalid_grant")


def test_an_app_may_be_sent_back_to_another_port_of_its_own_machine(client: Client, integration: Integration) -> None:
    asked = {"redirect_uri": "http://localhost:49152/cb", "response_type": "code"}

    assert authorize(client, client_id=integration.client_id, **asked).status_code == 302


@pytest.mark.parametrize("code", ["nonsense", "ž", "'", "0" * 80])
def test_an_unknown_code_is_refused(shop: Grants, code: str) -> None:
    assert refusal(shop.exchange(code)) == (400, "invalid_grant")


# Refresh


def test_a_refresh_gives_an_access_token_and_no_new_refresh_token(shop: Grants, consent: Callable[..., str]) -> None:
    given = shop.exchange(consent()).json
    for _ in range(2):
        again = shop.token("refresh_token", refresh_token=given["refresh_token"], scope="all")
        assert again.status_code == 200
        assert set(again.json) == {"access_token", "token_type", "expires_in"}
        assert shop.opens(again.json["access_token"])
    assert shop.opens(given["access_token"])


def test_an_access_token_lives_for_two_hours_and_a_refresh_token_until_it_is_revoked(
    shop: Grants, consent: Callable[..., str], clock: Clock
) -> None:
    clock.stand_at(dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC))
    given = shop.exchange(consent()).json
    clock.stand_at(dt.datetime(2026, 11, 21, 13, 59, 59, tzinfo=dt.UTC))
    assert shop.opens(given["access_token"])
    clock.stand_at(dt.datetime(2026, 11, 21, 14, tzinfo=dt.UTC))
    assert not shop.opens(given["access_token"])

    clock.stand_at(dt.datetime(2036, 11, 21, 14, tzinfo=dt.UTC))
    again = shop.token("refresh_token", refresh_token=given["refresh_token"])
    assert shop.opens(again.json["access_token"])


def test_only_a_refresh_token_refreshes(shop: Grants, consent: Callable[..., str]) -> None:
    code = consent()
    access = shop.exchange(code).json["access_token"]
    for wrong in ("nonsense", access, code):
        assert refusal(shop.token("refresh_token", refresh_token=wrong)) == (400, "invalid_grant")


# Client credentials


def test_client_credentials_give_an_access_token_without_a_refresh_token(personal: Grants) -> None:
    answer = personal.token("client_credentials", scope="all")

    assert answer.status_code == 200
    assert set(answer.json) == {"access_token", "token_type", "expires_in"}
    assert (answer.json["token_type"], answer.json["expires_in"]) == ("Bearer", 7200)
    assert personal.opens(answer.json["access_token"])


def test_tokens_of_one_client_are_good_side_by_side(personal: Grants) -> None:
    tokens = [personal.token("client_credentials").json["access_token"] for _ in range(3)]

    assert len(set(tokens)) == 3
    assert all(map(personal.opens, tokens))


def test_client_credentials_of_an_integration_are_refused(shop: Grants) -> None:
    assert refusal(shop.token("client_credentials")) == (401, "invalid_client")


def test_client_credentials_of_a_user_take_no_part_in_the_code_flow(
    personal: Grants, consent: Callable[..., str]
) -> None:
    assert refusal(personal.exchange(consent())) == (401, "invalid_client")
    assert refusal(personal.token("refresh_token", refresh_token="a")) == (401, "invalid_client")


def test_a_token_acts_as_the_user_who_owns_the_client(client: Client, database: Database, clock: Clock) -> None:
    reader = open_firm(database, clock, "pearcorp", permission="read")
    token = Grants(client, reader.client_id, reader.client_secret).token("client_credentials").json["access_token"]
    headers = {"Authorization": f"Bearer {token}"}

    assert client.get("/accounts/pearcorp/subjects.json", whole=True, headers=headers).status_code == 200
    refused = client.post("/accounts/pearcorp/subjects.json", {"name": "Karel"}, whole=True, headers=headers)
    assert refused.status_code == 403
    assert client.get("/accounts/applecorp/subjects.json", whole=True, headers=headers).status_code == 404


# Client authentication


@pytest.mark.parametrize("alphabet", [base64.b64encode, base64.urlsafe_b64encode], ids=["standard", "url-safe"])
@pytest.mark.parametrize("padding", ["", "="], ids=["without padding", "with padding"])
def test_basic_may_use_either_alphabet_with_or_without_padding(
    client: Client, database: Database, clock: Clock, firm: Firm, alphabet: Callable[[bytes], bytes], padding: str
) -> None:
    client_id, secret = "~" * 39 + "?", "?>~" * 13

    def work(office: Office) -> None:
        register_application(office, firm.user, "Script", "personal", known=(client_id, secret))

    in_office(database, clock, work)
    encoded = alphabet(f"{client_id}:{secret}".encode()).decode()
    assert set(encoded) & set("+/-_")
    assert encoded.endswith("=")
    header = "Basic " + encoded.rstrip("=") + padding * encoded.count("=")
    answer = Grants(client, client_id, secret).post(
        "/oauth/token", {"grant_type": "client_credentials"}, headers={"Authorization": header}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize("form", [True, False], ids=["form", "JSON"])
def test_client_id_and_secret_may_stand_in_the_body(personal: Grants, *, form: bool) -> None:
    body = {"grant_type": "client_credentials", "client_id": personal.client_id, "client_secret": personal.secret}
    if form:
        content_type = {"Content-Type": "application/x-www-form-urlencoded"}
        answer = personal.post("/oauth/token", raw=urlencode(body), headers={"Authorization": None} | content_type)
    else:
        answer = personal.post("/oauth/token", body, headers={"Authorization": None})

    assert answer.status_code == 200


@pytest.mark.parametrize(
    "authorization",
    [None, "Basic", "Basic !", "Basic ==", basic("nobody:nothing"), basic("\0:x"), basic("no colon"), "Basic /w=="],
)
@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
def test_wrong_client_credentials_are_told_as_invalid_client(
    personal: Grants, authorization: str | None, path: str
) -> None:
    body = {"grant_type": "client_credentials", "token": "x"}
    answer = personal.post(path, body, headers={"Authorization": authorization})

    assert refusal(answer) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")


def test_a_wrong_secret_is_told_as_invalid_client(client: Client, firm: Firm) -> None:
    wrong = Grants(client, firm.client_id, firm.client_secret[:-1])

    assert refusal(wrong.token("client_credentials")) == (401, "invalid_client")
    body = {"grant_type": "client_credentials", "client_id": firm.client_id, "client_secret": "wrong"}
    assert refusal(wrong.post("/oauth/token", body, headers={"Authorization": None})) == (401, "invalid_client")


# Refusals and common rules


def test_grant_types_that_the_contract_does_not_have_are_refused(personal: Grants) -> None:
    for grant_type in ("password", "implicit", "ž", "urn:ietf:params:oauth:grant-type:device_code"):
        assert refusal(personal.token(grant_type)) == (400, "unsupported_grant_type")


@pytest.mark.parametrize("raw", [b"&client_id=%zz", b"&client_id=%C5", b"&cli", b"&client_id=\xff"])
@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
def test_a_garbled_form_is_refused(personal: Grants, path: str, raw: bytes) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    answer = personal.post(path, raw=b"grant_type=client_credentials&token=x" + raw, headers=form)
    assert refusal(answer) == (400, "invalid_request")


@pytest.mark.parametrize("body", [{}, {"grant_type": ""}, {"grant_type": None}, {"grant_type": ["a"]}])
def test_a_missing_grant_type_is_an_invalid_request(personal: Grants, body: dict[str, Any]) -> None:
    assert refusal(personal.post("/oauth/token", body)) == (400, "invalid_request")


def test_a_missing_code_or_refresh_token_is_an_invalid_request(shop: Grants) -> None:
    assert refusal(shop.token("authorization_code", redirect_uri=REDIRECT_URI)) == (400, "invalid_request")
    assert refusal(shop.token("refresh_token", refresh_token="")) == (400, "invalid_request")


@pytest.mark.parametrize("raw", ["{", "[]", '"a"', '{"grant_type": "\\u0000"}'])
def test_a_body_that_cannot_be_read_is_an_invalid_request(personal: Grants, raw: str) -> None:
    assert refusal(personal.post("/oauth/token", raw=raw)) == (400, "invalid_request")


def test_the_oauth_endpoints_ask_for_a_user_agent_as_all_do(personal: Grants) -> None:
    for path in ("/oauth/token", "/oauth/revoke"):
        answer = personal.post(path, {"grant_type": "client_credentials"}, headers={"User-Agent": ""})
        assert refusal(answer) == (400, "invalid_request")
        assert answer.json["error_description"] == 'Required header "User-Agent" is missing'


@pytest.mark.parametrize("accept", [None, "*/*", "application/json", "text/html, */*;q=0.1"])
def test_a_token_is_given_to_whoever_takes_json_or_anything(personal: Grants, accept: str | None) -> None:
    answer = personal.post("/oauth/token", {"grant_type": "client_credentials"}, headers={"Accept": accept})

    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


def test_another_representation_of_a_token_is_refused(personal: Grants) -> None:
    answer = personal.post("/oauth/token", {"grant_type": "client_credentials"}, headers={"Accept": "text/xml"})

    assert answer.status_code == 415


def test_answers_of_the_oauth_endpoints_carry_the_rate_limit(personal: Grants) -> None:
    for answer in (personal.token("client_credentials"), personal.token("nonsense"), personal.revoke("nonsense")):
        assert answer.headers["X-RateLimit-Policy"] == "default;q=200;w=60"
        assert answer.headers["X-RateLimit"].startswith("default;r=")


def test_the_token_endpoint_takes_only_post(client: Client) -> None:
    for path in ("/oauth/token", "/oauth/revoke.json"):
        assert client.get(path, whole=True).status_code == 405


# Revoke
