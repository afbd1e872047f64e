"""Invoices as PDF files (2.6)."""

from typing import Any

import pypdfium2
import pytest
import zxingcpp

from faktura.dialects.fakturoid.invoices import pdf
from faktura.dialects.fakturoid.tests.conftest import Desk
from faktura.outputs.printing.printer import Printer
from tests import needs

pytestmark = needs.ONE_ENGINE

TRIES = 20


def download(desk: Desk, invoice: dict[str, Any]) -> Any:
    """As clients do it: whoever gets 204 asks again."""
    path = f"/invoices/{invoice['id']}/download.pdf"
    answers = (desk.client.get(path, headers={"Accept": "application/pdf"}) for _ in range(TRIES))
    return next(answer for answer in answers if answer.status_code != 204)


def test_the_pdf_tells_what_the_invoice_tells(desk: Desk) -> None:
    invoice = desk.issue({"name": "Příliš žluťoučký kůň", "unit_price": "1000", "vat_rate": 21})
    answer = download(desk, invoice)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["Content-Transfer-Encoding"] == "binary"
    assert invoice["number"] in answer.headers["Content-Disposition"]
    text = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()
    for told in (invoice["number"], "Příliš žluťoučký kůň", "Odběratel a.s.", "1 210,00", "Faktura"):
        assert told in text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_pdf_follows_the_invoice(desk: Desk) -> None:
    invoice = desk.issue()
    first, again = (download(desk, invoice).content for _ in range(2))
    desk.client.patch(f"/invoices/{invoice['id']}.json", {"note": "Jiný text"})

    assert first == again
    assert download(desk, invoice).content != first


def test_a_pdf_that_is_not_ready_is_a_204_and_is_printed_meanwhile(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PATIENCE", 0.0)
    invoice = desk.issue()
    desk.client.service.printer = Printer()
    answer = desk.client.get(f"/invoices/{invoice['id']}/download.pdf")
    monkeypatch.undo()

    assert (answer.status_code, answer.content) == (204, b"")
    assert download(desk, invoice).status_code == 200


def test_the_code_on_the_page_pays_the_invoice(desk: Desk) -> None:
    invoice = desk.issue()
    content = download(desk, invoice).content
    page = pypdfium2.PdfDocument(content)[0].render(scale=3).to_pil()

    payload = zxingcpp.read_barcodes(page)[0].text
    assert payload.startswith("SPD*1.0*ACC:")
    assert f"AM:{float(invoice['total']):.2f}" in payload
    assert f"X-VS:{invoice['variable_symbol']}" in payload


def test_an_unknown_invoice_has_none(desk: Desk) -> None:
    assert desk.client.get("/invoices/999/download.pdf").status_code == 404
