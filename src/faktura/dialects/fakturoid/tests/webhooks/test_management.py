"""Section 2.18: webhooks are added, read, changed and deleted by the program that they are of."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from faktura.core.books.jobs_to_do import Job
from faktura.core.books.office import Office
from faktura.core.people.accounts import Account
from faktura.core.people.users import Membership
from faktura.core.subscriptions import Subscription
from faktura.dialects.fakturoid.tests.conftest import Client
from faktura.dialects.fakturoid.tests.oauth import Grants
from faktura.dialects.fakturoid.webhooks.names import EVENTS
from faktura.store.database import Database
from faktura.store.every import every
from faktura.store.records import changed

ATTRIBUTES = [
    "id",
    "failed_deliveries_uuid",
    "webhook_url",
    "auth_header",
    "active",
    "events",
    "url",
    "created_at",
    "updated_at",
]
URL = "https://shop.example/hooks"
NOT_LISTED = "není v seznamu povolených hodnot"
BLANK = "je povinná položka"
EMPTY = "nesmí být prázdné"


def created(client: Client, **values: Any) -> Any:
    answer = client.post("/webhooks.json", {"webhook_url": URL, "events": ["invoice_paid"]} | values)
    assert answer.status_code == 201, answer.text
    return answer.json


def test_a_webhook_is_created_read_listed_changed_and_deleted(client: Client) -> None:
    answer = client.post("/webhooks.json", {"webhook_url": URL, "auth_header": "Bearer s", "events": ["invoice_paid"]})

    assert answer.status_code == 201
    made = answer.json
    assert list(made) == ATTRIBUTES
    assert (made["webhook_url"], made["auth_header"], made["active"]) == (URL, "Bearer s", True)
    assert made["events"] == ["invoice_paid"]
    assert UUID(made["failed_deliveries_uuid"])
    assert answer.headers["Location"] == made["url"]
    assert made["url"].endswith(f"/accounts/applecorp/webhooks/{made['id']}.json")
    one = f"/webhooks/{made['id']}.json"
    assert client.get(one).json == made
    assert client.get("/webhooks.json").json == [made]
    changed_now = client.patch(one, {"active": False, "events": ["subject_created", "subject_created"]}).json
    assert (changed_now["active"], changed_now["events"]) == (False, ["subject_created"])
    assert changed_now["auth_header"] == "Bearer s"
    assert client.patch(one, {"auth_header": None}).json["auth_header"] is None
    assert client.delete(one).status_code == 204
    assert client.get(one).status_code == 404
    assert client.get("/webhooks.json").json == []


@pytest.mark.parametrize("events", [[], None, "absent"])
def test_events_cannot_be_empty(client: Client, events: Any) -> None:
    body = {"webhook_url": URL} | ({} if events == "absent" else {"events": events})

    answer = client.post("/webhooks.json", body)

    assert (answer.status_code, answer.json) == (422, {"errors": {"events": [EMPTY]}})
    assert client.get("/webhooks.json").json == []


@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"events": ["invoice_lost"]}, {"events": [NOT_LISTED]}),
        ({"events": "invoice_paid"}, {"events": [NOT_LISTED]}),
        ({"events": [1]}, {"events": [NOT_LISTED]}),
        ({"events": [[]]}, {"events": [NOT_LISTED]}),
        ({"events": []}, {"events": [EMPTY]}),
        ({"webhook_url": ""}, {"webhook_url": [BLANK]}),
        ({"webhook_url": None, "events": []}, {"webhook_url": [BLANK], "events": [EMPTY]}),
        ({"webhook_url": "shop.example"}, {"webhook_url": ["je neplatná hodnota"]}),
        ({"webhook_url": "ftp://shop.example/"}, {"webhook_url": ["je neplatná hodnota"]}),
        ({"webhook_url": "https://me:secret@shop.example/"}, {"webhook_url": ["je neplatná hodnota"]}),
        ({"webhook_url": "https://shop.example/\r\nX: y"}, {"webhook_url": ["je neplatná hodnota"]}),
        ({"webhook_url": "https://shop.example:99999/"}, {"webhook_url": ["je neplatná hodnota"]}),
        (
            {"webhook_url": "https://shop.example/" + "a" * 2000},
            {"webhook_url": ["je příliš dlouhý/á/é (max. 2000 znaků)"]},
        ),
        ({"auth_header": "a\r\nX-Other: b"}, {"auth_header": ["je neplatná hodnota"]}),
        ({"auth_header": "heslo ž"}, {"auth_header": ["je neplatná hodnota"]}),
        ({"active": "perhaps"}, {"active": ["není ano/ne"]}),
    ],
)
def test_what_a_webhook_cannot_be_is_refused_at_its_attribute(client: Client, values: Any, errors: Any) -> None:
    made = created(client)

    for answer in (
        client.post("/webhooks.json", {"webhook_url": URL, "events": ["invoice_paid"]} | values),
        client.patch(f"/webhooks/{made['id']}.json", values),
    ):
        assert (answer.status_code, answer.json) == (422, {"errors": errors})
    assert client.get("/webhooks.json").json == [made]


def test_all_53_names_may_be_subscribed_to(client: Client) -> None:
    assert len(set(EVENTS)) == 53
    assert created(client, events=list(EVENTS))["events"] == list(EVENTS)


def test_a_program_sees_only_its_own_webhooks(client: Client, shop: Grants, consent: Callable[..., str]) -> None:
    made = created(client)
    tokens = shop.exchange(consent()).json
    other = {"Authorization": f"Bearer {tokens['access_token']}"}

    assert client.get("/webhooks.json", headers=other).json == []
    one = f"/webhooks/{made['id']}.json"
    assert client.get(one, headers=other).status_code == 404
    assert client.patch(one, {"active": False}, headers=other).status_code == 404
    assert client.delete(one, headers=other).status_code == 404
    failed = f"/webhooks/{made['failed_deliveries_uuid']}/failed_deliveries.json"
    assert client.get(failed, headers=other).status_code == 404
    assert client.get("/webhooks.json").json == [made]


def test_revoking_a_grant_also_deletes_all_webhooks_it_created(
    client: Client, shop: Grants, consent: Callable[..., str]
) -> None:
    kept = created(client)
    tokens = shop.exchange(consent()).json
    other = {"Authorization": f"Bearer {tokens['access_token']}"}
    answer = client.post("/webhooks.json", {"webhook_url": URL, "events": ["invoice_paid"]}, headers=other)
    assert answer.status_code == 201

    assert shop.revoke(tokens["refresh_token"]).status_code == 200

    assert [one.id for one in subscriptions_in(client.service.database)] == [kept["id"]]
    assert [listener.id for listener in account_of(client).listeners] == [kept["id"]]


def test_whoever_may_only_read_adds_no_webhook(client: Client) -> None:
    def only_read(books: Any) -> None:
        [seat] = books.all(Membership)
        books.change(seat, changed(seat, permission="read"))

    client.write(only_read)

    assert client.post("/webhooks.json", {"webhook_url": URL, "events": ["invoice_paid"]}).status_code == 403


def test_an_account_has_no_more_webhooks_than_it_may(client: Client) -> None:
    client.service.modes.rate_limits.clear()
    for _ in range(20):
        created(client)

    answer = client.post("/webhooks.json", {"webhook_url": URL, "events": ["invoice_paid"]})

    assert answer.status_code == 403
    assert answer.json == {
        "error": "quota_exhausted",
        "error_description": "The account has as many webhooks as it may have",
    }


def test_the_secret_is_kept_encrypted(client: Client) -> None:
    created(client, auth_header="Bearer 1234-very-secret")

    [kept] = subscriptions_in(client.service.database)

    assert kept.authorization is not None
    assert b"secret" not in kept.authorization
    snapshots = client.service.database.read(lambda tx: [row for rows in every(tx, Job) for row in rows])
    assert "secret" not in repr(snapshots)


def account_of(client: Client) -> Account:
    now = client.service.clock.now()
    return client.service.database.read(lambda tx: Office(tx, now).find(Account, id=client.firm.account.id))


def subscriptions_in(database: Database) -> list[Subscription]:
    return database.read(lambda tx: [Subscription(*row) for rows in every(tx, Subscription) for row in rows])
