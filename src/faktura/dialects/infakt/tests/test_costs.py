"""Section 20: costs, from the scan that is uploaded to the cost that is paid, noted and deleted."""

from typing import Any

import pytest

from faktura.core.books.books import Books
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.received.accounting import account_for
from faktura.core.received.enter import enter_expense
from faktura.core.received.find import find_paper
from faktura.core.received.record import Expense
from faktura.dialects.infakt.tests.conftest import Client

PDF = b"%PDF-1.7\n1 0 obj\n"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 20

LISTED = [
    *("uuid", "number", "net_price", "gross_price", "tax_price", "currency", "accounted_at", "issue_date"),
    *("received_date", "due_date", "seller_name", "seller_tax_code", "seller_bank_account", "description", "added_by"),
    *("category", "kind", "notes_count", "newest_note", "duplicated", "created_at", "source", "reconciliation_id"),
    "statuses",
]
WHOLE = [
    *LISTED,
    *("attachments", "related_internal_note", "notes", "related_exchange_differences_internal_evidences"),
]


def form(*files: tuple[str, str, bytes]) -> dict[str, Any]:
    """A form with files, each with its name and type."""
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="uploads[]"; filename="{name}"\r\n'.encode()
        + f"Content-Type: {kind}\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name, kind, content in files
    ]
    return {"raw": b"".join(parts) + b"--edge--\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=edge"}}


def upload(client: Client, name: str = "paragon.pdf", content: bytes = PDF) -> dict[str, Any]:
    sent = client.post("/documents/costs/upload.json", **form((name, "application/pdf", content)))
    assert sent.status_code == 201, sent.text
    found: dict[str, Any] = sent.json["entities"][0]
    return found


def write(client: Client, work: Any) -> Any:
    now = client.service.clock.now()
    firm = client.firm
    return client.service.database.write(lambda tx: work(Books(tx, firm.account, firm.user.id, now)))


def enter(client: Client, uuid: str | None = None, **values: Any) -> dict[str, Any]:
    """What somebody enters, of a scan where its uuid is given."""

    def work(books: Books) -> Expense:
        supplier = values.pop("supplier", None) or {"name": "Papiernia", "vat_no": "PL5252248498", "iban": "PL1"}
        contact = books.look_up_supplier(supplier) if False else add_contact(books, Given(supplier))
        given = {"contact_id": contact.id, "original_number": "FV/7", "lines": [line(100, 23)]} | values
        if uuid is not None:
            given["scan_id"] = find_paper(books, uuid).id
        return enter_expense(books, Given(given))

    made = write(client, work)
    return read(client, made.uuid)


def line(price: int, rate: int) -> Given:
    from decimal import Decimal

    return Given({"name": "Papier", "unit_price": Decimal(price), "vat_rate": Decimal(rate)})


def read(client: Client, uuid: str) -> dict[str, Any]:
    answer = client.get(f"/documents/costs/{uuid}.json")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


