"""Contacts in a browser with scripts, by keyboard alone."""

import re

from playwright.sync_api import FilePayload, Page, expect

LIST = "/applecorp/subjects"


def test_the_list_follows_what_is_typed_and_the_caret_stays(owner: Page) -> None:
    owner.goto(LIST)
    owner.keyboard.press("/")
    search = owner.locator("main [type=search]")
    expect(search).to_be_focused()
    owner.keyboard.type("pivovar")

    expect(owner.locator("#rows tbody tr")).to_have_count(1)
    expect(owner.locator("#rows tbody tr")).to_contain_text("Pivovar Orlice")
    expect(search).to_be_focused()
    assert "query=pivovar" in owner.url
    owner.reload()
    expect(owner.locator("#rows tbody tr")).to_have_count(1)
    owner.locator(".chip").click()
    expect(owner.locator("#rows tbody tr")).not_to_have_count(1)


def test_keys_lead_through_sections_and_rows(owner: Page) -> None:
    owner.goto("/applecorp/invoices")
    owner.keyboard.press("g")
    owner.keyboard.press("k")
    owner.wait_for_url(f"**{LIST}")
    owner.keyboard.press("j")
    owner.keyboard.press("j")
    expect(owner.locator("tbody tr:nth-child(2) th a")).to_be_focused()
    owner.keyboard.press("k")
    expect(owner.locator("tbody tr:nth-child(1) th a")).to_be_focused()
    owner.keyboard.press("Enter")
    owner.wait_for_url("**/subjects/*")


def test_keys_change_pay_and_send_the_document_of_a_row(owner: Page) -> None:
    for key, end in {"e": "edit", "p": "payments/new", "s": "send"}.items():
        owner.goto("/applecorp/invoices?part=unpaid")
        owner.keyboard.press("j")
        owner.keyboard.press(key)
        owner.wait_for_url(f"**/invoices/*/{end}")


def test_keys_do_nothing_in_fields_and_nowhere_when_switched_off(owner: Page) -> None:
    owner.goto(f"{LIST}/new")
    owner.locator("#name").focus()
    owner.keyboard.type("gk?n/")
    expect(owner.locator("#name")).to_have_value("gk?n/")

    owner.goto("/me/shortcuts")
    owner.get_by_role("button", name="Vypnout klávesy").click()
    owner.goto("/applecorp/invoices")
    owner.keyboard.press("g")
    owner.keyboard.press("k")
    owner.keyboard.press("/")
    expect(owner.locator("main [type=search]")).not_to_be_focused()
    assert owner.url.endswith("/applecorp/invoices")


def test_the_palette_finds_a_contact_and_goes_there(owner: Page) -> None:
    owner.goto("/applecorp/invoices")
    owner.keyboard.press("Control+k")
    expect(owner.locator("#goto")).to_be_focused()
    owner.keyboard.type("pivovar")
    option = owner.locator("#goto-list [role=option]", has_text="Pivovar Orlice").first
    expect(option).to_be_visible()
    while option.get_attribute("aria-selected") != "true":
        owner.keyboard.press("ArrowDown")
    assert owner.locator("#goto").get_attribute("aria-activedescendant") == option.get_attribute("id")
    owner.keyboard.press("Enter")
    owner.wait_for_url("**/applecorp/subjects/*")
    expect(owner.locator("h1")).to_have_text("Pivovar Orlice")


def test_a_form_is_saved_by_keyboard_and_a_refusal_leads_to_its_field(owner: Page) -> None:
    owner.goto(f"{LIST}/new")
    owner.locator("#email").fill("nobody")
    owner.keyboard.press("Control+Enter")
    expect(owner.locator("#wrong")).to_be_focused()
    owner.locator("#wrong a").first.click()
    expect(owner.locator("#name")).to_be_focused()
    owner.keyboard.type("Karel")
    owner.locator("#email").fill("karel@example.com")
    owner.keyboard.press("Control+Enter")
    expect(owner.locator("h1")).to_have_text("Karel")
    expect(owner.get_by_role("status")).to_contain_text("Kontakt byl přidán.")
    owner.locator("[data-dismiss]").click()
    expect(owner.locator(".toast")).to_have_count(0)


def test_a_double_press_makes_one_contact(owner: Page) -> None:
    owner.goto(f"{LIST}/new")
    owner.locator("#name").fill("Pressed Twice")
    owner.get_by_role("button", name="Uložit").dblclick()
    expect(owner.locator("h1")).to_have_text("Pressed Twice")
    owner.goto(f"{LIST}?query=pressed")
    expect(owner.locator("#rows tbody tr")).to_have_count(1)


def test_two_contacts_are_merged_with_the_one_that_a_combobox_found(owner: Page) -> None:
    for name in ("Dvakrát Novák", "Dvakrát Novotný"):
        owner.goto(f"{LIST}/new")
        owner.locator("#name").fill(name)
        owner.keyboard.press("Control+Enter")
        expect(owner.locator("h1")).to_have_text(name)
    owner.get_by_role("link", name="Sloučit").click()
    field = owner.get_by_role("combobox", name="Tentýž jako")
    field.press_sequentially("dvakrat nova")
    option = owner.get_by_role("option")
    expect(option).to_have_count(1)
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("Enter")
    expect(field).to_have_value("Dvakrát Novák")
    expect(option).to_be_hidden()
    field.press("Enter")
    owner.get_by_role("button", name="Sloučit").click()

    expect(owner.locator("h1")).to_have_text("Dvakrát Novotný")
    owner.goto(f"{LIST}?query=dvakrat")
    expect(owner.locator("#rows tbody tr")).to_have_count(1)


def test_a_table_larger_than_what_is_read_of_strangers_is_brought_in(owner: Page) -> None:
    rows = "".join(f"Přinesený {n};{'x' * 150}\n" for n in range(500))
    owner.goto(f"{LIST}/import")
    content = f"Název;Soukromá poznámka\n{rows}".encode()
    table = FilePayload(name="table.csv", mimeType="text/csv", buffer=content)
    owner.locator("#file").set_input_files(table)
    owner.get_by_role("button", name="Vyzkoušet").click()
    expect(owner.locator("tbody tr")).to_have_count(500)
    owner.get_by_role("button", name="Načíst je").click()

    expect(owner.locator(".toast")).to_contain_text("Kontakty byly načteny.")
    owner.goto(f"{LIST}?query=prineseny")
    expect(owner.locator(".count output")).to_have_text(re.compile("^500 "))
