"""Section 2.5: subjects."""

from faktura.dialects.fakturoid.tests.conftest import Client


def test_an_empty_name_is_refused_as_blank_and_as_too_short(client: Client) -> None:
    refused = client.post("/subjects.json", {"name": ""})

    assert refused.status_code == 422
    assert refused.json == {"errors": {"name": ["je povinná položka", "je příliš krátký/á/é (min. 2 znaků)"]}}
    assert client.get("/subjects.json").json == []


def test_a_search_finds_all_words_in_any_case_and_without_accents(client: Client) -> None:
    client.post("/subjects.json", {"name": "Žluťoučký kůň", "email": "kun@example.cz"})
    client.post("/subjects.json", {"name": "Kůň bez barvy"})

    found = client.get("/subjects/search.json", query_string="query=KUN ZLUT").json

    assert [subject["name"] for subject in found] == ["Žluťoučký kůň"]
