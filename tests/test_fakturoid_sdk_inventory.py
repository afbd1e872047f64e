"""A client library of somebody else, unmodified, keeps stock in the running sandbox, by hand and by documents."""

from typing import Any

import pytest
from fakturoid_sdk import FakturoidClient

from tests import needs, sandboxes
from tests.fakturoid_sdk import Sandbox, failure

pytestmark = needs.FAKTUROID

ITEM = {"name": "Mošt", "native_purchase_price": "40", "native_retail_price": "80", "track_quantity": True}


@pytest.fixture
def sandbox(sandbox: sandboxes.Sandbox) -> Sandbox:
    return Sandbox(sandbox.server, sandbox.told)


def test_documents_and_moves_come_to_the_quantity_of_an_item(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> None:
        subject: Any = await client.subjects.create({"name": "Odběratel a.s."})
        item: Any = await client.inventory_items.create(ITEM | {"sku": "SDK-1", "quantity": "10"})
        by_sku = {"sku": "SDK-1", "quantity": "4"}
        invoice: Any = await client.invoices.create({"subject_id": subject["id"], "lines": [by_sku]})
        by_id = {"inventory_item_id": item["id"], "quantity": "2", "unit_price": "46"}
        expense: Any = await client.expenses.create({"subject_id": subject["id"], "lines": [by_id]})
        by_hand = {"direction": "out", "moved_on": "2026-11-20", "quantity_change": "1", "purchase_price": "41"}
        await client.inventory_moves.create(item["id"], by_hand)

        moves: Any = await client.inventory_moves.list(inventory_item_id=item["id"])
        assert [(move["direction"], move["quantity_change"]) for move in moves] == [
            *(("out", "1.0"), ("in", "2.0"), ("out", "4.0"), ("in", "10.0")),
        ]
        named = {"id": invoice["id"], "type": "Invoice", "line_id": invoice["lines"][0]["id"]}
        assert [move["document"] for move in moves[2:]] == [named, None]
        assert expense["lines"][0]["inventory"]["move_id"] == moves[1]["id"]
        await client.invoices.delete(invoice["id"])
        found: Any = await client.inventory_items.get(item["id"])
        assert (found["quantity"], found["average_native_purchase_price"]) == ("11.0", "41.0")

    sandbox.drive(work)


def test_the_move_of_a_document_is_forbidden_to_delete(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> None:
        moves: Any = await client.inventory_moves.list()
        made = next(move for move in moves if move["document"])
        await client.inventory_moves.delete(made["inventory_item_id"], made["id"])

    assert failure(sandbox, work).status_code == 403


def test_the_example_items_were_moved_by_documents(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> Any:
        return await client.inventory_items.list(sku="PREP-01"), await client.inventory_moves.list()

    (crates,), moves = sandbox.drive(work)
    assert (crates["quantity"], crates["low_quantity_date"] is None) == ("21.0", False)
    assert {move["document"]["type"] for move in moves if move["document"]} == {"Invoice", "Expense"}
