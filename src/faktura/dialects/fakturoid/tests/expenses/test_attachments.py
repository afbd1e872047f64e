"""Section 2.0.3: files beside an expense."""

import base64
from typing import Any

import pytest

from faktura.dialects.fakturoid.tests.conftest import MOUNT, Desk, ExpenseDesk

PDF = b"%PDF-1.7\x00\xff\nfaktura"


def data_url(content: bytes = PDF, mime: str = "application/pdf") -> str:
    return f"data:{mime};base64,{base64.b64encode(content).decode()}"


def fetch(expenses: ExpenseDesk, attachment: Any) -> Any:
    path = attachment["download_url"].removeprefix(f"http://faktura.example{MOUNT}")
    return expenses.client.get(path, whole=True)


def test_a_file_is_attached_and_fetched_as_what_it_is(expenses: ExpenseDesk) -> None:
    entered = expenses.issue(attachments=[{"filename": "účtenka.pdf", "data_url": data_url()}])

    attached = entered["attachments"][0]
    path = f"/expenses/{entered['id']}/attachments/{attached['id']}/download"
    assert attached == {
        "id": attached["id"],
        "filename": "účtenka.pdf",
        "content_type": "application/pdf",
        "download_url": f"http://faktura.example{MOUNT}/accounts/applecorp{path}",
    }
    fetched = fetch(expenses, attached)
    assert (fetched.status_code, fetched.content) == (200, PDF)
    assert fetched.headers["content-type"] == "application/pdf"
    assert fetched.headers["content-transfer-encoding"] == "binary"
    assert fetched.headers["content-disposition"] == (
        "attachment; filename=\"__tenka.pdf\"; filename*=UTF-8''%C3%BA%C4%8Dtenka.pdf"
    )


def test_new_files_are_added_to_those_there_which_may_be_sent_back(expenses: ExpenseDesk) -> None:
    entered = expenses.issue(attachments=[data_url()])

    changed = expenses.change(entered, attachments=[{"filename": "b.png", "data_url": data_url(b"b", "image/png")}])

    assert [a["filename"] for a in changed["attachments"]] == ["attachment.pdf", "b.png"]
    assert expenses.change(entered, attachments=changed["attachments"]) == changed
    assert expenses.change(entered, attachments=None)["attachments"] == changed["attachments"]


@pytest.mark.parametrize(
    "files",
    [["nonsense"], [{"filename": "x"}], [{"data_url": "data:application/pdf;base64,%%%"}], [7], "x"],
)
def test_what_is_no_file_is_refused_by_its_attribute(expenses: ExpenseDesk, files: Any) -> None:
    assert expenses.refusal(attachments=files) == {"attachments": ["je neplatná hodnota"]}
    assert expenses.change_refusal(expenses.issue(), attachments=files) == {"attachments": ["je neplatná hodnota"]}


def test_an_expense_has_at_most_fifty_files(expenses: ExpenseDesk) -> None:
    told = {"attachments": ["je příliš mnoho souborů (max. 50)"]}

    assert expenses.refusal(attachments=[data_url(b"x")] * 51) == told
    full = expenses.issue(attachments=[data_url(b"x")] * 50)
    assert expenses.change_refusal(full, attachments=[data_url(b"x")]) == told


def test_a_file_is_found_only_beside_its_own_expense_and_beside_no_invoice_of_its_id(
    expenses: ExpenseDesk, desk: Desk
) -> None:
    entered, other = expenses.issue(attachments=[data_url()]), expenses.issue()
    invoice = desk.issue()
    attachment_id = entered["attachments"][0]["id"]
    assert invoice["id"] == entered["id"]

    beside = ("expenses", other["id"]), ("expenses", 999), ("invoices", invoice["id"])
    for folder, document_id in beside:
        missing = expenses.client.get(f"/{folder}/{document_id}/attachments/{attachment_id}/download")
        assert (missing.status_code, missing.json["error"]) == (404, "resource_not_found")
