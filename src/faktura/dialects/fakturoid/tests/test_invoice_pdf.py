"""Invoices as PDF files (2.6)."""

import pypdfium2
import zxingcpp

from faktura.dialects.fakturoid.tests.conftest import Desk


def test_the_pdf_is_ready_at_once_and_tells_what_the_invoice_tells(desk: Desk) -> None:
    invoice = desk.issue({"name": "Příliš žluťoučký kůň", "unit_price": "1000", "vat_rate": 21})
    answer = desk.client.get(f"/invoices/{invoice['id']}/download.pdf", headers={"Accept": "application/pdf"})

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "application/pdf")
    assert answer.headers["Content-Transfer-Encoding"] == "binary"
    assert invoice["number"] in answer.headers["Content-Disposition"]
    text = pypdfium2.PdfDocument(answer.content)[0].get_textpage().get_text_range()
    for told in (invoice["number"], "Příliš žluťoučký kůň", "Odběratel a.s.", "1 210,00", "Faktura"):
        assert told in text.replace("\N{NO-BREAK SPACE}", " ")


def test_the_pdf_follows_the_invoice(desk: Desk) -> None:
    invoice = desk.issue()
    path = f"/invoices/{invoice['id']}/download.pdf"
    first, again = (desk.client.get(path).content for _ in range(2))
    desk.client.patch(f"/invoices/{invoice['id']}.json", {"note": "Jiný text"})

    assert first == again
    assert desk.client.get(path).content != first


def test_the_code_on_the_page_pays_the_invoice(desk: Desk) -> None:
    invoice = desk.issue()
    content = desk.client.get(f"/invoices/{invoice['id']}/download.pdf").content
    page = pypdfium2.PdfDocument(content)[0].render(scale=3).to_pil()

    payload = zxingcpp.read_barcodes(page)[0].text
    assert payload.startswith("SPD*1.0*ACC:")
    assert f"AM:{float(invoice['total']):.2f}" in payload
    assert f"X-VS:{invoice['variable_symbol']}" in payload


def test_an_unknown_invoice_has_none(desk: Desk) -> None:
    assert desk.client.get("/invoices/999/download.pdf").status_code == 404
