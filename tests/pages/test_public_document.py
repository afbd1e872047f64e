"""The customer's page in a real browser: nothing is cut on a screen or on A4."""

import io
from typing import Any
from urllib.parse import quote

import pypdfium2
import pytest
from playwright.sync_api import Page

from tests import needs
from tests.pages.examples import in_account
from tests.pages.looking import Looker
from tests.pages.test_paper import foot_of
from tests.sandboxes import API, Sandbox

pytestmark = needs.FAKTUROID

A4 = (595, 842)

MEASURE = r"""
() => {
  const wrong = [];
  for (const cut of document.querySelectorAll(".card, dl, main"))
    if (cut.scrollWidth > cut.clientWidth + 1) wrong.push(["cut", cut.className, cut.scrollWidth - cut.clientWidth]);
  for (const whole of document.querySelectorAll("td.number, .amounts dd, thead th, dt"))
    for (const node of whole.childNodes)
      for (const word of (node.data || "").matchAll(/[^ \n]+/g)) {
        const range = document.createRange();
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map(r => r.top)).size > 1) wrong.push(["broken", word[0]]);
      }
  return wrong;
}
"""


@pytest.fixture
def large(sandbox: Sandbox) -> str:
    """The address of a document with the longest labels, and with amounts of eight digits in two currencies."""
    buyer = sandbox.call("POST", f"{API}/accounts/applecorp/subjects.json", {"name": "Käufer AG"}).json
    lines: list[dict[str, Any]] = [
        {"name": "x" * 90, "unit_name": "Stück", "unit_price": "12345678.90", "vat_rate": 21},
        {"name": "Äpfel", "unit_price": "99999999", "vat_rate": 12},
    ]
    foreign = {"currency": "EUR", "exchange_rate": "25.135", "language": "de", "order_number": "O" * 40}
    document = {"subject_id": buyer["id"], "lines": lines, **foreign}
    made = sandbox.call("POST", f"{API}/accounts/applecorp/invoices.json", document)
    assert made.status == 201, made.body
    return str(made.json["public_html_url"])


WIDTHS = (360, 500, 705, 768, 900, 1050, 1280)


def widths_gone_wrong(page: Page) -> dict[int, Any]:
    """By width what is cut, broken, or leads the whole page to scroll sideways."""
    wrong: dict[int, Any] = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 2000})
        assert page.locator("td.number").count() > 4
        if found := page.evaluate(MEASURE):
            wrong[width] = found
    return wrong


def test_no_amount_is_cut_and_no_word_of_a_label_broken(page: Page, large: str) -> None:
    page.goto(large)

    assert widths_gone_wrong(page) == {}


@pytest.mark.parametrize("kind", ["invoice", "proforma", "corrective_invoice", "advance_invoice", "final_invoice"])
@needs.INFAKT
def test_nothing_is_cut_in_nine_columns_of_any_kind(page: Page, sandbox: Sandbox, kind: str) -> None:
    sign_in_at_jabluszko(page, sandbox)
    page.goto(f"/jabluszko/invoices/{nine_columns(sandbox, kind)['id']}")
    page.locator("a[href*='/p/']").first.click()
    page.wait_for_url("**/p/**")

    assert page.locator(".lines thead th").count() == 9
    assert widths_gone_wrong(page) == {}


def sign_in_at_jabluszko(page: Page, sandbox: Sandbox) -> None:
    page.goto("/sign-in")
    page.locator("[name=email]").fill("owner@jabluszko.example")
    page.locator("[name=password]").fill(sandbox.told["web"]["password"])
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def nine_columns(sandbox: Sandbox, kind: str) -> Any:
    """A document with discounts and amounts of eight digits, in foreign money and two languages."""
    sold = {"name": "Usługa", "tax_symbol": "23", "unit": "godz.", "quantity": 1, "discount": 12.5}
    services = [sold | {"unit_net_price_before_discount": price} for price in (1234567890, 9999999900)]
    more: dict[str, Any] = {"services": services}
    if kind == "proforma":
        more["kind"] = "proforma"
    elif kind == "corrective_invoice":
        rows = [one | {"group": 1, "correction": after} for after, one in enumerate(services)]
        more = {"services": rows, "corrected_invoice_number": "7/2020"}
    elif kind == "advance_invoice":
        more["advance_price"] = 1234567890
    elif kind == "final_invoice":
        more["previous_advance_id"] = nine_columns(sandbox, "advance_invoice")["id"]
    path = "invoice" if kind == "proforma" else kind
    usual = {"client_company_name": "Käufer AG", "currency": "EUR", "locale": "pe", "payment_method": "cash"}
    answer = sandbox.with_key("api_key", "POST", f"/infakt/v3/{path}s.json", {path: usual | more})
    assert answer.status == 201, answer.body
    return answer.json


def test_a_page_is_printed_on_a4_light_and_without_buttons(page: Page, large: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(large)
    paper = page.pdf(prefer_css_page_size=True, print_background=True)

    with pypdfium2.PdfDocument(io.BytesIO(paper)) as printed:
        assert [tuple(map(round, sheet.get_size())) for sheet in printed] == [A4] * len(printed)
        assert [foot_of(sheet) for sheet in printed] == [page.url] * len(printed)
        text = " ".join(sheet.get_textpage().get_text_range() for sheet in printed)
        shades = sorted(bytes(printed[0].render(scale=1, grayscale=True).buffer))
    assert shades[len(shades) // 4] == 255
    assert "PDF herunterladen" not in text
    for amount in ("12.345.678,90", "99.999.999,00", "2.513.499.974,87", "14.938.271,47"):
        assert amount in text, amount


@needs.INFAKT
@pytest.mark.parametrize("slug", ["applecorp", "jabluszko"])
def test_no_kind_in_no_state_is_cut_broken_or_crowded(page: Page, sandbox: Sandbox, slug: str) -> None:
    """Every document of the example, which has each kind and each state, on a screen and on the narrowest phone."""
    asked = "SELECT id, token, number FROM invoices WHERE account_id = ? ORDER BY id"
    looker, states = Looker(page, []), set[str]()
    wrong: dict[str, list[str]] = {}
    for _, token, number in in_account(sandbox, slug, asked):
        path = f"/{slug}/p/{token}/{quote(str(number))}"
        page.goto(path)
        states |= {*page.locator(".badge").evaluate_all("all => all.map(one => one.className)")}
        for width in (1280, 320):
            looker.turn(width, "light")
            wrong[path] = [*wrong.get(path, []), *looker.layout()]

    assert len(wrong) > 3
    assert {path: found for path, found in wrong.items() if found} == {}
    assert slug != "applecorp" or len(states) > 4, states


def test_a_usual_document_is_one_sheet(page: Page, sandbox: Sandbox) -> None:
    """Story 14."""
    invoice = sandbox.call("GET", f"{API}/accounts/applecorp/invoices.json").json[0]
    page.emulate_media(color_scheme="dark")
    page.goto(invoice["public_html_url"])
    with pypdfium2.PdfDocument(io.BytesIO(page.pdf(prefer_css_page_size=True, print_background=True))) as printed:
        [sheet] = printed
        assert tuple(map(round, sheet.get_size())) == A4
        assert bytes(sheet.render(scale=0.5, grayscale=True).buffer).count(255) > A4[0] * A4[1] // 6
        assert "Stáhnout" not in sheet.get_textpage().get_text_range()
