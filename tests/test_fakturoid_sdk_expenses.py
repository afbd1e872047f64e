"""A client library of somebody else, unmodified, enters expenses in the running sandbox and pays them."""

import base64
from typing import Any

import pytest
from fakturoid_sdk import ClientError, FakturoidClient
from fakturoid_sdk.enums import ExpenseEvent, ExpenseStatus

from tests import needs, sandboxes
from tests.fakturoid_sdk import Sandbox, failure

pytestmark = needs.FAKTUROID

LINES = [{"name": "Benzin", "quantity": "2.5", "unit_name": "l", "unit_price": "100", "vat_rate": 21}]


@pytest.fixture
def sandbox(sandbox: sandboxes.Sandbox) -> Sandbox:
    return Sandbox(sandbox.server, sandbox.told)


async def enter(client: FakturoidClient, **values: Any) -> Any:
    subject: Any = await client.subjects.create({"name": "Dodavatel a.s.", "type": "supplier"})
    return await client.expenses.create({"subject_id": subject["id"], "lines": LINES} | values)


def test_an_expense_lives_from_create_to_delete(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> None:
        created = await enter(client, custom_id="sdk-1", variable_symbol="sdk77", tags=["sdk", "léto"])
        assert await client.expenses.get(created["id"]) == created
        model = await client.expenses.get_model(created["id"])
        assert (model.status, model.subject_id) == (ExpenseStatus.OPEN, created["subject_id"])

        changed: Any = await client.expenses.update(created["id"], {"description": "Cesta", "lines": created["lines"]})
        assert (changed["description"], changed["total"]) == ("Cesta", "302.5")
        for name in ("number", "variable_symbol", "subject_id", "custom_id"):
            assert await client.expenses.list(**{name: changed[name]}) == [changed]
        assert await client.expenses.search(query="cesta benzin") == [changed]
        assert await client.expenses.search(query="", tags=["sdk", "léto"]) == [changed]
        assert await client.expenses.delete(created["id"]) is None

    sandbox.drive(work)


def test_locks_and_payments_change_what_it_is(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> list[Any]:
        created = await enter(client)

        async def status() -> Any:
            return (await client.expenses.get_model(created["id"])).status

        payment: Any = await client.expenses.create_payment(created["id"], {"paid_on": "2026-11-01"})
        assert payment["amount"] == "302.5"
        seen = [await status()]
        await client.expenses.delete_payment(created["id"], payment["id"])
        await client.expenses.fire(created["id"], event=ExpenseEvent.LOCK)
        locked: Any = await client.expenses.get(created["id"])
        assert locked["locked_at"]
        await client.expenses.fire_action(created["id"], event="unlock")
        return [*seen, await status()]

    assert sandbox.drive(work) == [ExpenseStatus.PAID, ExpenseStatus.OPEN]


def test_a_file_is_attached_and_fetched(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> Any:
        content = base64.b64encode(b"%PDF-1.7").decode()
        file = {"filename": "uctenka.pdf", "data_url": f"data:application/pdf;base64,{content}"}
        created = await enter(client, attachments=[file])
        return await client.expenses.get_attachment(created["id"], created["attachments"][0]["id"])

    assert sandbox.drive(work) == b"%PDF-1.7"


def test_the_example_expenses_are_of_every_type_and_in_every_state(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> Any:
        return await client.expenses.list()

    found = sandbox.drive(work)
    assert {expense["document_type"] for expense in found} == {"invoice", "bill", "other"}
    assert {expense["status"] for expense in found} == {"open", "overdue", "paid"}
    assert {expense["currency"] for expense in found} == {"CZK", "EUR"}
    assert any(expense["locked_at"] for expense in found)


def test_what_is_refused_is_told_by_attribute_and_by_code(sandbox: Sandbox) -> None:
    refused = failure(sandbox, lambda client: client.expenses.create({"lines": LINES}))
    assert refused.status_code == 422
    assert refused.response.get_body(return_json_as_dict=True)["errors"].keys() == {"subject_id", "supplier_name"}

    async def pay_twice(client: FakturoidClient) -> None:
        created = await enter(client)
        await client.expenses.create_payment(created["id"])
        await client.expenses.create_payment(created["id"])

    twice: ClientError = failure(sandbox, pay_twice)
    assert twice.status_code == 403
    assert "already paid expense" in str(twice)


def test_a_file_waits_in_the_inbox_and_is_fetched(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> bytes:
        content = base64.b64encode(b"%PDF-1.7").decode()
        wanted = {"attachment": f"data:application/pdf;base64,{content}", "filename": "uctenka.pdf"}
        created: Any = await client.inbox_files.create(wanted)
        listed: Any = await client.inbox_files.list()
        assert created in listed
        kept = await client.inbox_files.download(created["id"])
        assert await client.inbox_files.delete(created["id"]) is None
        return kept

    assert sandbox.drive(work) == b"%PDF-1.7"
