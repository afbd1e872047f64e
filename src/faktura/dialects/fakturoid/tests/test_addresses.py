"""Section 1.1: base address, slug, and the addresses inside answers."""

import pytest

from faktura.core.clock import Clock
from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.store.database import Database
from faktura.wire.service import Service
from tests import needs
from tests.firm import Firm, open_firm

pytestmark = needs.ONE_ENGINE


def test_the_slug_is_the_subdomain_of_the_account(client: Client) -> None:
    assert client.get("/account.json").json["subdomain"] == client.firm.account.slug


def test_clients_discover_the_slug_through_the_current_user(client: Client) -> None:
    me = client.get("/user.json", whole=True).json

    slug = me["default_account"] or me["accounts"][0]["slug"]
    assert client.get(f"/accounts/{slug}/account.json", whole=True).status_code == 200


@pytest.mark.parametrize("slug", ["pearcorp", "nonsense", "%00", "%FF", "applecorp%20", "APPLECORP", "a" * 5000])
@pytest.mark.parametrize(("method", "path"), [("GET", "/account.json"), ("POST", "/subjects.json")])
def test_an_unknown_slug_or_one_that_the_user_has_no_access_to_is_not_found(
    client: Client, database: Database, clock: Clock, slug: str, method: str, path: str
) -> None:
    open_firm(database, clock, "pearcorp")

    missing = client.call(method, f"/accounts/{slug}{path}", {} if method == "POST" else None, whole=True)
    assert (missing.status_code, missing.json["error"]) == (404, "resource_not_found")


@pytest.mark.parametrize(
    "record_id", ["0", "-1", "1.0", "abc", "2147483648", "9" * 30, "%00", "%D9%A1", "1%2F2", "%20"]
)
def test_what_cannot_be_an_id_is_not_found(client: Client, record_id: str) -> None:
    for method in ("GET", "PATCH", "DELETE"):
        missing = client.call(method, f"/subjects/{record_id}.json", {"name": "Karel"} if method == "PATCH" else None)
        assert (missing.status_code, missing.json["error"]) == (404, "resource_not_found")


def links(client: Client, **headers: str) -> tuple[str, str]:
    [subject] = client.get("/subjects.json", headers=headers).json
    return subject["url"], subject["html_url"]


def test_addresses_are_built_from_the_public_address(client: Client) -> None:
    subject_id = client.post("/subjects.json", {"name": "Karel"}).json["id"]

    assert links(client) == (
        f"http://faktura.example/fakturoid/api/v3/accounts/applecorp/subjects/{subject_id}.json",
        f"http://faktura.example/applecorp/subjects/{subject_id}",
    )


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "faktura.example:81"},
        {"X-Forwarded-Host": "evil.example"},
        {"Forwarded": "host=evil.example;proto=https"},
        {"Forwarded": '"'},
        {"X-Forwarded-Proto": "javascript"},
    ],
)
def test_a_host_that_is_not_known_never_gets_into_an_address(client: Client, headers: dict[str, str]) -> None:
    client.post("/subjects.json", {"name": "Karel"})

    assert [url.partition("/")[0] for url in links(client, **headers)] == ["http:", "http:"]
    assert all(url.startswith("http://faktura.example/") for url in links(client, **headers))


def test_a_known_host_is_what_addresses_begin_with(database: Database, clock: Clock, firm: Firm) -> None:
    service = Service(database, clock, "http://faktura.example", frozenset({"app.fakturoid.cz"}))
    client = Client(service, firm)
    client.post("/subjects.json", {"name": "Karel"})

    api, web = links(client, **{"X-Forwarded-Host": "app.fakturoid.cz", "X-Forwarded-Proto": "https"})
    assert api.startswith("https://app.fakturoid.cz/fakturoid/api/v3/accounts/applecorp/subjects/")
    assert web.startswith("https://app.fakturoid.cz/applecorp/subjects/")
    # An answer that is kept for one address is not served at another.
    assert links(client)[0].startswith("http://faktura.example/")


def test_a_location_that_is_followed_leads_to_the_record(client: Client) -> None:
    created = client.post("/subjects.json", {"name": "Karel"})

    path = created.headers["Location"].removeprefix("http://faktura.example/fakturoid/api/v3")
    assert client.get(path, whole=True).json == created.json
