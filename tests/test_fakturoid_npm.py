"""The client of npm, unmodified, drives every resource that it knows in the running sandbox."""

import base64
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from tests import needs
from tests.npm.client import Client, Refused
from tests.npm.package import unpacked
from tests.running import PATIENCE, wait_until
from tests.sandboxes import Sandbox

pytestmark = needs.FAKTUROID

LINES = [{"name": "Úklid", "quantity": 2.5, "unit_name": "h", "unit_price": "100", "vat_rate": 21}]
FILE = {
    "filename": "list.pdf",
    "data_url": f"data:application/pdf;base64,{base64.b64encode(b'%PDF-1.7 list').decode()}",
}


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpacked("fakturoid", tmp_path_factory.mktemp("npm"))


@pytest.fixture
def npm(sandbox: Sandbox, package: Path) -> Iterator[Client]:
    """Signed in by its own credentials, at the host that it would ask without a setting."""
    told = sandbox.told["fakturoid"]
    with Client(package, settings(sandbox, told["client_id"], told["client_secret"])) as client:
        client.connectWithClientCredentials("firm", told["slug"])
        yield client


def settings(
    sandbox: Sandbox, client_id: str, secret: str, redirect_uri: str = "http://127.0.0.1:3000/callback"
) -> Any:
    known = {"clientId": client_id, "clientSecret": secret, "redirectUri": redirect_uri}
    base_url = f"http://app.fakturoid.cz:{sandbox.server.port}"
    return {**known, "userAgent": "Tests (tests@faktura.example)", "baseUrl": base_url}


def refusal(call: Any, *values: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        call(*values)
    return refused.value


def subject(npm: Client, **values: Any) -> Any:
    return npm.subjects.create({"name": "Žlutý kůň s.r.o.", "email": "kun@firma.example"} | values)


def invoice(npm: Client, **values: Any) -> Any:
    return npm.invoices.create({"subject_id": subject(npm)["id"], "lines": LINES} | values)


def allowed(sandbox: Sandbox, query: str) -> str:
    """The code that the client comes back with once the owner has let it in."""
    page = f"/consent?{query}"
    signed_in = sandbox.sign_in_at(page, sandbox.told["web"]["password"])
    headers = {"Cookie": signed_in.headers["set-cookie"].partition(";")[0]}
    form = sandbox.server.ask("GET", page, headers=headers)
    headers["Cookie"] = form.headers["set-cookie"].partition(";")[0]
    fields = dict(re.findall(r'name="(csrf_token)" value="([^"]*)"', form.body.decode())) | {"decision": "allow"}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    done = sandbox.server.ask("POST", page, headers=headers, raw=urlencode(fields).encode())
    return dict(parse_qsl(urlsplit(done.headers["location"]).query))["code"]


def once_it_is_there(call: Any, *values: Any) -> bytes:
    """The client gives nothing back for what is still made."""
    deadline = time.monotonic() + PATIENCE
    while (content := call(*values)) is None:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return base64.b64decode(content)


def test_each_method_of_each_resource_is_called_in_this_file(npm: Client) -> None:
    """As it is written here, so that a method of a later version is not forgotten."""
    known = set(npm.methods())
    called = set(re.findall(r"\bnpm\.(\w+\.\w+)", Path(__file__).read_text()))

    assert known > {"invoices.create", "todos.list"}
    assert known - called == set()


def test_it_signs_in_and_out_by_itself(npm: Client, sandbox: Sandbox) -> None:
    tokens = npm.getTenantTokens("firm")
    assert (tokens["fakturoidSlug"], "refreshToken" in tokens) == (sandbox.told["fakturoid"]["slug"], False)
    npm.revokeTenant("firm")
    assert "No Fakturoid tokens" in str(refusal(npm.account.getAccountInfo))


def test_a_person_lets_it_in_by_the_page_that_it_names(sandbox: Sandbox, package: Path) -> None:
    told = sandbox.told["fakturoid"]["integration"]
    named = settings(sandbox, told["client_id"], told["client_secret"], told["redirect_uri"])
    with Client(package, named) as npm:
        address = urlsplit(npm.getAuthorizationUrl("firm", "state-1"))
        assert dict(parse_qsl(address.query))["state"] == "state-1"
        npm.handleOAuthCallback({"code": allowed(sandbox, address.query), "state": "state-1", "tenantId": "firm"})
        assert npm.account.getAccountInfo()["subdomain"] == sandbox.told["fakturoid"]["slug"]
        npm.revokeTenant("firm")
        assert npm.getTenantTokens("firm") is None


def test_wrong_credentials_are_refused_in_words(sandbox: Sandbox, package: Path) -> None:
    with Client(package, settings(sandbox, sandbox.told["fakturoid"]["client_id"], "wrong")) as npm:
        refused = refusal(npm.connectWithClientCredentials, "firm", "applecorp")
    assert refused.status in {400, 401}


def test_the_account_its_people_and_its_settings_are_read(npm: Client, sandbox: Sandbox) -> None:
    me = npm.users.getCurrentUser()
    assert me["default_account"] == npm.account.getAccountInfo()["subdomain"] == sandbox.told["fakturoid"]["slug"]
    assert me["email"] in [user["email"] for user in npm.users.list()]
    assert [account["default"] for account in npm.bankAccounts.list()].count(True) == 1
    assert all(found["preview"] for found in npm.numberFormats.list())


def test_a_subject_lives_from_create_to_delete(npm: Client) -> None:
    created = subject(npm, custom_id="npm-1")
    assert npm.subjects.get(created["id"]) == created
    changed = npm.subjects.update(created["id"], {"phone": "777 123 456"})
    assert npm.subjects.list({"custom_id": "npm-1"}) == npm.subjects.search("zluty kun") == [changed]
    assert changed["id"] in [found["id"] for found in npm.subjects.listAll()]
    assert npm.subjects.delete(created["id"]) is None

    gone = refusal(npm.subjects.get, created["id"])
    assert gone.status == 404
    refused = refusal(npm.subjects.create, {"name": ""})
    assert (refused.status, list(refused.details["errors"])) == (422, ["name"])


def test_an_invoice_lives_from_create_to_delete(npm: Client) -> None:
    created = invoice(npm, custom_id="npm-1", tags=["npm", "léto"], attachments=[FILE])
    assert created["total"] == "302.5"
    assert npm.invoices.get(created["id"]) == created
    changed = npm.invoices.update(created["id"], {"note": "Díky", "lines": created["lines"]})
    assert npm.invoices.list({"custom_id": "npm-1"}) == [changed]
    assert npm.invoices.search({"query": "diky uklid"}) == npm.invoices.search({"tags": ["npm", "léto"]}) == [changed]
    assert created["id"] in [found["id"] for found in npm.invoices.listAll()]

    assert once_it_is_there(npm.invoices.downloadPdf, created["id"]).startswith(b"%PDF")
    file = created["attachments"][0]["id"]
    assert once_it_is_there(npm.invoices.downloadAttachment, created["id"], file) == b"%PDF-1.7 list"
    npm.invoices.fireEvent(created["id"], "lock")
    assert npm.invoices.get(created["id"])["locked_at"]
    npm.invoices.fireEvent(created["id"], "unlock")
    assert npm.invoices.delete(created["id"]) is None


def test_an_invoice_is_paid_and_sent(npm: Client) -> None:
    created = invoice(npm, document_type="proforma", proforma_followup_document="tax_document")
    paid = npm.invoicePayments.create(created["id"], {"paid_on": "2026-11-01", "amount": "100"})
    assert paid["amount"] == "100.0"
    assert npm.invoicePayments.delete(created["id"], paid["id"]) is None
    assert npm.invoiceMessages.sendInvoiceByEmail(created["id"], {"email": "jiny@firma.example"}) is None
    assert npm.invoices.get(created["id"])["sent_at"]


def test_a_tax_document_is_made_of_a_payment(npm: Client) -> None:
    created = invoice(npm, document_type="proforma", proforma_followup_document="none")
    paid = npm.invoicePayments.create(created["id"], {"amount": "121"})
    with_document = npm.invoicePayments.createTaxDocument(created["id"], paid["id"])
    assert npm.invoices.get(with_document["tax_document_id"])["document_type"] == "tax_document"


def test_an_expense_lives_from_create_to_delete(npm: Client) -> None:
    supplier = subject(npm, type="supplier")
    created = npm.expenses.create(
        {"subject_id": supplier["id"], "lines": LINES, "tags": ["npm"], "attachments": [FILE], "custom_id": "npm-2"}
    )
    assert npm.expenses.get(created["id"]) == created
    changed = npm.expenses.update(created["id"], {"description": "Cesta do Kyjova"})
    assert npm.expenses.list({"custom_id": "npm-2"}) == [changed]
    assert npm.expenses.search({"query": "cesta kyjova"}) == npm.expenses.search({"tags": ["npm"]}) == [changed]
    assert created["id"] in [found["id"] for found in npm.expenses.listAll()]
    file = created["attachments"][0]["id"]
    assert once_it_is_there(npm.expenses.downloadAttachment, created["id"], file) == b"%PDF-1.7 list"

    paid = npm.expensePayments.create(created["id"], {"paid_on": "2026-11-01"})
    assert npm.expenses.get(created["id"])["status"] == "paid"
    assert npm.expensePayments.delete(created["id"], paid["id"]) is None
    npm.expenses.fireEvent(created["id"], "lock")
    assert refusal(npm.expenses.update, created["id"], {"description": "Jinak"}).status == 403
    npm.expenses.fireEvent(created["id"], "unlock")
    assert npm.expenses.delete(created["id"]) is None


def test_a_generator_lives_from_create_to_delete(npm: Client) -> None:
    wanted = {"name": "Úklid", "subject_id": subject(npm)["id"], "lines": LINES}
    created = npm.generators.create(wanted)
    assert npm.generators.get(created["id"]) == created
    changed = npm.generators.update(created["id"], {"note": "Díky"})
    assert npm.generators.list({"subject_id": wanted["subject_id"]}) == [changed]
    assert created["id"] in [found["id"] for found in npm.generators.listAll()]
    assert npm.generators.delete(created["id"]) is None


def test_a_recurring_generator_is_paused_and_goes_on(npm: Client) -> None:
    plan = {"start_date": "2099-01-31", "months_period": 1}
    created = npm.recurringGenerators.create({"name": "Úklid", "subject_id": subject(npm)["id"], "lines": LINES} | plan)
    assert npm.recurringGenerators.get(created["id"]) == created
    assert npm.recurringGenerators.update(created["id"], {"send_email": True})["send_email"] is True
    assert npm.recurringGenerators.pause(created["id"])["active"] is False
    assert npm.recurringGenerators.activate(created["id"])["active"] is True
    npm.recurringGenerators.pause(created["id"])
    moved = npm.recurringGenerators.activate(created["id"], {"next_occurrence_on": "2099-02-10"})
    assert moved["next_occurrence_on"] == "2099-02-10"
    assert npm.recurringGenerators.list({"subject_id": created["subject_id"]}) == [moved]
    assert created["id"] in [found["id"] for found in npm.recurringGenerators.listAll()]
    assert npm.recurringGenerators.delete(created["id"]) is None


def test_items_and_their_moves_are_kept(npm: Client) -> None:
    prices = {"native_purchase_price": "80", "native_retail_price": "120"}
    stock = {"track_quantity": True, "quantity": "5", "min_quantity": "10"}
    item = npm.inventoryItems.create({"name": "Marmeláda npm", "sku": "NPM-1", **prices, **stock})
    move = {"direction": "out", "moved_on": "2026-11-01", "quantity_change": "2", "purchase_price": "80"}
    moved = npm.inventoryMoves.create(item["id"], move)
    assert npm.inventoryMoves.get(item["id"], moved["id"]) == moved
    assert npm.inventoryItems.get(item["id"])["quantity"] == "3.0"
    changed = npm.inventoryMoves.update(item["id"], moved["id"], {"private_note": "npm"})
    assert changed in npm.inventoryMoves.list({"inventory_item_id": item["id"]})
    assert changed["id"] in [found["id"] for found in npm.inventoryMoves.listAll()]
    assert npm.inventoryMoves.delete(item["id"], moved["id"]) is None

    renamed = npm.inventoryItems.update(item["id"], {"name": "Džem npm"})
    assert npm.inventoryItems.list({"sku": "NPM-1"}) == npm.inventoryItems.search("dzem npm") == [renamed]
    assert item["id"] in [found["id"] for found in npm.inventoryItems.listLowQuantity()]
    assert item["id"] in [found["id"] for found in npm.inventoryItems.listAll()]
    assert npm.inventoryItems.archive(item["id"])["archived"] is True
    assert npm.inventoryItems.listArchived() == npm.inventoryItems.listAllArchived() != []
    assert npm.inventoryItems.unarchive(item["id"])["archived"] is False
    plain = npm.inventoryItems.create({"name": "Rada", "sku": "NPM-2", **prices})
    assert npm.inventoryItems.delete(plain["id"]) is None


def test_files_are_put_into_the_inbox_and_read(npm: Client) -> None:
    created = npm.inboxFiles.create({"attachment": FILE["data_url"], "filename": "list.pdf"})
    assert created["filename"] == "list.pdf"
    assert created in npm.inboxFiles.list()
    assert created["id"] in [found["id"] for found in npm.inboxFiles.listAll()]
    assert base64.b64decode(npm.inboxFiles.download(created["id"])) == b"%PDF-1.7 list"
    assert npm.inboxFiles.sendToOcr(created["id"]) is None
    # What is being read cannot be deleted.
    wait_until(lambda: npm.inboxFiles.list()[0]["ocr_completed_at"] is not None)
    assert npm.inboxFiles.delete(created["id"]) is None


def test_webhooks_are_kept(npm: Client) -> None:
    created = npm.webhooks.create({"webhook_url": "http://127.0.0.1:9/hook", "events": ["invoice_created"]})
    assert npm.webhooks.get(created["id"]) == created
    changed = npm.webhooks.update(created["id"], {"active": False})
    assert npm.webhooks.list() == npm.webhooks.listAll() == [changed]
    assert npm.webhooks.getFailedDeliveries(created["failed_deliveries_uuid"]) == []
    assert npm.webhooks.delete(created["id"]) is None


def test_events_and_todos_are_read(npm: Client) -> None:
    created = invoice(npm)
    npm.invoicePayments.create(created["id"])
    of_subject = {"subject_id": created["subject_id"]}
    assert {event["name"] for event in npm.events.list(of_subject)} >= {"invoice_paid"}
    assert [event["name"] for event in npm.events.listPaid(of_subject)] == ["invoice_paid"]
    assert len(npm.events.listAll(of_subject)) == len(npm.events.list(of_subject))
    assert len(npm.events.listAllPaid(of_subject)) == 1

    todo = next(todo for todo in npm.todos.list() if todo["completed_at"] is None)
    assert npm.todos.toggleCompletion(todo["id"])["completed_at"]
    assert npm.todos.toggleCompletion(todo["id"]) == todo
    assert todo["id"] in [found["id"] for found in npm.todos.listAll()]
