"""A sandbox in which every page has something to show: what it lacks at first is made through the pages themselves."""

from collections.abc import Callable
from typing import NamedTuple

from playwright.sync_api import Page, expect

from tests.pages.examples import Example, examples
from tests.sandboxes import Sandbox

SLUG = "applecorp"


class House(NamedTuple):
    """Its pages; `bones` keeps what each was made of in the language that it was seen in first."""

    sandbox: Sandbox
    pages: list[Example]
    bones: dict[str, str]


def sign_in(page: Page, sandbox: Sandbox, name: str = "owner", slug: str = SLUG) -> Page:
    """Somebody of the example data."""
    return sign_in_as(page, f"{name}@{slug}.example", sandbox.told["web"]["password"])


def sign_in_as(page: Page, email: str, password: str) -> Page:
    page.goto("/sign-in")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


def furnish(page: Page, sandbox: Sandbox) -> House:
    """Signed in as the owner of applecorp; what is made here may be asked for by `ROWS` in examples.py."""
    keep_key(page)
    keep_product(page)
    keep_paper(page)
    keep_draft(page)
    order_file(page)
    secrets = {noun: make(page) for noun, make in SECRETS.items()}
    return House(sandbox, examples(sandbox, SLUG, secrets), {})


def keep_key(page: Page) -> None:
    page.goto("/me/keys/new")
    page.locator("[name=name]").fill("sklep")
    page.locator("main form button").first.click()
    page.wait_for_selector("#secret")


def keep_product(page: Page) -> None:
    page.goto(f"/{SLUG}/inventory_items/new")
    page.locator("[name=name]").fill("Konzultace")
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: not url.endswith("/new"))


def keep_paper(page: Page) -> None:
    page.goto(f"/{SLUG}/papers/new?kind=internal_evidence")
    page.locator("[name=name]").fill("Šrot")
    page.locator("[name=unit_price]").fill("120")
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: "/new" not in url)


def keep_draft(page: Page) -> None:
    page.goto(f"/{SLUG}/invoices/new")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator("[data-keep]").click()


def order_file(page: Page) -> None:
    page.goto(f"/{SLUG}/export?part=all")
    page.locator("[name=verb]").select_option("csv")
    page.locator("[data-busy]").click()
    expect(page.locator("#progress .button.main")).to_be_visible()


def invitation(page: Page) -> str:
    page.goto(f"/{SLUG}/settings/users/invite")
    page.locator("[name=email]").fill("nova@applecorp.example")
    page.locator("main form button").first.click()
    return page.locator("main code").inner_text().rpartition("/")[2]


def link_of_a_contact(page: Page) -> str:
    page.goto(f"/{SLUG}/subjects")
    page.locator("#rows tbody th a").first.click()
    page.wait_for_selector("h1")
    return link_of(page, page.url)


def link_of(page: Page, contact: str) -> str:
    """The secret that opens the portal of the contact at this address."""
    page.goto(f"{contact}/links")
    page.locator("main form button").last.click()
    return page.locator(".tap").inner_text().rpartition("/")[2]


SECRETS: dict[str, Callable[[Page], str]] = {
    "invitation.show": invitation,
    "portal.show": link_of_a_contact,
}
"""By endpoint, how the secret in its address is come by."""
