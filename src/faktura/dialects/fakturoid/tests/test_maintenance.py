"""Section 1.11: read-only mode, busy search, blocked account, plan limits."""

import base64
from typing import Any

import pytest

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.store.database import Database
from faktura.wire.service import Service
from tests import needs
from tests.firm import open_firm

pytestmark = needs.ONE_ENGINE

UNPAID = ("https://faktura.example/unpaid/1", "https://faktura.example/unpaid/2")

READS = ["/subjects.json", "/subjects/search.json", "/account.json", "/users.json", "/number_formats/invoices.json"]


@pytest.fixture
def subject_id(client: Client) -> int:
    return int(client.post("/subjects.json", {"name": "Karel"}).json["id"])


@pytest.mark.parametrize("method", ["POST", "PATCH", "PUT", "DELETE"])
def test_in_read_only_mode_writes_are_503(client: Client, subject_id: int, method: str) -> None:
    client.service.modes.read_only = True

    path = "/subjects.json" if method == "POST" else f"/subjects/{subject_id}.json"
    refused = client.call(method, path, {"name": "Changed"})
    assert (refused.status_code, refused.json["error"]) == (503, "service_unavailable")
    assert refused.json["error_description"]
    assert [subject["name"] for subject in client.get("/subjects.json").json] == ["Karel"]


def test_in_read_only_mode_reads_keep_working(client: Client, subject_id: int) -> None:
    client.service.modes.read_only = True

    assert {client.get(path).status_code for path in (*READS, f"/subjects/{subject_id}.json")} == {200}
    assert client.get("/user.json", whole=True).status_code == 200


def test_in_read_only_mode_clients_can_sign_in_to_read(client: Client) -> None:
    client.service.modes.read_only = True

    firm = client.firm
    basic = base64.b64encode(f"{firm.client_id}:{firm.client_secret}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}"}
    issued = client.post("/oauth/token", {"grant_type": "client_credentials"}, whole=True, headers=headers)
    assert issued.status_code == 200
    token = issued.json["access_token"]
    assert client.get("/subjects.json", headers={"Authorization": f"Bearer {token}"}).status_code == 200


def test_after_read_only_mode_writes_work_again(client: Client) -> None:
    client.service.modes.read_only = True
    client.post("/subjects.json", {"name": "Karel"})
    client.service.modes.read_only = False

    assert client.post("/subjects.json", {"name": "Karel"}).status_code == 201


def test_a_busy_search_is_503_and_nothing_else_is(client: Client, subject_id: int) -> None:
    client.service.modes.busy_search = True

    for path in ("/subjects/search.json", "/invoices/search.json"):
        refused = client.get(path, query_string="query=karel")
        assert (refused.status_code, refused.json["error"]) == (503, "service_unavailable")
    for path in ("/subjects.json", f"/subjects/{subject_id}.json", "/account.json"):
        assert client.get(path).status_code == 200
    assert client.post("/subjects.json", {"name": "Karel"}).status_code == 201


def block(client: Client, *, blocked: bool) -> None:
    def work(tx: Any) -> None:
        office = Office(tx, client.service.clock.now())
        account = office.find(type(client.firm.account), id=client.firm.account.id)
        office.change(account, blocked=blocked, unpaid_invoices=UNPAID)

    client.service.database.write(work)


def test_every_request_to_a_blocked_account_is_402_with_the_overdue_invoices(client: Client, subject_id: int) -> None:
    assert client.get("/account.json").status_code == 200
    block(client, blocked=True)

    one = f"/subjects/{subject_id}.json"
    for method, path in [
        *(("GET", path) for path in (*READS, one, "/invoices.json")),
        *(("POST", "/subjects.json"), ("PATCH", one), ("DELETE", one), ("POST", "/invoices.json")),
    ]:
        refused = client.call(method, path, None if method == "GET" else {"name": "Karel"})
        assert refused.status_code == 402
        assert refused.json == {
            "status": "Account blocked",
            "overdue_invoices": [{"invoice_url": address} for address in UNPAID],
        }


def test_what_belongs_to_no_account_is_not_blocked(client: Client) -> None:
    block(client, blocked=True)

    assert client.get("/user.json", whole=True).status_code == 200


def test_an_account_that_is_no_longer_blocked_works_again(client: Client, subject_id: int) -> None:
    block(client, blocked=True)
    block(client, blocked=False)

    assert [subject["id"] for subject in client.get("/subjects.json").json] == [subject_id]


def test_another_account_is_not_blocked_along(client: Client, database: Database, clock: Clock) -> None:
    other = Client(client.service, open_firm(database, clock, "pearcorp"))
    block(client, blocked=True)

    assert other.get("/account.json").status_code == 200


def test_above_the_subject_limit_of_the_plan_a_create_is_403(
    service: Service, database: Database, clock: Clock
) -> None:
    client = Client(service, open_firm(database, clock, "kiwicorp", contact_limit=2))
    created = [client.post("/subjects.json", {"name": "Karel"}) for _ in range(3)]

    assert [answer.status_code for answer in created] == [201, 201, 403]
    assert created[2].json["error"] == "quota_exhausted"
    assert created[2].json["error_description"] == "The plan of the account allows no more contacts"
    assert len(client.get("/subjects.json").json) == 2


def test_at_the_limit_subjects_can_be_changed_and_replaced(service: Service, database: Database, clock: Clock) -> None:
    client = Client(service, open_firm(database, clock, "kiwicorp", contact_limit=1))
    subject_id = client.post("/subjects.json", {"name": "Karel"}).json["id"]

    assert client.patch(f"/subjects/{subject_id}.json", {"name": "Jan"}).status_code == 200
    assert client.delete(f"/subjects/{subject_id}.json").status_code == 204
    assert client.post("/subjects.json", {"name": "Karel"}).status_code == 201
