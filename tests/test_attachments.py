"""Files are put beside documents on pages, and shown wherever a document is looked at, until it is thrown away."""

import pytest

from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.documents.attachments import Attachment
from faktura.outputs.printing.printer import Printer
from faktura.store.database import Database
from tests import needs
from tests.doors_and_pages import House
from tests.test_corrections import advance, correction, final, invoice, margin, oss, service_of
from tests.test_documents_two_doors import Values

pytestmark = [needs.FAKTUROID, needs.INFAKT]

PDF = b"%PDF-1.7 umowa"


def proforma(house: House) -> Values:
    return house.doors.issue_here("invoice", kind="proforma", services=[service_of()])


MADE = {
    "invoices": invoice,
    "proforma": proforma,
    "advance_invoices": advance,
    "final_invoices": final,
    "margin_invoices": margin,
    "corrective_invoices": correction,
    "oss_invoices": oss,
}
"""By kind, how one is issued."""

SHOWN_AT_THE_SECOND = {"invoices", "proforma"}
"""Section 2: files are shown beside these alone."""


@pytest.fixture
def house(database: Database, printer: Printer) -> House:
    return House(database, printer, Clock())


def here(document: Values) -> str:
    return f"/applecorp/invoices/{document['id']}"


def attach(house: House, document: Values, name: str = "umowa.pdf", content: bytes = PDF) -> int:
    house.owner.get(f"{here(document)}/attach")
    path = f"{here(document)}/attach"
    return house.owner.send_file(path, content=content, filename=name, under="files").status_code


def kept(house: House) -> list[bytes]:
    """What is stored of files in all accounts."""
    account, now = house.firm.account, house.service.clock.now()
    return house.service.database.read(
        lambda tx: [one.content for one in Books(tx, account, None, now).all(Attachment)]
    )


def at_second(house: House, document: Values) -> list[Values]:
    found: list[Values] = house.doors.infakt("GET", f"/invoices/{document['id']}/attachments.json")["entities"]
    return found


@pytest.mark.parametrize("kind", MADE)
def test_a_file_beside_any_kind_is_shown_at_the_doors_and_to_the_customer(house: House, kind: str) -> None:
    document = MADE[kind](house)
    assert attach(house, document) == 303
    assert attach(house, document, "zdjęcie.png", b"\x89PNG") == 303

    seen = house.doors.first(document["id"])
    told = [(file["filename"], file["content_type"]) for file in seen["attachments"]]
    assert told == [("umowa.pdf", "application/pdf"), ("zdjęcie.png", "image/png")]
    path = seen["attachments"][0]["download_url"].partition("/accounts/applecorp")[2]
    assert house.doors.ask_first("GET", path).content == PDF
    answer = house.doors.ask_second("GET", f"/invoices/{document['id']}/attachments.json")
    assert answer.status_code == (200 if kind in SHOWN_AT_THE_SECOND else 404)
    if kind in SHOWN_AT_THE_SECOND:
        first, second = at_second(house, document)
        assert (first["name"], second["content_type"]) == ("umowa.pdf", "image/png")
        link = first["download_link"].partition("/v3")[2] or first["download_link"].rpartition("/downloads")[2]
        assert house.doors.ask_second("GET", f"/downloads{link.removeprefix('/downloads')}").content == PDF
    for page in (house.owner.get(here(document)), house.owner.get(seen["public_html_url"].partition("example")[2])):
        assert page.text.count(">umowa.pdf</a>") == page.text.count(">zdjęcie.png</a>") == 1


@pytest.mark.parametrize("kind", MADE)
def test_files_go_with_their_document(house: House, kind: str) -> None:
    document = MADE[kind](house)
    attach(house, document)
    assert kept(house) == [PDF]

    house.owner.get(f"{here(document)}/delete")
    assert house.owner.post(f"{here(document)}/delete").status_code == 303
    assert kept(house) == []


def test_one_file_is_taken_away_and_the_others_stay(house: House) -> None:
    document = invoice(house)
    for name in ("a.pdf", "b.pdf"):
        attach(house, document, name, name.encode())
    first, _ = at_second(house, document)

    house.owner.get(here(document))
    assert house.owner.post(f"{here(document)}/files/{first['id']}/remove").status_code == 303
    assert [file["name"] for file in at_second(house, document)] == ["b.pdf"]
    assert [file["filename"] for file in house.doors.first(document["id"])["attachments"]] == ["b.pdf"]
    assert kept(house) == [b"b.pdf"]
    house.owner.get(here(document))
    assert house.owner.post(f"{here(document)}/files/{first['id']}/remove").status_code == 404


def test_nothing_is_put_beside_what_is_locked_nor_taken_away(house: House) -> None:
    document = invoice(house)
    attach(house, document)
    [file] = at_second(house, document)
    house.owner.get(here(document))
    house.owner.post(f"{here(document)}/lock")

    assert f"{here(document)}/attach" not in house.owner.get(here(document)).text
    assert attach(house, document, "other.pdf") == 409
    house.owner.get(here(document))
    assert house.owner.post(f"{here(document)}/files/{file['id']}/remove").status_code == 409
    assert at_second(house, document)[0]["name"] == "umowa.pdf"


def test_a_form_without_a_file_and_one_too_many_are_refused_at_the_field(house: House) -> None:
    document = invoice(house)
    house.owner.get(f"{here(document)}/attach")

    empty = house.owner.post(f"{here(document)}/attach")
    assert (empty.status_code, "Fill this in." in empty.text) == (422, True)
    assert attach(house, document, "large.bin", bytes(20_000_001)) == 422
    assert kept(house) == []
