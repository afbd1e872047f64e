"""A client library of somebody else, unmodified, issues documents in the running sandbox and has them paid."""

import base64
import contextlib
from decimal import Decimal
from typing import Any

import pytest
from fakturoid_sdk import ClientError, FakturoidClient
from fakturoid_sdk.enums import InvoiceEvent, InvoiceStatus
from fakturoid_sdk.exceptions import PdfNotReadyError
from fakturoid_sdk.models.invoice import Invoice

from tests import needs, sandboxes
from tests.fakturoid_sdk import Sandbox, failure
from tests.running import PATIENCE

pytestmark = needs.FAKTUROID

LINES = [{"name": "Práce", "quantity": "2.5", "unit_name": "h", "unit_price": "100", "vat_rate": 21}]


@pytest.fixture
def sandbox(sandbox: sandboxes.Sandbox) -> Sandbox:
    return Sandbox(sandbox.server, sandbox.told)


async def issue(client: FakturoidClient, **values: Any) -> Any:
    subject: Any = await client.subjects.create({"name": "Odběratel a.s."})
    return await client.invoices.create({"subject_id": subject["id"], "lines": LINES} | values)


def test_an_invoice_lives_from_create_to_delete(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> None:
        created = await issue(client, custom_id="sdk-1", tags=["sdk", "léto"])
        assert (created["total"], created["status"]) == ("302.5", "open")
        assert await client.invoices.get(created["id"]) == created

        model = await client.invoices.get_model(created["id"])
        assert isinstance(model, Invoice)
        assert (model.status, model.total, model.subtotal) == (InvoiceStatus.OPEN, Decimal("302.5"), Decimal(250))
        assert (await client.invoices.find_by_custom_id("sdk-1") or model).id == created["id"]

        changed: Any = await client.invoices.update(created["id"], {"note": "Děkujeme", "lines": created["lines"]})
        assert (changed["note"], changed["total"]) == ("Děkujeme", "302.5")
        assert await client.invoices.list(number=created["number"]) == [changed]
        assert await client.invoices.list(subject_id=created["subject_id"], document_type="regular") == [changed]
        assert await client.invoices.search(query="dekujeme") == [changed]
        assert await client.invoices.search(query="", tags=["sdk", "léto"]) == [changed]
        assert await client.invoices.delete(created["id"]) is None

    sandbox.drive(work)


def test_events_and_payments_change_the_status(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> list[Any]:
        created = await issue(client)

        async def status() -> Any:
            return (await client.invoices.get_model(created["id"])).status

        await client.invoices.fire(created["id"], event=InvoiceEvent.MARK_AS_SENT)
        seen = [await status()]
        payment: Any = await client.invoices.create_payment(created["id"], {"paid_on": "2026-11-01"})
        assert payment["amount"] == "302.5"
        seen.append(await status())
        await client.invoices.delete_payment(created["id"], payment["id"])
        seen.append(await status())
        await client.invoices.fire_action(created["id"], event="cancel")
        return [*seen, await status()]

    assert sandbox.drive(work) == [
        InvoiceStatus.SENT,
        InvoiceStatus.PAID,
        InvoiceStatus.SENT,
        InvoiceStatus.CANCELLED,
    ]


def test_a_proforma_is_paid_in_parts_and_settled(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> Any:
        proforma = await issue(client, document_type="proforma", proforma_followup_document="none")
        payment: Any = await client.invoices.create_payment(proforma["id"], {"amount": "121"})
        told: Any = await client.invoices.create_tax_document(proforma["id"], payment["id"])
        return await client.invoices.create(
            {
                "subject_id": proforma["subject_id"],
                "document_type": "final_invoice",
                "tax_document_ids": [told["tax_document_id"]],
                "lines": LINES,
            }
        )

    final = sandbox.drive(work)
    assert (final["total"], final["remaining_amount"]) == ("302.5", "181.5")
    assert [(advance["price"], advance["vat"]) for advance in final["paid_advances"]] == [("100.0", "21.0")]


def test_a_correction_is_made_of_an_invoice(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> tuple[Any, Any]:
        original = await issue(client)
        back = [LINES[0] | {"unit_price": "-100"}]
        data = {"subject_id": original["subject_id"], "lines": back}
        correction: Any = await client.invoices.create_correction(original["id"], data)
        return correction, await client.invoices.get(original["id"])

    correction, original = sandbox.drive(work)
    assert (correction["document_type"], correction["total"]) == ("correction", "-302.5")
    assert (correction["correction_id"], original["correction_id"]) == (original["id"], correction["id"])


def test_a_file_is_attached_and_fetched(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> Any:
        content = base64.b64encode(b"%PDF-1.7").decode()
        file = {"filename": "list.pdf", "data_url": f"data:application/pdf;base64,{content}"}
        created = await issue(client, attachments=[file])
        return await client.invoices.get_attachment(created["id"], created["attachments"][0]["id"])

    assert sandbox.drive(work) == b"%PDF-1.7"


async def paper_of(client: FakturoidClient, invoice_id: int) -> bytes:
    """Whoever is told that it is not ready asks again."""
    for _ in range(10):
        with contextlib.suppress(PdfNotReadyError):
            return await client.invoices.get_pdf(invoice_id)
    return b""


def test_an_invoice_is_printed_and_sent(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> tuple[bytes, InvoiceStatus | None]:
        created = await issue(client)
        paper = await paper_of(client, created["id"])
        await client.invoices.create_message(created["id"], {"email": "ucetni@odberatel.example"})
        return paper, (await client.invoices.get_model(created["id"])).status

    paper, status = sandbox.drive(work)
    assert paper.startswith(b"%PDF-")
    assert status == InvoiceStatus.SENT


def test_a_paper_is_waited_for(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> tuple[bytes, bytes | None]:
        created = await issue(client)
        paper = await client.invoices.wait_for_pdf(created["id"], attempts=PATIENCE, delay_seconds=1)
        return paper, await client.invoices.get_pdf_or_none(created["id"])

    paper, again = sandbox.drive(work)
    assert paper.startswith(b"%PDF-")
    assert again == paper


def test_documents_are_listed_as_models_on_every_page(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> None:
        created = await issue(client)
        [model] = await client.invoices.list_models(number=created["number"])
        assert model.id == created["id"]
        assert model.id in [found.id async for found in client.invoices.iter_models()]

    sandbox.drive(work)


def test_the_example_documents_are_of_every_type_and_in_every_state(sandbox: Sandbox) -> None:
    async def work(client: FakturoidClient) -> list[Any]:
        return [invoice async for invoice in client.invoices.iter_list()]

    found = sandbox.drive(work)
    assert len(found) >= 12
    assert {invoice["document_type"] for invoice in found} == {
        *("invoice", "proforma", "correction", "tax_document", "final_invoice"),
    }
    assert {invoice["status"] for invoice in found} == {
        *("open", "sent", "overdue", "paid", "cancelled", "uncollectible"),
    }
    assert {invoice["currency"] for invoice in found} == {"CZK", "EUR"}


def test_what_is_refused_is_told_by_attribute_and_by_code(sandbox: Sandbox) -> None:
    refused = failure(sandbox, lambda client: client.invoices.create({"lines": LINES}))
    assert refused.status_code == 422
    assert refused.response.get_body(return_json_as_dict=True)["errors"].keys() == {"subject_id", "client_name"}

    async def pay_twice(client: FakturoidClient) -> None:
        created = await issue(client)
        await client.invoices.create_payment(created["id"])
        await client.invoices.create_payment(created["id"])

    twice: ClientError = failure(sandbox, pay_twice)
    assert twice.status_code == 403
    assert "already paid" in str(twice)


def test_an_estimate_is_no_type_to_list(sandbox: Sandbox) -> None:
    assert failure(sandbox, lambda client: client.invoices.list(document_type="estimate")).status_code == 400
