"""The editor of documents in a browser with scripts: by keyboard alone, never twice, and nothing typed is lost."""

import re

from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.sandboxes import API, Sandbox

NEW = "/applecorp/invoices/new"
DRAFTS = "/applecorp/invoices/drafts"
INVOICES = f"{API}/accounts/applecorp/invoices.json"


def numbers(sandbox: Sandbox) -> list[str]:
    """Of the documents that the programs of a firm see, the last first."""
    return [invoice["number"] for invoice in sandbox.call("GET", INVOICES).json]


def choose_customer(page: Page) -> None:
    """Three letters, and the best that fits."""
    expect(page.locator("#contact_id")).to_be_focused()
    page.keyboard.type("piv")
    expect(page.locator("#contact_id")).to_have_attribute("aria-activedescendant", re.compile("option-0"))
    page.keyboard.press("Enter")
    expect(page.locator("#contact_id")).to_have_value("Pivovar Orlice")


def go_to(page: Page, field: str) -> None:
    while page.evaluate("document.activeElement.id") != field:
        page.keyboard.press("Tab")


def type_line(page: Page, *texts: str) -> None:
    """Name, quantity, unit and price, each left by Enter; VAT and discount stay as they are."""
    for text in texts:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")


def test_a_document_is_issued_by_keyboard_alone(owner: Page, sandbox: Sandbox) -> None:
    before = numbers(sandbox)
    owner.goto("/applecorp/invoices")
    owner.keyboard.press("n")
    owner.wait_for_url(f"**{NEW}?kind=invoice")
    choose_customer(owner)
    go_to(owner, "lines-0-name")
    type_line(owner, "Ležák", "3", "ks", "450,50")
    expect(owner.locator("#lines-1-name")).to_be_focused()
    type_line(owner, "Doprava", "1", "", "3*450+20")
    expect(owner.locator("#lines-2-name")).to_be_focused()
    owner.keyboard.type("Sleva")
    go_to(owner, "lines-2-unit_price")
    owner.keyboard.type("-21,50")

    totals = owner.locator("#totals")
    expect(totals).to_contain_text("3 267,00 Kč".replace(" ", "\u00a0"))
    expect(owner.locator("#lines-2-unit_price")).to_be_focused()
    owner.keyboard.press("Alt+ArrowUp")
    expect(owner.locator("#lines-1-name")).to_have_value("Sleva")
    expect(owner.locator("#lines-1-unit_price")).to_be_focused()
    number = re.search(r"2026-\d+", totals.inner_text())
    owner.keyboard.press("Control+Enter")

    expect(owner.locator("h1")).to_contain_text(number[0] if number else "no number")
    assert len(numbers(sandbox)) == len(before) + 1
    lines = [line["name"] for line in sandbox.call("GET", INVOICES).json[0]["lines"]]
    assert lines == ["Ležák", "Sleva", "Doprava"]


def test_what_is_pressed_twice_is_issued_once(owner: Page, context: BrowserContext, sandbox: Sandbox) -> None:
    before = numbers(sandbox)

    def slowly(route: Route) -> None:
        owner.wait_for_timeout(500)
        route.continue_()

    owner.goto(NEW)
    choose_customer(owner)
    go_to(owner, "lines-0-name")
    type_line(owner, "Ležák", "1", "", "100")
    context.route(f"**{NEW}", slowly)
    owner.keyboard.press("Control+Enter")
    owner.keyboard.press("Control+Enter")
    owner.wait_for_url(re.compile(r"/invoices/\d+$"))
    owner.go_back()
    expect(owner.locator("#lines-0-name")).to_have_value("")
    go_to(owner, "lines-0-name")
    owner.keyboard.press("Control+Enter")
    expect(owner.locator("#wrong")).to_be_focused()

    assert len(numbers(sandbox)) == len(before) + 1


def test_what_was_typed_outlives_the_browser_and_no_program_sees_it(
    owner: Page, context: BrowserContext, sandbox: Sandbox
) -> None:
    before = numbers(sandbox)
    counted = sandbox.with_key("api_key", "GET", "/infakt/v3/invoices.json").json["metainfo"]["total_count"]
    owner.goto(NEW)
    choose_customer(owner)
    go_to(owner, "lines-0-name")
    for n in range(1, 8):
        type_line(owner, f"Položka {n}", "1", "", str(n))
    expect(owner.locator("#kept")).to_contain_text("Koncept uložen")
    owner.close()

    page = context.new_page()
    page.goto(DRAFTS)
    page.locator("tbody a").first.click()
    expect(page.locator("#lines-6-name")).to_have_value("Položka 7")
    expect(page.locator("#contact_id")).to_have_value("Pivovar Orlice")
    assert numbers(sandbox) == before
    seen = sandbox.with_key("api_key", "GET", "/infakt/v3/invoices.json").json["metainfo"]["total_count"]
    assert seen == counted
    expected = re.search(r"2026-\d+", page.locator("#totals").inner_text())
    page.locator("#contact_id").press("Control+Enter")
    expect(page.locator("h1")).to_contain_text(expected[0] if expected else "no number")
    assert len(numbers(sandbox)) == len(before) + 1
    page.goto(DRAFTS)
    expect(page.locator("tbody a")).to_have_count(0)


def test_what_is_not_kept_yet_is_kept_when_the_page_is_left(owner: Page) -> None:
    owner.goto(NEW)
    choose_customer(owner)
    go_to(owner, "lines-0-name")
    owner.keyboard.type("Na poslední chvíli")
    owner.goto("/applecorp/subjects")
    owner.goto(DRAFTS)
    owner.locator("tbody a").first.click()
    expect(owner.locator("#lines-0-name")).to_have_value("Na poslední chvíli")
