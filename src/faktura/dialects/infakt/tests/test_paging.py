"""Section 1.4: envelope and paging."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from faktura.dialects.infakt.door.application import ENDPOINTS
from faktura.dialects.infakt.door.paging import OFFSET
from faktura.dialects.infakt.tests.conftest import Client
from tests import needs

pytestmark = needs.ONE_ENGINE

BASE = "https://api.infakt.pl/api/v3/clients.json"


@pytest.fixture(autouse=True)
def _no_limits(client: Client) -> None:
    client.service.modes.rate_limits.clear()


@pytest.fixture
def twelve(client: Client) -> list[int]:
    return [create(client, f"Klient {n:02}") for n in range(12)]


def create(client: Client, name: str) -> int:
    created = client.post("/clients.json", {"client": {"company_name": name}})
    assert created.status_code == 201
    client_id: int = created.json["id"]
    return client_id


def listed(client: Client, query: str = "", **options: Any) -> dict[str, Any]:
    answer = client.get("/clients.json", query_string=query, **options)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def ids(client: Client, query: str = "") -> list[int]:
    return [found["id"] for found in listed(client, query)["entities"]]


def test_a_list_is_an_envelope_of_metainfo_and_entities(client: Client, twelve: list[int]) -> None:
    envelope = listed(client)

    assert list(envelope) == ["metainfo", "entities"]
    assert list(envelope["metainfo"]) == ["count", "total_count", "next", "previous"]
    assert (envelope["metainfo"]["count"], envelope["metainfo"]["total_count"]) == (10, 12)
    assert [found["id"] for found in envelope["entities"]] == twelve[:10]


def test_offset_and_limit_choose_the_page(client: Client, twelve: list[int]) -> None:
    assert ids(client, "offset=3&limit=4") == twelve[3:7]
    assert ids(client, "offset=10") == twelve[10:]
    assert ids(client, "limit=100") == twelve


def test_offset_and_limit_may_come_in_a_json_body(client: Client, twelve: list[int]) -> None:
    answer = client.get("/clients.json", body={"offset": 3, "limit": "2"})

    assert [found["id"] for found in answer.json["entities"]] == twelve[3:5]


def test_a_limit_above_100_is_100(client: Client) -> None:
    for n in range(101):
        create(client, f"Klient {n:03}")

    envelope = listed(client, "limit=500")
    assert (envelope["metainfo"]["count"], envelope["metainfo"]["total_count"]) == (100, 101)
    assert envelope["metainfo"]["next"] == f"{BASE}?limit=500&offset=100"


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 10), ("limit=2", 2), ("offset=10", 2), ("offset=12", 0), ("offset=500&limit=3", 0), ("limit=0", 0)],
)
def test_count_is_the_rows_of_the_page_and_total_count_those_of_the_filter(
    client: Client, twelve: list[int], query: str, count: int
) -> None:
    envelope = listed(client, query)

    assert envelope["metainfo"]["count"] == len(envelope["entities"]) == count
    assert envelope["metainfo"]["total_count"] == len(twelve)


@pytest.mark.parametrize("query", ["offset=0", "offset=3", "limit=1", "limit=2&offset=1", "offset=9"])
def test_total_count_counts_what_the_filter_finds(client: Client, twelve: list[int], query: str) -> None:
    envelope = listed(client, f"q[company_name_cont]=klient+0&{query}")

    assert envelope["metainfo"]["total_count"] == len(twelve[:10])


def test_total_count_follows_creates_and_deletes_at_once(client: Client, twelve: list[int]) -> None:
    assert listed(client, "limit=1")["metainfo"]["total_count"] == 12
    client.delete(f"/clients/{twelve[3]}.json")
    assert listed(client, "limit=1")["metainfo"]["total_count"] == 11
    create(client, "Nowy")
    assert listed(client, "limit=1")["metainfo"]["total_count"] == 12
    client.delete(f"/clients/{twelve[11]}.json")
    create(client, "Nowszy")
    assert listed(client, "limit=1")["metainfo"]["total_count"] == 12


@pytest.mark.parametrize(
    ("query", "following", "previous"),
    [
        ("", "offset=10&limit=10", "offset=0&limit=10"),
        ("offset=10", "offset=20&limit=10", "offset=0&limit=10"),
        ("offset=25&limit=10", "offset=35&limit=10", "offset=15&limit=10"),
        ("offset=5&limit=10", "offset=15&limit=10", "offset=0&limit=10"),
        ("limit=5", "limit=5&offset=5", "limit=5&offset=0"),
        ("limit=5&offset=500", "limit=5&offset=505", "limit=5&offset=495"),
    ],
)
def test_both_links_are_always_there(client: Client, query: str, following: str, previous: str) -> None:
    metainfo = listed(client, query)["metainfo"]

    assert metainfo["next"] == f"{BASE}?{following}"
    assert metainfo["previous"] == f"{BASE}?{previous}"


def test_other_parameters_keep_their_order_and_the_offset_its_place(client: Client) -> None:
    metainfo = listed(client, "fields=id&offset=10&order=name+asc&limit=5&x=1&x=2")["metainfo"]

    assert metainfo["next"] == f"{BASE}?fields=id&offset=15&order=name+asc&limit=5&x=1&x=2"
    assert metainfo["previous"] == f"{BASE}?fields=id&offset=5&order=name+asc&limit=5&x=1&x=2"


def test_a_repeated_offset_stands_once_in_the_links(client: Client) -> None:
    metainfo = listed(client, "offset=1&limit=1&offset=3")["metainfo"]

    assert metainfo["next"] == f"{BASE}?offset=4&limit=1"


def test_links_are_percent_encoded(client: Client) -> None:
    metainfo = listed(client, "q[company_name_eq]=1/KOR/01/2023&fields=id,nip&order=nip%20desc&a=%C5%BB&b")["metainfo"]

    encoded = "q%5Bcompany_name_eq%5D=1%2FKOR%2F01%2F2023&fields=id%2Cnip&order=nip+desc&a=%C5%BB&b=&offset=10&limit=10"
    assert metainfo["next"] == f"{BASE}?{encoded}"


def test_links_keep_what_came_in_a_json_body(client: Client) -> None:
    body = {"q": {"company_name_in": ["Gęśl", "Alfa"], "nip_null": True}, "limit": 5, "api_key": client.key}
    answer = client.get("/clients.json", body=body, query_string="fields=id")

    asked = (
        "fields=id&q%5Bcompany_name_in%5D%5B%5D=G%C4%99%C5%9Bl&q%5Bcompany_name_in%5D%5B%5D=Alfa&q%5Bnip_null%5D=true"
    )
    assert answer.json["metainfo"]["next"] == f"{BASE}?{asked}&limit=5&offset=5"


OF_KSEF = "/ksef2/"
"""Its lists have no links (1.4)."""

LISTS = [
    endpoint.path
    for endpoint in ENDPOINTS
    if OFFSET in endpoint.parameters and "{" not in endpoint.path and not endpoint.path.startswith(OF_KSEF)
]


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize(
    "spelled", ["api_key={key}", "fields=id&api_key={key}&x=1", "api_key[]={key}", "api_key[a]={key}"]
)
def test_no_link_holds_the_key(client: Client, path: str, spelled: str) -> None:
    as_header = {} if "[" in spelled else {"X-inFakt-ApiKey": None}
    answer = client.get(path, query_string=spelled.format(key=client.key), headers=as_header)

    assert answer.status_code == 200
    assert client.key not in answer.text
    assert "api_key" not in answer.text


def test_links_lead_through_the_whole_list(client: Client, twelve: list[int]) -> None:
    walked: list[int] = []
    query = "limit=5&q[company_name_cont]=klient"
    while found := listed(client, query)["entities"]:
        walked += [record["id"] for record in found]
        query = urlsplit(listed(client, query)["metainfo"]["next"]).query

    assert walked == twelve


@pytest.mark.parametrize(
    ("mount", "host", "base"),
    [
        ("/v3", "api.infakt.pl", "https://api.infakt.pl/api/v3"),
        ("/api/v3", "api.infakt.pl", "https://api.infakt.pl/api/v3"),
        ("/infakt/v3", "api.infakt.pl", "https://api.infakt.pl/infakt/api/v3"),
        ("/infakt/api/v3", "api.infakt.pl", "https://api.infakt.pl/infakt/api/v3"),
        ("/v3", "api.infakt.pl:443", "https://api.infakt.pl/api/v3"),
        ("/infakt/v3", "evil.example", "http://faktura.example/infakt/api/v3"),
    ],
)
def test_the_links_path_is_always_that_of_api_v3_at_the_host_of_the_request(
    client: Client, mount: str, host: str, base: str
) -> None:
    metainfo = listed(client, mount=mount, host=host)["metainfo"]

    assert metainfo["next"].startswith(f"{base}/clients.json?")


@pytest.mark.parametrize("name", ["offset", "limit"])
@pytest.mark.parametrize("value", ["-1", "abc", "1.5", "", "0x10", "1e3", "--1", "٣", "null"])
def test_an_offset_or_limit_that_is_negative_or_no_number_is_400(client: Client, name: str, value: str) -> None:
    answer = client.get("/clients.json", query_string=f"{name}={value}")

    assert (answer.status_code, answer.json) == (400, {"error": f"Nieprawidłowa wartość parametru: {name}."})


@pytest.mark.parametrize("value", [-1, "abc", [1], {"a": 1}, True, 1.5])
def test_the_same_holds_in_a_json_body(client: Client, value: Any) -> None:
    assert client.get("/clients.json", body={"limit": value}).status_code == 400


@pytest.mark.parametrize("value", ["2147483648", "9" * 18, "9" * 19, "9" * 5000])
def test_an_offset_beyond_every_list_is_an_empty_page(client: Client, twelve: list[int], value: str) -> None:
    envelope = listed(client, f"offset={value}")

    assert (envelope["entities"], envelope["metainfo"]["total_count"]) == ([], len(twelve))
