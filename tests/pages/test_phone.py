"""Story 14: on a phone, in the dark, a document is issued, sent and paid with the thumb."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests import needs
from tests.pages.conftest import listen
from tests.pages.house import sign_in
from tests.running import PATIENCE
from tests.sandboxes import Sandbox

pytestmark = needs.FAKTUROID

PHONE = {"width": 390, "height": 844}
THUMB = 44
"""Pixels of a target that a thumb hits."""

DOCUMENT = re.compile(r"/invoices/\d+(#timeline)?$")


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    context = browser.new_context(
        base_url=site, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme="dark"
    )
    context.set_default_timeout(PATIENCE * 1000)
    said: list[str] = []
    listen(context, said)
    yield context
    context.close()
    assert said == []


def tap(button: Locator) -> None:
    """What leads on is where a thumb finds it, without scrolling sideways."""
    box = button.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= THUMB, button
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE["width"]
    button.tap()


def test_a_document_is_issued_sent_and_paid_with_the_thumb(page: Page, sandbox: Sandbox) -> None:
    sign_in(page, sandbox)
    page.goto("/applecorp/invoices")
    tap(page.locator(".heading .button.main"))
    customer = page.locator("#contact_id")
    customer.tap()
    customer.press_sequentially("pivo")
    option = page.get_by_role("option", name="Pivovar Orlice")
    tap(option)
    page.locator("#lines-0-name").fill("Jablka")
    page.locator("#lines-0-unit_price").fill("1000")
    expect(page.locator("#totals")).to_contain_text("1 210,00 Kč".replace(" ", "\u00a0"))
    for button in page.locator(".editor .actions button").all():
        box = button.bounding_box()
        assert box is not None
        assert box["height"] >= THUMB
    tap(page.locator("[name=then]"))
    page.wait_for_url("**/send")
    tap(page.locator("main form.form .actions button"))
    page.wait_for_url(DOCUMENT)
    tap(page.locator(".heading .button.main"))
    page.wait_for_url("**/payments/new")
    tap(page.locator("main form.form .actions button"))
    page.wait_for_url(DOCUMENT)

    expect(page.locator(".heading .badge.paid")).to_be_visible()
    assert dark(page)


def dark(page: Page) -> bool:
    colour: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return max(int(part) for part in re.findall(r"\d+", colour)[:3]) < 64


def test_the_bar_of_the_editor_lies_over_no_field_that_has_the_focus(page: Page, sandbox: Sandbox) -> None:
    """Whoever goes from field to field sees each whole."""
    sign_in(page, sandbox)
    page.goto("/applecorp/invoices/new")
    covered = []
    for _ in range(30):
        page.keyboard.press("Tab")
        if wrong := page.evaluate(COVERED):
            covered.append(wrong)

    assert covered == []


COVERED = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect();
  if (!one.closest("#editor") || one.closest(".actions") || !box.height) return "";
  const at = document.elementFromPoint(box.left + Math.min(20, box.width / 2), box.bottom - 2);
  const seen = !at || one === at || one.contains(at) || at.contains(one) || at.closest("label");
  return seen ? "" : `${one.id} under ${at.outerHTML.slice(0, 80)}`;
}"""
