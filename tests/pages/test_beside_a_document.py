"""What is put beside a document in a real browser: a file, and a link to pay it; its customer finds both."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests import needs
from tests.sandboxes import API, Sandbox

pytestmark = needs.FAKTUROID

PAYMENT_PAGE = "https://pay.example/{number}?sum={amount}"

Made = dict[str, object]


@pytest.fixture
def document(sandbox: Sandbox) -> Made:
    """One over 121."""
    buyer = sandbox.call("POST", f"{API}/accounts/applecorp/subjects.json", {"name": "Odběratel a.s."}).json
    line = {"name": "Práce", "unit_price": "100", "vat_rate": 21}
    said = {"subject_id": buyer["id"], "lines": [line], "language": "en"}
    made = sandbox.call("POST", f"{API}/accounts/applecorp/invoices.json", said)
    assert made.status == 201, made.body
    found: Made = made.json
    return found


def menu(owner: Page, verb: str) -> None:
    chosen = f"a[href$='/{verb}']"
    owner.locator(f"details.drop:has({chosen}) > summary").click()
    owner.locator(f".menu {chosen}").click()


def test_a_file_is_put_beside_a_document_fetched_by_its_customer_and_taken_away(
    owner: Page, document: Made, tmp_path: Path
) -> None:
    contract = tmp_path / "smlouva.pdf"
    contract.write_bytes(b"%PDF-1.7 smlouva")
    here = f"/applecorp/invoices/{document['id']}"
    owner.goto(here)
    menu(owner, "attach")
    owner.locator("main form button").first.click()
    expect(owner.locator("#files")).to_have_attribute("aria-invalid", "true")
    owner.locator("#files").set_input_files(contract)
    owner.locator("main form button").first.click()
    expect(owner).to_have_url(re.compile(f"{here}$"))

    owner.goto(str(document["public_html_url"]))
    with owner.expect_download() as fetched:
        owner.get_by_role("link", name="smlouva.pdf").click()
    assert fetched.value.suggested_filename == "smlouva.pdf"
    assert fetched.value.path().read_bytes() == contract.read_bytes()
    owner.goto(here)
    owner.locator("form[action$='/remove'] button").click()
    expect(owner.get_by_role("link", name="smlouva.pdf")).to_have_count(0)


def test_a_customer_is_offered_to_pay_and_is_asked_for_what_is_left(owner: Page, document: Made) -> None:
    owner.goto("/applecorp/settings/account")
    owner.locator("#payment_page").fill(PAYMENT_PAGE)
    owner.locator("#payment_page").press("Enter")
    here, public = f"/applecorp/invoices/{document['id']}", str(document["public_html_url"])
    owner.goto(public)
    expect(owner.get_by_role("link", name="Pay online")).to_have_count(0)
    owner.goto(here)
    owner.locator("form[action$='/payment-link'] button").click()
    expect(owner.locator("form[action$='/payment-link/withdraw']")).to_have_count(1)

    owner.goto(public)
    link = owner.get_by_role("link", name="Pay online")
    expect(link).to_have_attribute("href", f"https://pay.example/{document['number']}?sum=121.00")
    expect(link).to_be_in_viewport()
    owner.goto(here)
    owner.locator("form[action$='/payment-link/withdraw'] button").click()
    expect(owner.locator("form[action$='/payment-link'] button")).to_have_count(1)
    owner.goto(public)
    expect(owner.get_by_role("link", name="Pay online")).to_have_count(0)
