"""The API document is true to declarations and answers; that it is valid is tested for all dialects together."""

import datetime as dt
from typing import Any

import httpx2
import pytest
import schemathesis
from falcon import testing

from faktura.dialects.infakt import DIALECT
from faktura.dialects.infakt.door.application import ENDPOINTS
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import INVOICES, KINDS, least, wrapper_of
from tests import needs

pytestmark = needs.ONE_ENGINE

ADDRESS = "https://faktura.example/infakt/v3"

WRAPPED: dict[str, dict[str, Any]] = {
    "clients": {"client": {"company_name": "Gęśl", "days_to_payment": 14}},
    "products": {"product": {"name": "Rower", "tax_symbol": 23, "quantity": 2.5, "unit_net_price": 100}},
    "bank_accounts": {"bank_account": {"bank_name": "Bank", "account_number": "1"}},
}


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    return DIALECT.openapi(ADDRESS)


def operations(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (method.upper(), path): operation
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method != "parameters"
    }


def test_what_is_built_is_in_the_document_and_nothing_else(document: dict[str, Any]) -> None:
    declared = {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}
    aliases = {("PATCH", path) for method, path in declared if method == "PUT"}

    assert set(operations(document)) == declared | aliases


def test_what_is_ours_and_not_of_the_contract_is_marked(document: dict[str, Any]) -> None:
    ours = {
        route: {one["name"] for one in operation.get("parameters", ()) if one.get("x-extension")}
        for route, operation in operations(document).items()
    }
    addresses = (*(f"{path}/{{uuid}}" for path in KINDS), "/ksef2/documents/{uuid}")
    marked = {("GET", f"{address}/download_xml.json"): {"format", "profile"} for address in addresses}
    assert {route: names for route, names in ours.items() if names} == marked
    assert not any(operation.get("x-extension") for operation in operations(document).values())


@pytest.mark.parametrize(
    ("operation", "statuses"),
    [
        (("GET", "/clients.json"), "200 400 401 403 413 429 503"),
        (("GET", "/clients/{id}.json"), "200 304 400 401 403 404 413 429"),
        (("POST", "/clients.json"), "201 400 401 402 403 409 413 422 429 503"),
        (("PUT", "/clients/{id}.json"), "200 400 401 403 404 409 412 413 422 429 503"),
        (("DELETE", "/clients/{id}.json"), "204 400 401 403 404 409 412 413 422 429 503"),
        (("DELETE", "/products/{id}.json"), "204 400 401 403 404 409 412 413 422 429 503"),
    ],
)
def test_every_answer_of_an_operation_is_listed(
    document: dict[str, Any], operation: tuple[str, str], statuses: str
) -> None:
    assert " ".join(operations(document)[operation]["responses"]) == statuses


def test_bodies_are_wrapped_and_lists_have_an_envelope(document: dict[str, Any]) -> None:
    created = operations(document)["POST", "/clients.json"]["requestBody"]["content"]["application/json"]["schema"]
    listed = operations(document)["GET", "/clients.json"]["responses"]["200"]["content"]["application/json"]["schema"]

    assert created["properties"] == {"client": {"$ref": "#/components/schemas/ClientToCreate"}}
    assert listed["properties"]["entities"]["items"] == {"$ref": "#/components/schemas/Client"}


def test_an_attribute_that_is_empty_when_unset_may_be_so_in_the_document(document: dict[str, Any]) -> None:
    properties = document["components"]["schemas"]["Client"]["properties"]

    assert properties["days_to_payment"]["type"] == ["integer", "string"]
    assert "" in properties["payment_method"]["enum"]


def as_seen_from_outside(answer: testing.Result) -> httpx2.Response:
    asked = httpx2.Request("GET", ADDRESS)
    seen = httpx2.Response(answer.status_code, headers=answer.headers, content=answer.content, request=asked)
    seen.elapsed = dt.timedelta()
    return seen


@pytest.mark.parametrize("resource", WRAPPED)
def test_real_answers_fit_their_schemas(client: Client, document: dict[str, Any], resource: str) -> None:
    tested = schemathesis.openapi.from_dict(document)
    many, one = tested[f"/{resource}.json"], tested[f"/{resource}/{{id}}.json"]
    created = client.post(f"/{resource}.json", WRAPPED[resource])
    path = f"/{resource}/{created.json['id']}.json"
    wrapper = next(iter(WRAPPED[resource]))

    for operation, answer in (
        (many["post"], created),
        (many["post"], client.post(f"/{resource}.json", {})),
        (many["post"], client.post(f"/{resource}.json", {wrapper: {}})),
        (many["get"], client.get(f"/{resource}.json")),
        (many["get"], client.get(f"/{resource}.json", query_string="fields=id")),
        (many["get"], client.get(f"/{resource}.json", headers={"X-inFakt-ApiKey": None})),
        (one["get"], client.get(path)),
        (one["get"], client.get(f"/{resource}/999.json")),
        (one["put"], client.put(path, {wrapper: {}})),
        (one["delete"], client.delete(path)),
    ):
        assert operation.is_valid_response(as_seen_from_outside(answer)), (operation, answer.status_code)


@pytest.mark.parametrize("path", KINDS)
def test_real_documents_fit_their_schemas(client: Client, document: dict[str, Any], path: str) -> None:
    tested, wrapper = schemathesis.openapi.from_dict(document), wrapper_of(path)
    body = {wrapper: least(client, path) | {"third_party_addresses": [{"company_name": "A", "role_code": 1}]}}
    created = client.post(f"{path}.json", body)
    one = f"{path}/{created.json['uuid']}"
    handed_in = client.post(f"/async{path}.json", body)
    status = f"/async{path}/status/{{reference}}.json"
    reference = handed_in.json["invoice_task_reference_number"]

    for operation, answer, expected in (
        (tested[f"{path}.json"]["post"], created, 201),
        (tested[f"{path}.json"]["post"], client.post(f"{path}.json", {}), 400),
        (tested[f"{path}.json"]["post"], client.post(f"{path}.json", {wrapper: {}}), 422),
        (tested[f"{path}.json"]["get"], client.get(f"{path}.json"), 200),
        (tested[f"{path}.json"]["get"], client.get(f"{path}.json", query_string="fields=services(name)"), 200),
        (tested[f"{path}/{{uuid}}.json"]["get"], client.get(f"{one}.json"), 200),
        (tested[f"{path}/{{uuid}}.json"]["put"], client.put(f"{one}.json", {wrapper: {"notes": "x"}}), 200),
        (tested[f"{path}/{{uuid}}/paid.json"]["post"], client.post(f"{one}/paid.json"), 204),
        (tested[f"{path}/{{uuid}}/paid.json"]["post"], client.post(f"{one}/paid.json"), 422),
        (tested[f"{path}/next_number.json"]["get"], client.get(f"{path}/next_number.json"), 200),
        (tested[f"/async{path}.json"]["post"], handed_in, 201),
        (tested[status]["get"], client.get(status.format(reference=reference)), 200),
        (tested[f"{path}/{{uuid}}.json"]["delete"], client.delete(f"{one}.json"), 204),
        (tested[f"{path}/{{uuid}}.json"]["get"], client.get(f"{one}.json"), 404),
    ):
        assert answer.status_code == expected, answer.text
        assert operation.is_valid_response(as_seen_from_outside(answer)), (operation, answer.text)


def test_what_only_invoices_have_fits_its_schemas(client: Client, document: dict[str, Any]) -> None:
    tested = schemathesis.openapi.from_dict(document)
    created = client.post("/invoices.json", {"invoice": least(client, INVOICES)}).json
    asked = [
        *(("POST", "/share_links.json"), ("GET", "/share_links.json"), ("POST", "/share_links/prolong.json")),
        *(("GET", ".json"), ("DELETE", "/share_links.json"), ("GET", "/share_links.json")),
        *(("GET", "/attachments.json"), ("GET", "/attachments/1.json"), ("PUT", "/mark_as_accounted.json")),
    ]

    for method, path in asked:
        declared = path.replace("/1.json", "/{attachment_id}.json")
        answer = client.call(method, f"/invoices/{created['uuid']}{path}")
        operation = tested[f"/invoices/{{uuid}}{declared}"][method]
        assert operation.is_valid_response(as_seen_from_outside(answer)), (operation, answer.text)


def test_bodies_and_answers_of_documents_are_described_apart(document: dict[str, Any]) -> None:
    """Lists leave things out, and a task is handed in with what a document is created from."""
    schemas, named = document["components"]["schemas"], operations(document)

    for path in ("/invoices.json", "/async/invoices.json"):
        sent = named["POST", path]["requestBody"]["content"]["application/json"]["schema"]["properties"]
        assert sent == {"invoice": {"$ref": "#/components/schemas/InvoiceToCreate"}}
    assert {"id", "extensions"} <= schemas["Invoice"]["properties"].keys()
    assert "extensions" not in schemas["ListedInvoice"]["properties"]
    assert {"extensions", "id"}.isdisjoint(schemas["InvoiceToCreate"]["properties"])
    assert "group" in schemas["CorrectedService"]["properties"]
    assert "group" not in schemas["Service"]["properties"]


def test_what_is_sent_again_or_with_conditions_is_described(client: Client, document: dict[str, Any]) -> None:
    tested = schemathesis.openapi.from_dict(document)
    many, one = tested["/clients.json"], tested["/clients/{id}.json"]
    created, replayed = (
        client.post("/clients.json", WRAPPED["clients"], headers={"Idempotency-Key": "1"}) for _ in range(2)
    )
    reused = client.post("/clients.json", {"client": {"company_name": "B"}}, headers={"Idempotency-Key": "1"})
    path = f"/clients/{created.json['id']}.json"
    spared = client.get(path, headers={"If-None-Match": created.headers["ETag"]})
    late = client.put(path, {"client": {"city": "B"}}, headers={"If-Match": '"0-0"'})

    answers = (many["post"], created), (many["post"], replayed), (many["post"], reused), (one["get"], spared)
    for operation, answer in (*answers, (one["put"], late)):
        assert operation.is_valid_response(as_seen_from_outside(answer)), answer.status_code
    statuses = [answer.status_code for answer in (created, replayed, reused, spared, late)]
    assert statuses == [201, 201, 422, 304, 412]
