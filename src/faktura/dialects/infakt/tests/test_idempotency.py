"""An extra that no peer has: a key on writes, tags on records (as at the other door, in this one's words)."""

from faktura.dialects.infakt.tests.conftest import Client

KEYED = {"Idempotency-Key": "zamowienie-17"}
BODY = {"client": {"company_name": "Firma A", "country": "PL"}}


def count(client: Client) -> int:
    total: int = client.get("/clients.json").json["metainfo"]["total_count"]
    return total


def test_the_first_answer_is_replayed_and_takes_effect_once(client: Client) -> None:
    first, second = (client.post("/clients.json", BODY, headers=KEYED) for _ in range(2))

    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert first.status_code == 201
    assert second.headers["Idempotent-Replayed"] == "true"
    assert count(client) == 1


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


def test_while_the_first_runs_the_second_is_told_so(client: Client) -> None:
    with client.service.running.hold((client.key, KEYED["Idempotency-Key"])):
        assert client.post("/clients.json", BODY, headers=KEYED).status_code == 409


def test_a_change_is_refused_where_the_record_is_another_by_now(client: Client) -> None:
    created = client.post("/clients.json", BODY)
    path, tag = f"/clients/{created.json['id']}.json", created.headers["ETag"]
    assert client.get(path).headers["ETag"] == tag
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304

    assert client.put(path, {"client": {"city": "Kraków"}}, headers={"If-Match": tag}).status_code == 200
    late = client.put(path, {"client": {"city": "Gdynia"}}, headers={"If-Match": tag})
    assert (late.status_code, list(late.json)) == (412, ["error"])
    assert client.delete(path, headers={"If-Match": tag}).status_code == 412
    assert client.get(path).json["city"] == "Kraków"


def test_a_part_of_a_record_has_a_tag_of_its_own(client: Client) -> None:
    path = f"/clients/{client.post('/clients.json', BODY).json['id']}.json"
    whole, part = client.get(path), client.get(path, query_string="fields=city")
    assert whole.headers["ETag"] != part.headers["ETag"]
    answer = client.get(path, query_string="fields=city", headers={"If-None-Match": part.headers["ETag"]})
    assert answer.status_code == 304
    changed = client.put(path, {"client": {"city": "Łódź"}}, headers={"If-Match": part.headers["ETag"]})
    assert changed.status_code == 200
