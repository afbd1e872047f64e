"""Section 1.3: statuses, error bodies, and the language of messages."""

import datetime as dt
from typing import Any

import falcon
import pytest
from falcon import testing

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people import tokens
from faktura.dialects.fakturoid.door.door import Call, Door
from faktura.dialects.fakturoid.door.errors import SENTENCES
from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.store.database import Database
from faktura.wire.endpoints import Endpoint, mount
from faktura.wire.service import Service
from tests import needs
from tests.firm import Firm, open_firm

pytestmark = needs.ONE_ENGINE


@pytest.fixture
def english(service: Service, database: Database, clock: Clock) -> Client:
    return Client(service, open_firm(database, clock, "kiwicorp", language="en"))


def describes(answer: testing.Result, status: int, code: str) -> bool:
    """Whether it is a body of shape B and nothing more."""
    assert answer.status_code == status
    assert list(answer.json) == ["error", "error_description"]
    assert answer.json["error_description"]
    return bool(answer.json["error"] == code)


def test_a_422_names_the_attributes_with_lists_of_messages(client: Client) -> None:
    refused = client.post("/subjects.json", {"name": "X", "email": "nonsense"})

    assert refused.status_code == 422
    assert refused.json == {
        "errors": {"name": ["je příliš krátký/á/é (min. 2 znaků)"], "email": ["Prosím zkontrolujte email."]}
    }


@pytest.mark.parametrize("parameter", ["since", "updated_since"])
@pytest.mark.parametrize("value", ["nonsense", "2026-13-01", "2026-11-21T25:00:00", "1763683200", "", "%00", "%FF"])
def test_an_unparsable_bound_is_refused(client: Client, parameter: str, value: str) -> None:
    refused = client.get("/subjects.json", query_string=f"{parameter}={value}")

    assert describes(refused, 400, "invalid_request")
    if value and "%" not in value:
        assert refused.json["error_description"] == f'Parameter "{parameter}" is invalid'


@pytest.mark.parametrize(
    "body",
    [
        *(b"{", b"nonsense", b'{"name": }', b"{'name': 'x'}", b'{"name": "x"} {}', b'"text"', b"[]", b"1", b"null"),
        *(b'{"name": NaN}', b'{"name": 1e999}', b"\xff\xfe", b'{"name": "\xff"}', b'{"name": "\\ud800"}'),
        *(b'{"name": "a\\u0000b"}', b'{"a\\u0000b": 1}', b"[" * 100_000, b'{"a":' * 1000 + b"1" + b"}" * 1000),
    ],
)
def test_malformed_json_is_refused(client: Client, body: bytes) -> None:
    for answer in (client.post("/subjects.json", raw=body), client.patch("/subjects/1.json", raw=body)):
        assert describes(answer, 400, "invalid_request")


def test_a_body_nested_deeper_than_any_record_is_refused(client: Client) -> None:
    deep: Any = 1
    for _ in range(100):
        deep = [deep]

    assert describes(client.post("/subjects.json", {"name": "Karel", "unknown": deep}), 400, "invalid_request")


def test_an_empty_body_is_an_empty_object(client: Client) -> None:
    refused = client.post("/subjects.json", raw=b"")

    assert (refused.status_code, list(refused.json["errors"])) == (422, ["name"])


def test_a_body_that_is_too_large_is_refused(client: Client) -> None:
    body = b'{"name": "' + b"x" * 1_000_000 + b'"}'

    assert describes(client.post("/subjects.json", raw=body), 413, "payload_too_large")


def test_a_missing_access_token_is_a_401_with_the_way_to_sign_in(client: Client) -> None:
    refused = client.get("/account.json", headers={"Authorization": None})

    assert describes(refused, 401, "invalid_token")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_an_expired_access_token_is_a_401(client: Client, clock: Clock) -> None:
    clock.stand_at(clock.now() + dt.timedelta(seconds=7199))
    assert client.get("/account.json").status_code == 200
    assert client.get("/user.json", whole=True).status_code == 200

    clock.stand_at(clock.now() + dt.timedelta(seconds=2))
    assert describes(client.get("/account.json"), 401, "invalid_token")
    assert describes(client.get("/user.json", whole=True), 401, "invalid_token")


def test_a_revoked_access_token_is_a_401(client: Client, database: Database, clock: Clock) -> None:
    assert client.get("/account.json").status_code == 200

    def revoke(tx: Any) -> None:
        office = Office(tx, clock.now())
        found = tokens.standing_token(office, client.firm.token, "access")
        assert found is not None
        tokens.end_grant(office, found[1])

    database.write(revoke)
    assert describes(client.get("/account.json"), 401, "invalid_token")


def test_a_refresh_token_is_no_access_token(client: Client, database: Database, clock: Clock) -> None:
    def issue(tx: Any) -> str:
        office = Office(tx, clock.now())
        found = tokens.standing_token(office, client.firm.token, "access")
        assert found is not None
        return tokens.issue_refresh_token(office, found[1])

    refresh_token = database.write(issue)
    refused = client.get("/account.json", headers={"Authorization": f"Bearer {refresh_token}"})
    assert describes(refused, 401, "invalid_token")


def test_nobody_learns_without_a_token_which_accounts_there_are(client: Client) -> None:
    for slug in ("applecorp", "nonsense"):
        refused = client.get(f"/accounts/{slug}/account.json", whole=True, headers={"Authorization": "Bearer x"})
        assert describes(refused, 401, "invalid_token")


@pytest.mark.parametrize("path", ["/nonsense.json", "/subjects/999.json", "/subjects/999", "/subjects.xml"])
def test_an_unknown_path_or_record_is_a_404(client: Client, path: str) -> None:
    assert describes(client.get(path), 404, "resource_not_found")


def test_a_record_of_another_account_is_a_404(client: Client, database: Database, clock: Clock) -> None:
    other = Client(client.service, open_firm(database, clock, "pearcorp"))
    subject_id = other.post("/subjects.json", {"name": "Karel"}).json["id"]

    assert describes(client.get(f"/subjects/{subject_id}.json"), 404, "resource_not_found")


def test_every_message_has_a_sentence_in_czech_and_in_english() -> None:
    for czech, english in SENTENCES.values():
        assert czech
        assert english
        assert czech != english


MESSAGES = [
    ({"name": ""}, "name", ["je povinná položka", "je příliš krátký/á/é (min. 2 znaků)"]),
    ({"name": "X"}, "name", ["je příliš krátký/á/é (min. 2 znaků)"]),
    ({"email": "x"}, "email", ["Prosím zkontrolujte email."]),
    ({"type": "x"}, "type", ["není v seznamu povolených hodnot"]),
    ({"due": "x"}, "due", ["není číslo"]),
    ({"custom_id": "A-1"}, "custom_id", ["již databáze obsahuje"]),
    ({"zip": "1" * 21}, "zip", ["je příliš dlouhý/á/é (max. 20 znaků)"]),
]

IN_ENGLISH = {
    "je povinná položka": "can't be blank",
    "je příliš krátký/á/é (min. 2 znaků)": "is too short (minimum is 2 characters)",
    "Prosím zkontrolujte email.": "Please check the email.",
    "není v seznamu povolených hodnot": "is not included in the list",
    "není číslo": "is not a number",
    "již databáze obsahuje": "has already been taken",
    "je příliš dlouhý/á/é (max. 20 znaků)": "is too long (maximum is 20 characters)",
}


@pytest.mark.parametrize(("values", "attribute", "messages"), MESSAGES)
def test_messages_about_attributes_are_in_the_language_of_the_user(
    client: Client, english: Client, values: dict[str, Any], attribute: str, messages: list[str]
) -> None:
    for speaker in (client, english):
        speaker.post("/subjects.json", {"name": "Karel", "custom_id": "A-1"})
    sent = {"name": "Karel"} | values

    assert client.post("/subjects.json", sent).json == {"errors": {attribute: messages}}
    translated = [IN_ENGLISH[message] for message in messages]
    assert english.post("/subjects.json", sent).json == {"errors": {attribute: translated}}


def test_bodies_with_a_code_are_english_for_everybody(client: Client, english: Client) -> None:
    for path, options in (("/subjects/999.json", {}), ("/subjects.json", {"query_string": "since=x"})):
        czech_user, english_user = client.get(path, **options), english.get(path, **options)
        assert czech_user.json == english_user.json
        assert czech_user.json["error_description"].isascii()


def test_a_failure_of_the_server_is_told_in_the_shape_of_an_error_without_its_reason(
    service: Service, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(_call: Call) -> Any:
        raise RuntimeError("the secret reason")

    app: falcon.App[Any, Any] = falcon.App()
    failing = Endpoint(method="GET", path="/fails.json", serve=fail, about="Fails", public=True)
    mount(app, Door(service, "fakturoid", (failing,)), (failing,), {})

    answer = testing.TestClient(app).simulate_get("/fails.json")
    assert describes(answer, 500, "internal_error")
    assert "secret" not in answer.text
    assert "the secret reason" in caplog.text


def test_a_language_of_the_user_that_the_contract_does_not_know_is_told_in_english(
    service: Service, database: Database, clock: Clock
) -> None:
    polish: Firm = open_firm(database, clock, "plumcorp", language="pl")

    refused = Client(service, polish).post("/subjects.json", {"name": "X"})
    assert refused.json == {"errors": {"name": ["is too short (minimum is 2 characters)"]}}
