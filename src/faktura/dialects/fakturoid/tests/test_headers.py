"""Section 1.2: headers of requests and answers."""

from typing import Any

import pytest
from falcon import testing

from faktura.dialects.fakturoid import DIALECT
from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.wire.service import Service
from tests import needs

pytestmark = needs.ONE_ENGINE

USER_AGENT_MISSING = {"error": "invalid_request", "error_description": 'Required header "User-Agent" is missing'}

ANYTHING = [
    ("GET", "/subjects.json"),
    ("POST", "/subjects.json"),
    ("GET", "/invoices.json"),
    ("GET", "/nonsense.json"),
    ("POST", "/account.json"),
]


@pytest.mark.parametrize(("method", "path"), ANYTHING)
def test_a_user_agent_is_mandatory_on_every_request(client: Client, method: str, path: str) -> None:
    refused = client.call(method, path, headers={"User-Agent": ""})

    assert (refused.status_code, refused.json) == (400, USER_AGENT_MISSING)


@pytest.mark.parametrize("path", ["/user.json", "/oauth/token", "/oauth/revoke", "/nonsense"])
def test_a_user_agent_is_mandatory_where_no_account_is_named(client: Client, path: str) -> None:
    method = "POST" if path.startswith("/oauth") else "GET"
    refused = client.call(method, path, whole=True, headers={"User-Agent": ""})

    assert (refused.status_code, refused.json) == (400, USER_AGENT_MISSING)


def test_a_user_agent_that_is_not_there_at_all_is_missing(service: Service) -> None:
    door = DIALECT.application(service)

    def without_user_agent(environ: dict[str, Any], start_response: Any) -> Any:
        del environ["HTTP_USER_AGENT"]
        return door(environ, start_response)

    refused = testing.TestClient(without_user_agent).simulate_get("/user.json")
    assert (refused.status_code, refused.json) == (400, USER_AGENT_MISSING)


@pytest.mark.parametrize("agent", ["x", "python-requests/2.34", "Firma (firma@example.cz)", "ÿ"])
def test_only_the_presence_of_the_user_agent_is_checked(client: Client, agent: str) -> None:
    assert client.get("/account.json", headers={"User-Agent": agent}).status_code == 200


@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_access_token_is_sent_as_bearer(client: Client, scheme: str) -> None:
    assert client.get("/account.json", headers={"Authorization": f"{scheme} {client.firm.token}"}).status_code == 200


@pytest.mark.parametrize(
    "credentials",
    [
        *(None, "", "Bearer", "Bearer ", "Bearer  ", "nonsense", "Bearer nonsense", "Basic Zm9vOmJhcg==", "Bearer ÿÿ"),
        "Bearer " + "f" * 80,
        "Bearer " + "f" * 9000,
    ],
)
def test_anything_else_opens_nothing(client: Client, credentials: str | None) -> None:
    refused = client.get("/account.json", headers={"Authorization": credentials})

    assert (refused.status_code, refused.json["error"]) == (401, "invalid_token")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


SUBJECT = '{"name": "Žlutý"}'.encode()


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/json; charset=utf-8", "Application/JSON;charset=UTF-8", "application/hal+json"],
)
def test_a_json_body_says_that_it_is_one(client: Client, content_type: str) -> None:
    created = client.post("/subjects.json", raw=SUBJECT, headers={"Content-Type": content_type})

    assert (created.status_code, created.json["name"]) == (201, "Žlutý")


OTHER_TYPES = [
    *(None, "", ";;;", "text/plain", "nonsense", "application/jsonp", "application/xml", "multipart/form-data"),
    "application/x-www-form-urlencoded",
]


@pytest.mark.parametrize("content_type", OTHER_TYPES)
def test_a_body_that_does_not_say_so_is_refused_and_writes_nothing(client: Client, content_type: str | None) -> None:
    subject_id = client.post("/subjects.json", {"name": "Karel"}).json["id"]
    kept = client.get("/subjects.json").json
    for method, path in (
        ("POST", "/subjects.json"),
        ("PATCH", f"/subjects/{subject_id}.json"),
        ("DELETE", f"/subjects/{subject_id}.json"),
        ("POST", "/invoices/1/payments/1/create_tax_document.json"),
    ):
        refused = client.call(method, path, raw=SUBJECT, headers={"Content-Type": content_type})
        assert (refused.status_code, refused.json["error"]) == (415, "unsupported_media_type")
    assert client.get("/subjects.json").json == kept


@pytest.mark.parametrize("content_type", OTHER_TYPES)
def test_no_body_needs_no_type(client: Client, content_type: str | None) -> None:
    refused = client.post("/subjects.json", raw=b"", headers={"Content-Type": content_type})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["name"])


def test_a_lenient_server_takes_a_body_that_says_nothing_for_json(client: Client, service: Service) -> None:
    service.lenient_content_type = True

    def post(content_type: str | None, raw: bytes = SUBJECT) -> int:
        return client.post("/subjects.json", raw=raw, headers={"Content-Type": content_type}).status_code

    assert [post(None), post("")] == [201, 201]
    assert [post(None, b"name=Karel"), post(None, b"{")] == [400, 400]
    assert [post("text/plain"), post("application/x-www-form-urlencoded")] == [415, 415]


def test_only_the_token_endpoints_take_a_form(client: Client) -> None:
    form = {"Content-Type": "Application/X-WWW-Form-urlencoded", "Authorization": None}
    asked = client.post("/oauth/token", raw=b"grant_type=nonsense", whole=True, headers=form)
    assert (asked.status_code, asked.json["error"]) == (400, "unsupported_grant_type")


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", "multipart/form-data; boundary=x"])
def test_a_content_type_on_get_and_delete_is_never_refused(client: Client, content_type: str) -> None:
    subject_id = client.post("/subjects.json", {"name": "Karel"}).json["id"]
    headers = {"Content-Type": content_type}

    assert client.get("/subjects.json", headers=headers).status_code == 200
    assert client.get(f"/subjects/{subject_id}.json", headers=headers).status_code == 200
    assert client.delete(f"/subjects/{subject_id}.json", headers=headers).status_code == 204


@pytest.mark.parametrize(
    "accept",
    [
        *(None, "", "*/*", "application/json", "application/json; charset=utf-8", "application/*"),
        *(
            "text/html, application/xhtml+xml, */*;q=0.8",
            "text/html,application/json;q=0.1",
            "application/vnd.api+json",
        ),
    ],
)
def test_an_accept_that_names_json_or_a_wildcard_is_served(client: Client, accept: str | None) -> None:
    assert client.get("/account.json", headers={"Accept": accept}).status_code == 200


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "application/pdf, text/csv"])
@pytest.mark.parametrize(("method", "path"), ANYTHING)
def test_another_representation_is_refused(client: Client, accept: str, method: str, path: str) -> None:
    refused = client.call(method, path, headers={"Accept": accept})

    assert (refused.status_code, refused.json["error"]) == (415, "unsupported_media_type")
    assert refused.json["error_description"]


def every_kind_of_answer(client: Client) -> dict[int, testing.Result]:
    created = client.post("/subjects.json", {"name": "Karel"})
    answers = [
        created,
        client.get("/subjects.json"),
        client.get("/subjects.json", headers={"User-Agent": ""}),
        client.get("/subjects.json", headers={"Authorization": None}),
        client.get("/subjects/999.json"),
        client.post("/account.json"),
        client.get("/subjects.json", headers={"Accept": "text/html"}),
        client.post("/subjects.json", raw=b" " * 1_000_001),
        client.post("/subjects.json", {}),
        client.delete(f"/subjects/{created.json['id']}.json"),
    ]
    by_status = {answer.status_code: answer for answer in answers}
    assert sorted(by_status) == [200, 201, 204, 400, 401, 404, 405, 413, 415, 422]
    return by_status


def test_every_json_body_is_announced_as_json_in_utf_8(client: Client) -> None:
    for status, answer in every_kind_of_answer(client).items():
        if status == 204:
            assert answer.content == b""
        else:
            assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
            assert answer.json is not None


def test_there_are_no_link_and_last_modified_headers(client: Client) -> None:
    for answer in every_kind_of_answer(client).values():
        assert not {"link", "last-modified"} & {name.lower() for name in answer.headers}


@pytest.mark.parametrize("method", ["OPTIONS", "HEAD", "TRACE", "POST"])
def test_a_method_that_a_path_does_not_take_is_refused_with_those_it_takes(client: Client, method: str) -> None:
    refused = client.call(method, "/account.json")

    assert (refused.status_code, refused.headers["Allow"]) == (405, "GET")


@pytest.mark.parametrize(
    "headers",
    [
        {"Accept": "\xff;;;,,,"},
        {"Accept": "," * 10000},
        {"Authorization": "Bearer \x7f"},
        {"Forwarded": 'for="'},
        {"X-Forwarded-For": ",,,"},
        {"Range": "bytes=nonsense"},
        {"If-Modified-Since": "nonsense"},
        {"If-None-Match": '"'},
        {"Cookie": "=;=;="},
        {"Date": "nonsense"},
        {"Content-Type": ";;;"},
        {"X-HTTP-Method-Override": "DELETE"},
    ],
)
def test_no_header_makes_the_server_fail(client: Client, headers: dict[str, str]) -> None:
    for answer in (
        client.get("/subjects.json", headers=headers),
        client.post("/subjects.json", raw=b'{"name": "Karel"}', headers=headers),
    ):
        assert answer.status_code < 500
        assert answer.json is not None
