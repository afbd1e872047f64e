"""The API document: valid, and true to the declarations and to what is answered."""

import datetime as dt
from typing import Any

import httpx2
import pytest
import schemathesis
from falcon import testing

from faktura.dialects.infakt import DIALECT
from faktura.dialects.infakt.application import ENDPOINTS
from faktura.dialects.infakt.tests.conftest import Client

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


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    schemathesis.openapi.from_dict(document).validate()


def test_what_is_built_is_in_the_document_and_nothing_else(document: dict[str, Any]) -> None:
    declared = {(endpoint.method, endpoint.path) for endpoint in ENDPOINTS}
    aliases = {("PATCH", path) for method, path in declared if method == "PUT"}

    assert set(operations(document)) == declared | aliases


def test_every_operation_has_a_name_of_its_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations(document).values()]

    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("operation", "statuses"),
    [
        (("GET", "/clients.json"), "200 400 401 403 413 429 503"),
        (("POST", "/clients.json"), "201 400 401 402 403 413 422 429 503"),
        (("PUT", "/clients/{id}.json"), "200 400 401 403 404 413 422 429 503"),
        (("DELETE", "/clients/{id}.json"), "204 400 401 403 404 413 422 429 503"),
        (("DELETE", "/products/{id}.json"), "204 400 401 403 404 413 429 503"),
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
