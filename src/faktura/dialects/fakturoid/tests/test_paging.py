"""Section 1.5: pages, order and filters of collections."""

import datetime as dt
from typing import Any
from urllib.parse import quote

import pytest

from faktura.core.clock import Clock
from faktura.dialects.fakturoid.tests.conftest import Client
from tests import needs

pytestmark = needs.ONE_ENGINE

NOON = dt.datetime(2026, 1, 15, 12, tzinfo=dt.UTC)


def create(client: Client, **values: Any) -> dict[str, Any]:
    created = client.post("/subjects.json", {"name": "Karel"} | values)
    assert created.status_code == 201
    subject: dict[str, Any] = created.json
    return subject


def ids(client: Client, query: str = "", path: str = "/subjects.json") -> list[int]:
    found = client.get(path, query_string=query)
    assert found.status_code == 200
    return [subject["id"] for subject in found.json]


@pytest.fixture
def many(client: Client) -> list[int]:
    """41 subjects, in the order in which they were created."""
    return [create(client)["id"] for _ in range(41)]


@pytest.mark.parametrize("path", ["/subjects.json", "/subjects/search.json"])
def test_a_collection_is_a_bare_array_of_40_records_a_page(client: Client, many: list[int], path: str) -> None:
    assert ids(client, "", path) == many[:40]
    assert ids(client, "page=1", path) == many[:40]
    assert ids(client, "page=2", path) == many[40:]


@pytest.mark.parametrize("page", ["3", "1000", "2147483647", "9223372036854775808", "9" * 50])
@pytest.mark.parametrize("path", ["/subjects.json", "/subjects/search.json", "/bank_accounts.json", "/users.json"])
def test_a_page_past_the_end_is_an_empty_list_however_large(client: Client, page: str, path: str) -> None:
    create(client)

    found = client.get(path, query_string=f"page={page}")
    assert (found.status_code, found.json) == (200, [])


@pytest.mark.parametrize("page", ["", "0", "-1", "abc", "1.5", "%20", "1;2", "null", "page=2", "0x2"])
def test_an_invalid_page_is_the_first(client: Client, many: list[int], page: str) -> None:
    assert ids(client, f"page={page}") == many[:40]


def test_there_is_no_per_page(client: Client, many: list[int]) -> None:
    assert ids(client, "per_page=5") == many[:40]


def test_pages_stay_the_same_while_nothing_changes(client: Client, many: list[int]) -> None:
    assert ids(client) == ids(client)
    client.patch(f"/subjects/{many[0]}.json", {"phone": "1"})

    assert ids(client) == many[:40]


def test_the_filters_hold_on_every_page(client: Client, many: list[int]) -> None:
    subject = create(client, custom_id="A-1")

    assert ids(client, "custom_id=A-1") == [subject["id"]]
    assert ids(client, "custom_id=A-1&page=2") == []
    assert len(many) == 41


@pytest.fixture
def three(client: Client, clock: Clock) -> list[int]:
    """Created at 11, 12 and 13 o'clock UTC; the first was changed at 14."""
    found = []
    for hours in (-1, 0, 1):
        clock.stand_at(NOON + dt.timedelta(hours=hours))
        found.append(create(client)["id"])
    clock.stand_at(NOON + dt.timedelta(hours=2))
    client.patch(f"/subjects/{found[0]}.json", {"phone": "1"})
    return found


@pytest.mark.parametrize(
    ("since", "found"),
    [
        ("2026-01-15T12:00:00Z", 2),
        ("2026-01-15T12:00:00.000Z", 2),
        ("2026-01-15T12:00:00.001Z", 1),
        ("2026-01-15T13:00:00+01:00", 2),
        ("2026-01-15T13:00:00 01:00", 2),
        ("2026-01-15 13:00:00 01:00", 2),
        ("2026-01-15T07:00:00-05:00", 2),
        ("20260115T120000Z", 2),
        ("2026-01-15T13:00:00", 2),
        ("2026-01-15", 3),
        ("2026-01-16", 0),
        ("0001-01-01", 3),
        ("9999-12-31T23:59:59Z", 0),
    ],
)
def test_since_bounds_created_at_from_below_and_includes_the_bound(
    client: Client, three: list[int], since: str, found: int
) -> None:
    assert ids(client, f"since={quote(since)}") == three[3 - found :]


def test_a_plus_that_was_not_escaped_arrives_as_a_space(client: Client, three: list[int]) -> None:
    assert ids(client, "since=2026-01-15T13:00:00+01:00") == three[1:]


@pytest.mark.parametrize(
    ("since", "found"),
    [
        ("2026-01-15T12:00:00Z", [0, 1, 2]),
        ("2026-01-15T13:00:00Z", [0, 2]),
        ("2026-01-15T14:00:00Z", [0]),
        ("2026-01-15T14:00:00.001Z", []),
        ("2026-01-15", [0, 1, 2]),
    ],
)
def test_updated_since_bounds_updated_at_and_includes_the_bound(
    client: Client, three: list[int], since: str, found: list[int]
) -> None:
    assert sorted(ids(client, f"updated_since={quote(since)}")) == [three[n] for n in found]


def test_both_bounds_hold_together(client: Client, three: list[int]) -> None:
    assert ids(client, "since=2026-01-15T12:00:00Z&updated_since=2026-01-15T13:00:00Z") == [three[2]]


def test_a_plain_date_begins_at_midnight_in_prague(client: Client, clock: Clock) -> None:
    clock.stand_at(dt.datetime(2026, 1, 15, 22, 59, 59, tzinfo=dt.UTC))
    create(client)
    clock.stand_at(dt.datetime(2026, 1, 15, 23, 0, 0, tzinfo=dt.UTC))
    later = create(client)["id"]

    assert ids(client, "since=2026-01-16") == [later]


@pytest.mark.parametrize(
    "query",
    [
        *(
            "query=nobody",
            "email=a@b.cz",
            "registration_no=1",
            "per_page=5",
            "nonsense",
            "since[]=x",
            "a[b][]=c",
            "=",
            "&&",
        ),
        *("until=nonsense", "updated_until=nonsense", "%20=%20", "order=name", "id=999"),
    ],
)
def test_unknown_parameters_are_ignored(client: Client, query: str) -> None:
    subject = create(client)

    assert ids(client, query) == [subject["id"]]


def test_of_a_repeated_parameter_the_last_one_counts(client: Client, many: list[int]) -> None:
    assert ids(client, "page=1&page=2") == many[40:]


def test_custom_id_is_an_exact_match(client: Client) -> None:
    wanted = create(client, custom_id="A-1")["id"]
    for other in ("a-1", "A-10", "A", "A%"):
        create(client, custom_id=other)

    assert ids(client, "custom_id=A-1") == [wanted]
    assert ids(client, "custom_id=") == []
    assert ids(client, "custom_id=%25") == []
    assert len(ids(client, "custom_id=A%25")) == 1


@pytest.mark.parametrize(
    "query",
    ["query=%25", "query=_", "query=%5C", "query=%22", "query='", "query=*", "query=AND", "query=" + "a" * 5000],
)
def test_what_means_something_to_a_database_is_only_text(client: Client, query: str) -> None:
    create(client, name="Karel")

    assert ids(client, query, "/subjects/search.json") == []


@pytest.mark.parametrize("query", ["a=%00", "%00=a", "a=%FF", "%FF", "&".join(["a=1"] * 1001)])
def test_a_query_that_cannot_be_understood_is_refused(client: Client, query: str) -> None:
    refused = client.get("/subjects.json", query_string=query)

    assert (refused.status_code, refused.json["error"]) == (400, "invalid_request")
