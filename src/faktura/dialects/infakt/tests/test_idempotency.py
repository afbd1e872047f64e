"""An extra that no peer has: a write with an `Idempotency-Key` takes effect once, however often it is sent."""

from typing import Any

from faktura.dialects.infakt.tests.conftest import Client

KEYED = {"Idempotency-Key": "zamowienie-17"}
BODY: dict[str, dict[str, Any]] = {"client": {"company_name": "Firma A", "country": "PL"}}


def count(client: Client) -> int:
    total: int = client.get("/clients.json").json["metainfo"]["total_count"]
    return total


def test_another_body_under_the_key_is_refused_in_polish(client: Client) -> None:
    client.post("/clients.json", BODY, headers=KEYED)
    refused = client.post("/clients.json", {"client": {"company_name": "B", "country": "PL"}}, headers=KEYED)
    assert (refused.status_code, list(refused.json)) == (422, ["error"])
    assert "Idempotency-Key" in refused.json["error"]
    assert count(client) == 1


def test_the_key_of_the_api_may_stand_in_the_body_or_in_the_header(client: Client) -> None:
    first = client.post("/clients.json", BODY, headers=KEYED)
    second = client.post("/clients.json", BODY | {"api_key": client.key}, headers=KEYED | {"X-inFakt-ApiKey": None})
    assert first.json == second.json


def test_the_key_of_the_api_may_as_well_stand_in_the_query(client: Client) -> None:
    first = client.post("/clients.json", BODY, headers=KEYED)
    second = client.post(
        "/clients.json", BODY, headers=KEYED | {"X-inFakt-ApiKey": None}, query_string=f"api_key={client.key}"
    )
    assert (first.status_code, first.json) == (second.status_code, second.json)


def test_the_order_of_names_in_a_body_tells_no_requests_apart(client: Client) -> None:
    first = client.post("/clients.json", BODY, headers=KEYED)
    turned = {"client": dict(reversed(BODY["client"].items()))}
    assert client.post("/clients.json", turned, headers=KEYED).json == first.json


def test_a_key_is_the_same_at_every_address_of_the_api(client: Client) -> None:
    first = client.post("/clients.json", BODY, headers=KEYED)
    again = client.post("/clients.json", BODY, headers=KEYED, mount="/api/v3")
    assert (again.json, again.headers["Idempotent-Replayed"]) == (first.json, "true")


def test_a_task_is_handed_in_once(client: Client) -> None:
    body = {"invoice": {"client_company_name": "A", "services": []}}
    first, second = (client.post("/async/invoices.json", body, headers=KEYED) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.content == second.content


def test_what_is_deleted_under_a_key_is_deleted_once(client: Client) -> None:
    path = f"/clients/{client.post('/clients.json', BODY).json['id']}.json"
    answers = [client.delete(path, headers=KEYED) for _ in range(2)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(204, b""), (204, b"")]
    assert client.delete(path).status_code == 404
