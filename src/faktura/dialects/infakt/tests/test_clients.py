"""Section 3: clients."""

from faktura.dialects.infakt.tests.conftest import Client


def test_a_client_is_created_read_and_listed(client: Client) -> None:
    created = client.post("/clients.json", {"client": {"company_name": "Żółw"}})

    assert created.status_code == 201, created.text
    assert client.get(f"/clients/{created.json['id']}.json").json == created.json
    assert client.get("/clients.json").json["entities"] == [created.json]
