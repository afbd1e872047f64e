"""An OSS invoice in a browser, with scripts and without: the rates follow the country, and a phone cuts nothing."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests import needs
from tests.pages.house import sign_in
from tests.running import PATIENCE
from tests.sandboxes import Sandbox

pytestmark = needs.INFAKT

DOCUMENT = re.compile(r"/invoices/\d+$")

RATES = "#lines-0-vat_rate option"
COMPUTE = "section noscript button:not([name])"


@pytest.fixture(params=[(False, 1280), (False, 390), (True, 1280), (True, 390)], ids=str)
def context(browser: Browser, site: str, request: pytest.FixtureRequest) -> Iterator[BrowserContext]:
    scripts, width = request.param
    size = ViewportSize(width=width, height=900)
    with browser.new_context(base_url=site, java_script_enabled=scripts, viewport=size) as context:
        context.set_default_timeout(PATIENCE * 1000)
        yield context


def has_scripts(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.classList.contains('scripts')"))


def choose_customer(page: Page) -> None:
    page.locator("#contact_id").press_sequentially("Jürgen")
    if has_scripts(page):
        page.get_by_role("option", name="Jürgen Groß").click()
        return
    page.locator(COMPUTE).click()
    page.locator("[type=radio][name=contact_id]").first.check()
    page.locator(COMPUTE).click()


def fits(page: Page) -> bool:
    """Whether nothing leads the whole page to scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def test_rates_follow_the_customer_and_the_country_that_is_chosen(page: Page, sandbox: Sandbox) -> None:
    sign_in(page, sandbox, slug="jabluszko")
    page.goto("/jabluszko/invoices/new?kind=oss_invoice")
    choose_customer(page)
    expect(page.locator(RATES)).to_have_text(["19 %", "7 %"])

    page.locator("#buyer_country").select_option("FR")
    if not has_scripts(page):
        page.locator(COMPUTE).click()
    expect(page.locator(f"{RATES}[value]")).to_have_text(["20 %", "10 %", "5,5 %", "2,1 %"])
    page.locator("#lines-0-vat_rate").select_option("5.5")
    page.locator("#lines-0-name").fill("Przepisy na cydr")
    page.locator("#lines-0-unit_price").fill("12")
    page.locator("#oss").select_option("service")
    page.locator("#oss_service").select_option("electronic")
    page.locator("#supply_place").fill("12 rue des Pommiers, Lyon")
    page.locator("#currency").select_option("EUR")
    assert fits(page)
    page.locator("[data-main]").click()
    page.wait_for_url(DOCUMENT)

    assert fits(page)
    for told in ("Francja", "12 rue des Pommiers, Lyon", "5,5 %", "12,66"):
        expect(page.locator("main")).to_contain_text(told)
    page.goto(f"{page.url}/correct")
    assert fits(page)
