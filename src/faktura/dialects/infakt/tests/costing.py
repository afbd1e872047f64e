"""What tests of costs share: scans that are uploaded, what somebody enters, and what is done to many."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any, TypeVar
from urllib.parse import urlencode

from faktura.core.books.books import Books
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.received.accounting import account_for
from faktura.core.received.enter import enter_expense
from faktura.core.received.find import find_paper
from faktura.core.received.record import Expense
from faktura.dialects.infakt.tests.conftest import Client

T = TypeVar("T")

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
NOBODY = "00000000-0000-4000-8000-000000000000"

File = tuple[str, str, bytes]


def form(*files: File) -> dict[str, Any]:
    """A form with files, each with its name and type."""
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="uploads[]"; filename="{name}"\r\n'.encode()
        + f"Content-Type: {kind}\r\n\r\n".encode()
        + content
        + b"\r\n"
        for name, kind, content in files
    ]
    return {"raw": b"".join(parts) + b"--edge--\r\n", "headers": {"Content-Type": "multipart/form-data; boundary=edge"}}


def upload(client: Client, *files: File) -> list[dict[str, Any]]:
    sent = client.post("/documents/costs/upload.json", **form(*(files or [("paragon.pdf", "application/pdf", PDF)])))
    assert sent.status_code == 201, sent.text
    found: list[dict[str, Any]] = sent.json["entities"]
    return found


def scan(client: Client, name: str = "paragon.pdf") -> str:
    uuid: str = upload(client, (name, "application/pdf", PDF))[0]["document_scan_uuid"]
    return uuid


def write(client: Client, work: Callable[[Books], T]) -> T:
    now, firm = client.service.clock.now(), client.firm
    kept: T = client.service.database.write(lambda tx: work(Books(tx, firm.account, firm.user.id, now)))
    return kept


def enter(client: Client, scanned: str | None = None, price: int = 100, **values: Any) -> str:
    """What somebody enters, of a scan where that is named; its uuid."""

    def work(books: Books) -> Expense:
        supplier = {"name": "Papiernia", "vat_no": "PL5252248498"}
        contact_id = values.pop("contact_id", None) or add_contact(books, Given(supplier)).id
        lines = [Given({"name": "Papier", "unit_price": Decimal(price), "vat_rate": Decimal(23)})]
        scan_id = {} if scanned is None else {"scan_id": find_paper(books, scanned).id}
        return enter_expense(books, Given({"contact_id": contact_id, "lines": lines} | scan_id | values))

    return write(client, work).uuid


def put_in_books(client: Client, uuid: str, accounting: str = "accounted", why: str = "") -> None:
    write(client, lambda books: account_for(books, find_paper(books, uuid), accounting, why))


def read(client: Client, uuid: str) -> dict[str, Any]:
    answer = client.get(f"/documents/costs/{uuid}.json")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def listed(client: Client, **asked: Any) -> list[str]:
    """The uuids of a page."""
    answer = client.get("/documents/costs.json", query_string=urlencode(asked, doseq=True))
    assert answer.status_code == 200, answer.text
    return [entity["uuid"] for entity in answer.json["entities"]]


def statuses(client: Client, uuid: str) -> list[str]:
    return [status["symbol"] for status in read(client, uuid)["statuses"]]


VERBS = {
    "paid": "PUT",
    "unpaid": "PUT",
    "update_file_name": "PUT",
    "assign_cost_category": "POST",
    "create_note": "POST",
    "destroy": "DELETE",
}


def many(client: Client, verb: str, *uuids: str, **more: Any) -> dict[str, Any]:
    answer = client.call(VERBS[verb], f"/documents/costs/{verb}_many.json", {"uuids": ",".join(uuids)} | more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json
    return found


def done(result: dict[str, Any]) -> list[str]:
    return [entity["status"] for entity in result["entities"]]


def refused(client: Client, verb: str, **sent: Any) -> dict[str, Any]:
    answer = client.call(VERBS[verb], f"/documents/costs/{verb}_many.json", sent)
    assert answer.status_code == 422, answer.text
    errors: dict[str, Any] = answer.json["errors"]
    return errors
