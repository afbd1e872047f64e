"""The API document is true to declarations and answers; that it is valid is tested for all dialects together."""

import datetime as dt
from typing import Any

import httpx2
import pytest
import schemathesis
from falcon import testing

from faktura.core.bank_accounts import BankAccount
from faktura.core.documents.numbering import NumberFormat
from faktura.dialects.fakturoid import DIALECT
from faktura.dialects.fakturoid.door.application import ENDPOINTS, EXTENSIONS, TO_COME
from faktura.dialects.fakturoid.invoices.fields import INVOICE
from faktura.dialects.fakturoid.subjects import SUBJECT
from faktura.dialects.fakturoid.tests.conftest import Client, Desk, line
from tests import needs

pytestmark = needs.ONE_ENGINE

ADDRESS = "https://faktura.example/fakturoid/api/v3"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return DIALECT.openapi(ADDRESS)


def schema(document: dict[str, Any], name: str) -> dict[str, Any]:
    found: dict[str, Any] = document["components"]["schemas"][name]
    return found


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }


def test_what_is_built_is_in_the_document_and_nothing_else(document: dict[str, Any]) -> None:
    declared = {(endpoint.method, endpoint.path) for endpoint in (*ENDPOINTS, *EXTENSIONS)}
    aliases = {("PUT", path) for method, path in declared if method == "PATCH"}

    signing_in = {("GET", "/oauth"), ("POST", "/oauth/token"), ("POST", "/oauth/revoke")}
    assert set(operations(document)) == declared | aliases | signing_in
    assert not declared & {(endpoint.method, endpoint.path) for endpoint in TO_COME}


def test_what_is_ours_and_not_of_the_contract_is_marked(document: dict[str, Any]) -> None:
    ours = {(endpoint.method, endpoint.path) for endpoint in EXTENSIONS}
    assert {route for route, one in operations(document).items() if one.get("x-extension")} == ours
    embed = operations(document)["GET", "/accounts/{slug}/invoices/{id}/download.pdf"]["parameters"][-1]
    assert (embed["name"], embed["x-extension"]) == ("embed", True)


def test_the_server_is_the_address_that_the_document_is_asked_for_at(document: dict[str, Any]) -> None:
    assert document["servers"] == [{"url": ADDRESS}]
    flows = document["components"]["securitySchemes"]["oauth2"]["flows"]
    assert flows["clientCredentials"]["tokenUrl"] == f"{ADDRESS}/oauth/token"
    assert flows["authorizationCode"]["authorizationUrl"] == f"{ADDRESS}/oauth"


def test_an_answered_resource_has_all_fields_every_time(document: dict[str, Any]) -> None:
    subject = schema(document, "Subject")

    assert list(subject["properties"]) == subject["required"] == [field.name for field in SUBJECT.fields]


def test_fields_tell_type_list_null_and_who_may_write_them(document: dict[str, Any]) -> None:
    properties = schema(document, "Subject")["properties"]

    assert properties["type"] == {"type": "string", "enum": ["customer", "supplier", "both"]}
    assert properties["vat_mode"]["enum"] == ["vat_payer", "non_vat_payer", "identified_person", None]
    assert properties["email"] == {"type": ["string", "null"]}
    assert properties["unreliable"] == {"type": ["boolean", "null"], "readOnly": True}
    assert properties["created_at"] == {"type": "string", "format": "date-time", "readOnly": True}


def test_only_a_create_requires_what_the_table_marks(document: dict[str, Any]) -> None:
    assert schema(document, "SubjectToCreate")["required"] == ["name"]
    assert schema(document, "SubjectToChange")["required"] == []


def test_what_is_read_only_is_not_among_what_is_sent(document: dict[str, Any]) -> None:
    sent = schema(document, "SubjectToCreate")["properties"]

    assert "name" in sent
    assert not {"id", "user_id", "url", "html_url", "created_at", "updated_at", "unreliable"} & set(sent)


def test_a_resource_inside_another_is_described(document: dict[str, Any]) -> None:
    accounts = schema(document, "CurrentUser")["properties"]["accounts"]

    assert accounts["items"] == {"$ref": "#/components/schemas/UserAccount"}
    assert "allowed_scope" in schema(document, "UserAccount")["properties"]


@pytest.mark.parametrize(
    ("operation", "statuses"),
    [
        (("GET", "/oauth"), "302 400 415 429"),
        (("POST", "/oauth/token"), "200 400 401 413 415 429"),
        (("POST", "/oauth/revoke"), "200 400 401 413 415 429"),
        (("GET", "/user.json"), "200 400 401 415 429"),
        (("GET", "/accounts/{slug}/subjects.json"), "200 400 401 402 404 415 429"),
        (("GET", "/accounts/{slug}/subjects/search.json"), "200 400 401 402 404 415 429 503"),
        (("POST", "/accounts/{slug}/subjects.json"), "201 400 401 402 403 404 409 413 415 422 429 503"),
        (("GET", "/accounts/{slug}/subjects/{id}.json"), "200 304 400 401 402 404 415 429"),
        (("PUT", "/accounts/{slug}/subjects/{id}.json"), "200 400 401 402 403 404 409 412 413 415 422 429 503"),
        (("GET", "/accounts/{slug}/invoices.json"), "200 400 401 402 403 404 415 429"),
        (("POST", "/accounts/{slug}/invoices.json"), "201 400 401 402 403 404 409 413 415 422 429 503"),
        (("POST", "/accounts/{slug}/invoices/{id}/fire.json"), "204 400 401 402 403 404 409 412 413 415 422 429 503"),
        (("DELETE", "/accounts/{slug}/subjects/{id}.json"), "204 400 401 402 403 404 409 412 413 415 422 429 503"),
    ],
)
def test_every_answer_of_an_operation_is_listed(
    document: dict[str, Any], operation: tuple[str, str], statuses: str
) -> None:
    assert " ".join(operations(document)[operation]["responses"]) == statuses


def test_every_answer_carries_the_headers_of_the_rate_limit(document: dict[str, Any]) -> None:
    for answer in document["components"]["responses"].values():
        assert {"X-RateLimit-Policy", "X-RateLimit"} <= set(answer["headers"])
    for operation in operations(document).values():
        for answer in operation["responses"].values():
            assert "$ref" in answer or {"X-RateLimit-Policy", "X-RateLimit"} <= set(answer["headers"])


def test_a_create_tells_the_location_and_429_when_to_come_back(document: dict[str, Any]) -> None:
    created = operations(document)["POST", "/accounts/{slug}/subjects.json"]["responses"]["201"]

    assert created["headers"]["Location"]["required"] is True
    assert "Retry-After" in document["components"]["responses"]["429"]["headers"]
    assert "WWW-Authenticate" in document["components"]["responses"]["401"]["headers"]


def test_the_user_agent_is_told_everywhere(document: dict[str, Any]) -> None:
    for operation in operations(document).values():
        assert {"$ref": "#/components/parameters/User-Agent"} in operation["parameters"]


def as_seen_from_outside(answer: testing.Result) -> httpx2.Response:
    asked = httpx2.Request("GET", ADDRESS)
    seen = httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content, request=asked)
    seen.elapsed = dt.timedelta()
    return seen


def test_real_answers_fit_their_schemas(client: Client, document: dict[str, Any]) -> None:
    client.write(lambda books: books.add(BankAccount, name="Účet", currency="CZK", number="1/0100"))
    client.write(lambda books: books.add(NumberFormat, kind="invoice", pattern="#yyyy#-#dddd#"))
    client.post("/subjects.json", {"name": "Karel", "type": "both", "due": 14, "vat_mode": "vat_payer"})
    tested = schemathesis.openapi.from_dict(document)

    for path in ("account", "users", "bank_accounts", "number_formats/invoices", "subjects", "subjects/search"):
        answer = client.get(f"/{path}.json")
        assert answer.json
        operation = tested[f"/accounts/{{slug}}/{path}.json"]["get"]
        assert operation.is_valid_response(as_seen_from_outside(answer)), path
    me = client.get("/user.json", whole=True)
    assert tested["/user.json"]["get"].is_valid_response(as_seen_from_outside(me))


def test_a_real_invoice_with_all_that_lies_inside_fits_its_schema(desk: Desk, document: dict[str, Any]) -> None:
    proforma = desk.issue(document_type="proforma", proforma_followup_document="tax_document")
    advance = desk.pay(proforma)["tax_document_id"]
    file = {"filename": "x.txt", "data_url": "data:text/plain;base64,AA=="}
    rates = [line(1, 5.5), line(2, 21)]
    desk.issue(*rates, document_type="final_invoice", tax_document_ids=[advance], attachments=[file], tags=["a"])
    tested = schemathesis.openapi.from_dict(document)["/accounts/{slug}/invoices.json"]

    listed, made = (
        desk.client.get("/invoices.json"),
        desk.client.post("/invoices.json", {"subject_id": desk.subject_id}),
    )

    assert [len(found["attachments"]) for found in listed.json] == [1, 0, 0]
    assert tested["get"].is_valid_response(as_seen_from_outside(listed))
    assert tested["post"].is_valid_response(as_seen_from_outside(made))


def test_an_invoice_is_described_with_what_lies_inside(document: dict[str, Any]) -> None:
    properties = schema(document, "Invoice")["properties"]

    assert list(properties) == [field.name for field in INVOICE.fields if field.access != "write"]
    assert properties["lines"]["items"] == {"$ref": "#/components/schemas/Line"}
    assert schema(document, "Line")["properties"]["vat_rate"] == {"type": "number"}
    assert properties["total"] == {"type": "string", "pattern": r"^-?\d+\.\d+$", "readOnly": True}


def test_what_is_sent_inside_an_invoice_is_described_as_it_is_sent(document: dict[str, Any]) -> None:
    sent = schema(document, "InvoiceToCreate")["properties"]

    assert sent["lines"]["items"] == {"$ref": "#/components/schemas/LineToSend"}
    assert "total" not in sent
    line_sent = schema(document, "LineToSend")["properties"]
    assert {"id", "name", "_destroy", "sku"} <= set(line_sent)
    assert "unit_price_with_vat" not in line_sent
    assert set(schema(document, "AttachmentToSend")["properties"]) == {"filename", "data_url"}


def test_a_download_is_described_as_a_file(document: dict[str, Any]) -> None:
    path = "/accounts/{slug}/invoices/{id}/attachments/{attachment_id}/download"
    operation = operations(document)["GET", path]

    assert operation["responses"]["200"]["content"] == {"*/*": {"schema": {"type": "string", "format": "binary"}}}
    named = {parameter["name"] for parameter in document["paths"][path]["parameters"]}
    assert named == {"slug", "id", "attachment_id"}


def test_clients_sign_in_with_their_own_credentials_and_people_with_none(document: dict[str, Any]) -> None:
    asked = {path: operation["security"] for (_, path), operation in operations(document).items()}

    assert asked["/oauth"] == []
    assert asked["/oauth/token"] == asked["/oauth/revoke"] == [{"client": []}, {}]
    assert asked["/user.json"] == asked["/accounts/{slug}/account.json"] == [{"oauth2": []}]


def test_a_token_request_may_be_json_or_a_form(document: dict[str, Any]) -> None:
    content = operations(document)["POST", "/oauth/token"]["requestBody"]["content"]

    assert set(content) == {"application/json", "application/x-www-form-urlencoded"}
    assert "grant_type" in schema(document, "TokenRequest")["properties"]


def test_what_is_sent_again_or_with_conditions_is_described(client: Client, document: dict[str, Any]) -> None:
    tested = schemathesis.openapi.from_dict(document)
    many, one = tested["/accounts/{slug}/subjects.json"], tested["/accounts/{slug}/subjects/{id}.json"]
    keyed = {"Idempotency-Key": "1"}
    created, replayed, reused = (
        client.post("/subjects.json", {"name": n}, headers=keyed) for n in ("Anna", "Anna", "Eva")
    )
    path = f"/subjects/{created.json['id']}.json"
    spared = client.get(path, headers={"If-None-Match": created.headers["ETag"]})
    late = client.patch(path, {"name": "Eva"}, headers={"If-Match": '"0-0"'})

    answers = (many["post"], created), (many["post"], replayed), (many["post"], reused), (one["get"], spared)
    for operation, answer in (*answers, (one["patch"], late)):
        assert operation.is_valid_response(as_seen_from_outside(answer)), answer.status_code
    statuses = [answer.status_code for answer in (created, replayed, reused, spared, late)]
    assert statuses == [201, 201, 422, 304, 412]


def headers_taken(document: dict[str, Any], method: str, path: str) -> set[str]:
    named = (parameter.get("$ref", "") for parameter in operations(document)[method, path]["parameters"])
    return {name.rpartition("/")[2] for name in named if name} - {"User-Agent"}


def test_each_operation_tells_the_conditions_that_it_takes(document: dict[str, Any]) -> None:
    invoices, invoice = "/accounts/{slug}/invoices.json", "/accounts/{slug}/invoices/{id}.json"

    assert headers_taken(document, "GET", invoices) == set()
    assert headers_taken(document, "POST", invoices) == {"Idempotency-Key"}
    assert headers_taken(document, "GET", invoice) == {"If-None-Match"}
    assert headers_taken(document, "PUT", invoice) == {"Idempotency-Key", "If-Match"}
    assert headers_taken(document, "DELETE", invoice) == {"Idempotency-Key", "If-Match"}
    assert headers_taken(document, "POST", "/oauth/token") == set()
