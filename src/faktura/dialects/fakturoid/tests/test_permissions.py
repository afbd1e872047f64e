"""Section 1.9: who may do what in an account."""

from typing import Any

import pytest

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.users import Membership, Permission, Scope, User, join
from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.store.database import Database
from faktura.store.records import changed
from tests import needs
from tests.firm import open_firm

pytestmark = needs.ONE_ENGINE

WRITES = [
    ("POST", "/subjects.json"),
    ("PATCH", "/subjects/{id}.json"),
    ("PUT", "/subjects/{id}.json"),
    ("DELETE", "/subjects/{id}.json"),
    ("POST", "/invoices.json"),
    ("DELETE", "/webhooks/1.json"),
]

READS = [
    "/subjects.json",
    "/subjects/{id}.json",
    "/subjects/search.json",
    "/account.json",
    "/users.json",
    "/bank_accounts.json",
]


def allow(
    client: Client, permission: Permission, scopes: tuple[Scope, ...] = ("invoices", "expenses", "reports")
) -> None:
    """Change what the firm's only member may do."""

    def work(books: Any) -> None:
        [member] = books.all(Membership)
        books.change(member, changed(member, permission=permission, scopes=scopes))

    client.write(work)


@pytest.fixture
def subject_id(client: Client) -> int:
    return int(client.post("/subjects.json", {"name": "Karel"}).json["id"])


@pytest.mark.parametrize(("method", "path"), WRITES)
def test_a_user_who_may_only_read_gets_403_on_every_write(
    client: Client, subject_id: int, method: str, path: str
) -> None:
    allow(client, "read")

    refused = client.call(method, path.format(id=subject_id), {"name": "Changed"})
    assert (refused.status_code, refused.json["error"]) == (403, "forbidden")
    assert [subject["name"] for subject in client.get("/subjects.json").json] == ["Karel"]


@pytest.mark.parametrize("path", READS)
def test_a_user_who_may_only_read_reads(client: Client, subject_id: int, path: str) -> None:
    allow(client, "read")

    assert client.get(path.format(id=subject_id)).status_code == 200


@pytest.mark.parametrize("permission", ["owner", "write"])
def test_owners_and_writers_write(client: Client, subject_id: int, permission: Permission) -> None:
    allow(client, permission)

    assert client.post("/subjects.json", {"name": "Karel"}).status_code == 201
    assert client.patch(f"/subjects/{subject_id}.json", {"name": "Jan"}).status_code == 200
    assert client.delete(f"/subjects/{subject_id}.json").status_code == 204


def test_a_permission_that_is_taken_away_is_gone_at_once(client: Client) -> None:
    assert client.post("/subjects.json", {"name": "Karel"}).status_code == 201
    allow(client, "read")

    assert client.post("/subjects.json", {"name": "Karel"}).status_code == 403


def test_the_permission_is_that_of_the_account(client: Client, database: Database, clock: Clock) -> None:
    elsewhere = Client(client.service, open_firm(database, clock, "pearcorp"))
    me = client.firm.user.id
    elsewhere.write(lambda books: join(books, Office(books.tx, books.now).find(User, id=me), "read"))

    assert client.post("/accounts/pearcorp/subjects.json", {"name": "Karel"}, whole=True).status_code == 403
    assert client.post("/accounts/applecorp/subjects.json", {"name": "Karel"}, whole=True).status_code == 201


SCOPED: dict[Scope, tuple[str, ...]] = {
    "invoices": ("/invoices.json", "/invoices/1.json", "/generators.json", "/recurring_generators.json"),
    "expenses": ("/expenses.json", "/expenses/search.json", "/inbox_files.json"),
}


@pytest.mark.parametrize("scope", SCOPED)
def test_what_a_user_was_not_let_into_is_403(client: Client, scope: Scope) -> None:
    others: tuple[Scope, ...] = tuple(s for s in ("invoices", "expenses", "reports") if s != scope)
    allow(client, "owner", others)

    for path in SCOPED[scope]:
        refused = client.get(path)
        assert (refused.status_code, refused.json["error"]) == (403, "forbidden")
    allow(client, "owner", (scope,))
    # Some have no such record, but nothing is forbidden any more.
    assert {client.get(path).status_code for path in SCOPED[scope]} <= {200, 404}


def test_contacts_and_settings_are_open_without_any_scope(client: Client, subject_id: int) -> None:
    allow(client, "owner", ())

    assert {client.get(path.format(id=subject_id)).status_code for path in READS} == {200}
    assert client.post("/subjects.json", {"name": "Karel"}).status_code == 201


def test_a_token_reaches_all_accounts_of_its_user_and_only_those(
    client: Client, database: Database, clock: Clock
) -> None:
    elsewhere = Client(client.service, open_firm(database, clock, "pearcorp"))
    assert client.get("/accounts/pearcorp/account.json", whole=True).status_code == 404
    me = client.firm.user.id
    elsewhere.write(lambda books: join(books, Office(books.tx, books.now).find(User, id=me), "write"))

    for slug in ("applecorp", "pearcorp"):
        found = client.get(f"/accounts/{slug}/account.json", whole=True)
        assert (found.status_code, found.json["subdomain"]) == (200, slug)
