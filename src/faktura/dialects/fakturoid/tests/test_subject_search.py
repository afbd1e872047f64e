"""Section 2.5: the search of subjects."""

import uuid

import pytest

from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.dialects.fakturoid.tests.test_subjects import create
from tests import needs

pytestmark = needs.ONE_ENGINE


@pytest.mark.parametrize(
    "attribute", ["name", "full_name", "email", "email_copy", "registration_no", "vat_no", "private_note"]
)
def test_a_search_looks_through(client: Client, attribute: str) -> None:
    word = f"q{uuid.uuid4().hex[:10]}"
    wanted = create(client, **{attribute: f"{word}@example.cz" if "email" in attribute else word})
    create(client)

    found = client.get("/subjects/search.json", query_string=f"query={word[1:-1].upper()}").json
    assert [subject["id"] for subject in found] == [wanted["id"]]


@pytest.mark.parametrize("attribute", ["phone", "street", "city", "custom_id"])
def test_a_search_does_not_look_through(client: Client, attribute: str) -> None:
    create(client, **{attribute: "Quux"})

    assert client.get("/subjects/search.json", query_string="query=quux").json == []


def test_a_search_finds_all_words_in_any_case_and_without_accents(client: Client) -> None:
    create(client, name="Žluťoučký kůň", email="kun@example.cz")
    create(client, name="Kůň bez barvy")

    found = client.get("/subjects/search.json", query_string="query=KUN ZLUT").json
    assert [subject["name"] for subject in found] == ["Žluťoučký kůň"]


def test_a_search_without_a_hit_answers_an_empty_list(client: Client) -> None:
    found = client.get("/subjects/search.json", query_string="query=nobody")

    assert (found.status_code, found.json) == (200, [])


@pytest.mark.parametrize("query", ["", "query=", "query=%20"])
def test_an_empty_search_lists_everything(client: Client, query: str) -> None:
    create(client)

    assert len(client.get("/subjects/search.json", query_string=query).json) == 1


def test_a_search_sees_a_change_and_a_deletion_at_once(client: Client) -> None:
    subject = create(client, name="Before")
    client.patch(f"/subjects/{subject['id']}.json", {"name": "Afterwards"})

    assert client.get("/subjects/search.json", query_string="query=before").json == []
    assert len(client.get("/subjects/search.json", query_string="query=afterwards").json) == 1
    client.delete(f"/subjects/{subject['id']}.json")
    assert client.get("/subjects/search.json", query_string="query=afterwards").json == []
