"""Many documents in one file (section 18): what each kind comes to, among the others and alone."""

from itertools import zip_longest

import pypdfium2
import pytest

from faktura.core.books.books import Books
from faktura.core.invoices.find import find_invoice
from faktura.dialects.infakt.tests.conftest import Client
from faktura.dialects.infakt.tests.issuing import KINDS, OSS, OSS_CORRECTION, issue
from faktura.dialects.infakt.tests.papers.writing import DAILY, EVIDENCES, INTERNAL, REPORTS, enter

UNKNOWN = "00000000-0000-4000-8000-000000000000"
TRIES = 30


def test_of_many_each_has_one_result_by_its_kind(client: Client) -> None:
    """Section 18: what it supports is in the file, what has no print is rejected like what is unknown."""
    printed = [issue(client, path)["uuid"] for path in (*KINDS, OSS_CORRECTION)]
    printed += [enter(client, DAILY)["uuid"], issue(client, kind="proforma")["uuid"]]
    printed.append(uuid_of(client, issue(client, OSS)["id"]))
    refused = [enter(client, path)["uuid"] for path in (INTERNAL, REPORTS, EVIDENCES)] + [UNKNOWN]
    asked = [uuid for pair in zip_longest(printed, refused) for uuid in pair if uuid is not None]

    ordered = client.post("/async/incomes/pdf_many.json", {"uuids": [*asked, *asked]}).json
    assert (ordered["accepted_uuids"], ordered["rejected_uuids"]) == (printed, refused)
    assert len(pages_of(client, ordered["download_token"])) == len(printed)


@pytest.mark.parametrize("path", [INTERNAL, REPORTS, EVIDENCES])
def test_of_kinds_that_are_not_printed_together_none_is_found(client: Client, path: str) -> None:
    uuids = [enter(client, path)["uuid"]]
    assert client.post("/async/incomes/pdf_many.json", {"uuids": uuids}).status_code == 404


def test_daily_revenues_alone_are_printed_in_their_order(client: Client) -> None:
    entered = [enter(client, DAILY, issue_date=f"2026-11-0{day}") for day in (3, 1, 2)]
    token = order_of(client, [one["uuid"] for one in entered])
    for page, one in zip(pages_of(client, token), entered, strict=True):
        assert one["number"] in page

    client.delete(f"{DAILY}/{entered[0]['uuid']}.json")
    assert len(pages_of(client, token)) == 2
    for one in entered[1:]:
        client.delete(f"{DAILY}/{one['uuid']}.json")
    assert client.get(f"/async/incomes/pdf_many/{token}.json").status_code == 404


def uuid_of(client: Client, document_id: int) -> str:
    """OSS invoices do not show theirs."""
    account, now = client.firm.account, client.service.clock.now()
    return client.service.database.read(lambda tx: find_invoice(Books(tx, account, None, now), document_id).uuid)


def order_of(client: Client, uuids: list[str]) -> str:
    token: str = client.post("/async/incomes/pdf_many.json", {"uuids": uuids}).json["download_token"]
    return token


def pages_of(client: Client, token: str) -> list[str]:
    """The text of each page, once the file is ready."""
    for _ in range(TRIES):
        if client.get(f"/async/incomes/pdf_many/{token}/check.json").json["ready"]:
            break
    fetched = client.get(f"/async/incomes/pdf_many/{token}.json")
    assert (fetched.status_code, fetched.headers["content-type"]) == (200, "application/pdf")
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(fetched.content)]
