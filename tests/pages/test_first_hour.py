"""From a fresh server to an issued document in the browser alone, with scripts and without."""

import io
import re
import time
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from faktura.outputs.tests.documents import codes_on, text_of
from tests import needs
from tests.running import PATIENCE, Server, running
from tests.test_first_start import PRINTED

pytestmark = needs.ONE_ENGINE


def address_of_set_up(server: Server) -> str:
    deadline = time.monotonic() + PATIENCE
    while not (found := PRINTED.search(server.output.read_text())) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert found is not None
    return found[0]


def fill(page: Page, **texts: str) -> None:
    """Fill fields in and send their form off."""
    for name, text in texts.items():
        page.locator(f"[name={name}]:not([type=hidden])").first.fill(text)
    page.locator("form.form button").first.click()


def set_up(page: Page) -> None:
    fill(page, full_name="Jan Novák", email="jan@firma.example", password="modrá kola jedou lesem")
    page.wait_for_url("**/setup/firm")
    numbers = {"registration_no": "12345679", "vat_no": "CZ12345679", "name": "Moje firma s.r.o."}
    fill(page, **numbers, street="Dlouhá 1", city="Praha", postcode="110 00")
    page.wait_for_url("**/setup/money")
    fill(page, number="19-2000145399/0800")
    page.wait_for_url("**/setup/look")
    logo = io.BytesIO()
    Image.new("RGB", (300, 100), "#0a6e5c").save(logo, "PNG")
    page.locator("[name=logo]").set_input_files({"name": "l.png", "mimeType": "image/png", "buffer": logo.getvalue()})
    fill(page, colour="#0a6e5c", next="144")
    page.wait_for_url("**/moje-firma-s-r-o/**")


def issue(page: Page) -> None:
    page.goto("/moje-firma-s-r-o/subjects/new")
    fill(page, name="Odběratel a.s.")
    page.wait_for_url(re.compile(r"/subjects/\d+$"))
    contact = page.url.rpartition("/")[2]
    page.goto(f"/moje-firma-s-r-o/invoices/new?subject={contact}")
    choice = page.locator("[name=contact_id-words]")
    if not choice.input_value():
        choice.fill("Odběratel a.s.")
    page.locator("[name=lines-0-name]").fill("Jablka")
    page.locator("[name=lines-0-unit_price]").fill("250")
    page.locator("[data-main]").click()
    if page.locator("[type=radio][name=contact_id]").count():
        page.locator("[type=radio][name=contact_id]").first.check()
        page.locator("[data-main]").click()
    page.wait_for_url(re.compile(r"/invoices/\d+$"))


@pytest.mark.parametrize("scripts", [False, True])
def test_a_firm_starts_and_issues_in_the_browser_alone(browser: Browser, tmp_path: Path, scripts: bool) -> None:  # noqa: FBT001
    """Story 1, in 8 to 13 s with nobody to think, while five others had the two processors too."""
    settings = {"FAKTURA_DATABASE_URL": f"sqlite:///{tmp_path / 'faktura.sqlite'}"}
    with running(tmp_path, "serve", settings=settings) as server:
        context = browser.new_context(base_url=server.url, java_script_enabled=scripts, locale="cs-CZ")
        context.set_default_timeout(PATIENCE * 1000)
        page = context.new_page()
        page.goto(address_of_set_up(server))
        set_up(page)
        issue(page)
        address = page.get_by_role("link", name="PDF").first.get_attribute("href") or ""
        pdf = context.request.get(address).body()
        context.close()
    for said in ("12345679", "CZ12345679", "Dlouhá 1", "110 00 Praha", "19-2000145399/0800", "-0144", "302,50"):
        assert said in text_of(pdf), said
    assert b"/Subtype /Image" in pdf or b"/Subtype/Image" in pdf
    [code] = codes_on(pdf)
    assert "ACC:CZ6508000000192000145399" in code
    assert "AM:302.50" in code
