"""A Polish firm connects to KSeF in a browser: what it is told before, and what came of it without another press."""

from playwright.sync_api import Page, expect

from tests.pages.house import sign_in
from tests.sandboxes import Sandbox

PAGE = "/gruszka/settings/ksef"
UNKNOWN = f"20261130-EC-0000000000-0000000000-00|nip-9876543210|{'0' * 64}"


def test_a_firm_is_told_whether_ksef_lets_it_in(page: Page, sandbox: Sandbox) -> None:
    sign_in(page, sandbox, slug="gruszka")
    page.goto("/gruszka/settings")
    page.get_by_role("link", name="KSeF", exact=True).last.click()
    page.wait_for_url(f"**{PAGE}")
    expect(page.locator("main")).to_contain_text("1. Pobierz certyfikat")

    page.get_by_role("link", name="Połącz tokenem").click()
    page.locator("#token").fill(UNKNOWN)
    page.get_by_role("button", name="Połącz").click()
    page.wait_for_url(f"**{PAGE}")
    expect(page.get_by_role("alert")).to_contain_text("KSeF nie zna tego tokena")
    expect(page.locator("main")).to_contain_text("…0000")
    expect(page.locator("main")).not_to_contain_text("00000")

    page.goto("/gruszka/settings/ksef/certificate")
    page.get_by_role("button", name="Połącz").click()
    expect(page.locator("#certificate")).to_have_attribute("aria-invalid", "true")

    page.goto(PAGE)
    page.get_by_label("Dokumenty są wysyłane").select_option("at_issue")
    page.get_by_role("button", name="Zapisz").click()
    expect(page.get_by_role("status")).to_contain_text("Zapisano ustawienia")
    page.get_by_role("link", name="Rozłącz").click()
    page.get_by_role("button", name="Rozłącz").click()
    page.wait_for_url(f"**{PAGE}")
    expect(page.locator("main")).to_contain_text("1. Pobierz certyfikat")
