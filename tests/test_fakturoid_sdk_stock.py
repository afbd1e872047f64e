"""A client library of somebody else, unmodified, keeps stock in the running sandbox, and hears what happens there."""

from typing import Any

import pytest
from fakturoid_sdk import FakturoidClient

from tests import needs, sandboxes
from tests.fakturoid_sdk import Sandbox, failure

pytestmark = needs.FAKTUROID

PRICES = {"native_purchase_price": "80", "native_retail_price": "120"}
STOCK = {"track_quantity": True, "quantity": "5", "min_quantity": "10"}
MOVE = {"direction": "out", "moved_on": "2026-11-01", "quantity_change": "2", "purchase_price": "80"}


@pytest.fixture
def sandbox(sandbox: sandboxes.Sandbox) -> Sandbox:
    return Sandbox(sandbox.server, sandbox.told)


async def item(client: FakturoidClient, **values: Any) -> Any:
    return await client.inventory_items.create({"name": "Marmeláda sdk", "sku": "SDK-1", **PRICES} | values)


def test_an_item_lives_from_create_to_delete(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> None:
        created = await item(client)
        assert await client.inventory_items.get(created["id"]) == created
        changed: Any = await client.inventory_items.update(created["id"], {"name": "Džem sdk"})
        assert await client.inventory_items.list(sku="SDK-1") == [changed]
        assert await client.inventory_items.search(query="dzem sdk") == [changed]
        assert await client.inventory_items.delete(created["id"]) is None

    sandbox.drive(work)


def test_what_was_in_stock_is_archived_and_comes_back(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> None:
        created = await item(client, **STOCK)
        low: Any = await client.inventory_items.list_low_quantity()
        assert created["id"] in [one["id"] for one in low]
        archived: Any = await client.inventory_items.archive(created["id"])
        assert archived["archived"] is True
        assert await client.inventory_items.list_archived(sku="SDK-1") == [archived]
        back: Any = await client.inventory_items.unarchive(created["id"])
        assert back["archived"] is False

    sandbox.drive(work)


def test_moves_change_what_is_in_stock(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> None:
        kept = await item(client, **STOCK)
        moved: Any = await client.inventory_moves.create(kept["id"], MOVE)
        assert await client.inventory_moves.get(kept["id"], moved["id"]) == moved
        now: Any = await client.inventory_items.get(kept["id"])
        assert now["quantity"] == "3.0"
        changed: Any = await client.inventory_moves.update(kept["id"], moved["id"], {"private_note": "sdk"})
        listed: Any = await client.inventory_moves.list(inventory_item_id=kept["id"])
        assert changed in listed
        assert await client.inventory_moves.delete(kept["id"], moved["id"]) is None

    sandbox.drive(work)


def test_more_than_there_is_is_not_taken_out(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> None:
        kept = await item(client, **STOCK)
        await client.inventory_moves.create(kept["id"], MOVE | {"quantity_change": "6"})

    assert failure(sandbox, work).status_code == 422


def test_a_webhook_lives_from_create_to_delete(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> None:
        wanted = {"webhook_url": "http://127.0.0.1:9/hook", "events": ["invoice_created"]}
        created: Any = await client.webhooks.create(wanted)
        assert await client.webhooks.get(created["id"]) == created
        changed: Any = await client.webhooks.update(created["id"], {"active": False})
        assert await client.webhooks.list() == [changed]
        assert await client.webhooks.delete(created["id"]) is None

    sandbox.drive(work)


def test_events_tell_what_happened_around_a_subject(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> None:
        subject: Any = await client.subjects.create({"name": "Odběratel a.s."})
        lines = [{"name": "Úklid", "unit_price": "100"}]
        invoice: Any = await client.invoices.create({"subject_id": subject["id"], "lines": lines})
        await client.invoices.create_payment(invoice["id"], {"paid_on": "2026-11-01"})
        events: Any = await client.events.list(subject_id=subject["id"])
        paid: Any = await client.events.list_paid(subject_id=subject["id"])
        assert [event["name"] for event in paid] == ["invoice_paid"]
        assert paid[0] in events

    sandbox.drive(work)
