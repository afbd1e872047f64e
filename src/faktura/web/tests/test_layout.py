"""The customer's page in a real browser, where one is at hand: nothing is cut on a screen or on A4."""

import json
import re
import shutil
import subprocess
from decimal import Decimal
from html import unescape
from pathlib import Path

import pypdfium2
import pytest

from faktura import web
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.web.tests.conftest import Browser, issue
from faktura.wire.service import Service
from tests import needs
from tests.firm import Firm

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""

pytestmark = [needs.ONE_ENGINE, pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium")]

STYLE = Path(web.__file__).parent / "static/faktura.css"

A4 = (595, 842)
PATIENCE = 90

MEASURE = """
<script>
const told = [];
for (const cut of document.querySelectorAll(".card, dl, main"))
  if (cut.scrollWidth > cut.clientWidth + 1) told.push(["cut", cut.className, cut.scrollWidth - cut.clientWidth]);
for (const whole of document.querySelectorAll("td.number, .amounts dd, thead th, dt"))
  for (const node of whole.childNodes)
    for (const word of (node.data || "").matchAll(/[^ \\n]+/g)) {
      const range = document.createRange();
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      if (new Set([...range.getClientRects()].map(r => r.top)).size > 1) told.push(["broken", word[0]]);
    }
document.title = JSON.stringify(told);
</script>
"""


@pytest.fixture
def large(service: Service, firm: Firm) -> Invoice:
    """In the language with the longest labels, with amounts of eight digits in two currencies."""
    lines = [
        Given({"name": "x" * 90, "unit": "Stück", "unit_price": Decimal("12345678.90"), "vat_rate": Decimal(21)}),
        Given({"name": "Äpfel", "unit_price": Decimal(99999999), "vat_rate": Decimal(12), "discount": Decimal(10)}),
    ]
    foreign = {"currency": "EUR", "exchange_rate": Decimal("25.135")}
    return issue(service, firm, "Käufer AG", lines=lines, language="de", order_number="O" * 40, **foreign)


def page_of(browser: Browser, invoice: Invoice, folder: Path) -> Path:
    """The page as a file, with its styles and the measuring in it."""
    style = STYLE.read_text(encoding="utf-8")
    page = re.sub('<link rel="stylesheet"[^>]*>', lambda _: f"<style>{style}</style>", public(browser, invoice))
    file = folder / "page.html"
    file.write_text(page.replace("</body>", f"{MEASURE}</body>"), encoding="utf-8")
    return file


def public(browser: Browser, invoice: Invoice) -> str:
    return browser.get(f"/applecorp/p/{invoice.token}").text


def chromium(folder: Path, *options: str) -> str:
    command = [CHROMIUM, "--headless", "--no-sandbox", "--disable-gpu", f"--user-data-dir={folder}/profile", *options]
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=True).stdout  # noqa: S603


@pytest.mark.parametrize("width", [1280, 500])
def test_no_amount_is_cut_and_no_word_of_a_label_broken(
    browser: Browser, large: Invoice, tmp_path: Path, width: int
) -> None:
    page = page_of(browser, large, tmp_path)
    seen = chromium(tmp_path, f"--window-size={width},2000", "--dump-dom", page.as_uri())
    found = re.search("<title>(.*?)</title>", seen)

    assert found is not None
    assert json.loads(unescape(found[1])) == []


def test_a_page_is_printed_on_a4_light_and_without_buttons(browser: Browser, large: Invoice, tmp_path: Path) -> None:
    paper = tmp_path / "paper.pdf"
    page = page_of(browser, large, tmp_path)
    chromium(tmp_path, f"--print-to-pdf={paper}", "--no-pdf-header-footer", "--force-dark-mode", page.as_uri())

    with pypdfium2.PdfDocument(paper) as printed:
        assert [tuple(map(round, sheet.get_size())) for sheet in printed] == [A4] * len(printed)
        text = " ".join(sheet.get_textpage().get_text_range() for sheet in printed)
        shown = printed[0].render(scale=1, grayscale=True)
        corner = bytes(shown.buffer)[0]
    assert corner == 255
    assert "PDF herunterladen" not in text
    for amount in ("12.345.678,90", "99.999.999,00", "2.513.499.974,87", "14.938.271,47"):
        assert amount in text, amount
