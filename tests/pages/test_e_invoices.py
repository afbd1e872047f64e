"""Electronic invoices agreed on in a browser: the settings, a contact, and the letter that carries them."""

from playwright.sync_api import Page, expect

from tests.running import wait_until
from tests.sandboxes import Sandbox

SETTINGS = "/applecorp/settings/e-invoices"


def test_a_firm_says_where_they_reach_it_and_what_letters_carry(owner: Page) -> None:
    owner.goto("/applecorp/settings")
    owner.get_by_role("link", name="E-faktury").click()
    owner.wait_for_url(f"**{SETTINGS}")
    expect(owner.get_by_label("PDF v sobě nese ISDOC")).to_be_checked()
    expect(owner.locator("main")).to_contain_text("Co firmě ještě chybí")

    owner.get_by_label("Druh elektronické adresy").select_option("9929")
    owner.get_by_label("Elektronická adresa", exact=True).fill("12345679")
    owner.get_by_role("button", name="Uložit").click()
    expect(owner.locator("#electronic_address")).to_have_attribute("aria-invalid", "true")
    expect(owner.locator("#electronic_address")).to_have_value("12345679")

    owner.locator("#electronic_address").fill("cz12345679")
    owner.get_by_label("Přikládá se soubor ISDOC").check()
    owner.get_by_role("button", name="Uložit").click()
    expect(owner.get_by_role("status")).to_contain_text("Nastavení bylo uloženo")
    expect(owner.locator("#electronic_address")).to_have_value("CZ12345679")
    expect(owner.get_by_label("Přikládá se soubor ISDOC")).to_be_checked()


def test_a_contact_is_told_what_it_lacks_until_it_is_filled_in(owner: Page) -> None:
    owner.goto("/applecorp/subjects/new")
    owner.locator("#name").fill("Käufer GmbH")
    owner.locator("#country").select_option("DE")
    owner.get_by_role("button", name="Uložit").click()
    owner.wait_for_url("**/subjects/*")
    edit = f"{owner.url.partition('?')[0]}/edit"

    owner.goto(edit)
    lacking = owner.locator("fieldset", has_text="E-faktury")
    expect(lacking).to_contain_text("Chybí reference odběratele")
    owner.get_by_label("Druh elektronické adresy").select_option("0204")
    owner.locator("#electronic_address").fill("991-12345-67")
    owner.get_by_label("Reference odběratele").fill("991-12345-67")
    owner.get_by_label("Pravidla souborů UBL").select_option("xrechnung")
    owner.get_by_role("button", name="Uložit").click()
    owner.wait_for_url("**/subjects/*")

    owner.goto(edit)
    expect(lacking).not_to_contain_text("Chybí reference odběratele")
    expect(lacking).to_contain_text("Chybí město nebo PSČ odběratele")
    expect(owner.locator("#e_invoice_profile")).to_have_value("xrechnung")


def test_a_letter_leaves_with_what_is_ticked(owner: Page, sandbox: Sandbox) -> None:
    owner.goto("/applecorp/invoices?part=unpaid")
    owner.keyboard.press("j")
    owner.keyboard.press("s")
    owner.wait_for_url("**/invoices/*/send")
    expect(owner.locator("#isdoc")).not_to_be_checked()
    owner.locator("#recipient").fill("kun@odberatel.example")
    owner.locator("#isdoc").check()
    owner.locator("form.form button:not([type])").first.click()
    owner.wait_for_url("**/invoices/*#timeline")

    def sent() -> list[str]:
        mails = sandbox.server.ask("GET", "/sandbox/mails").json["mails"]
        return [file["name"] for file in mails[0]["attachments"]] if mails else []

    wait_until(lambda: bool(sent()))
    assert [name.rpartition(".")[2] for name in sent()] == ["pdf", "isdoc"]
