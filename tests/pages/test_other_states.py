"""Pages in states that the walk over the map does not meet: a new server, a letter's link, refusals."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Response

from tests import needs
from tests.beside import shared_or_skip
from tests.pages.examples import in_account
from tests.pages.house import SLUG, sign_in
from tests.pages.looking import Looker
from tests.pages.test_first_hour import address_of_set_up
from tests.pages.walk import from_all_sides
from tests.running import PATIENCE, running
from tests.sandboxes import Sandbox

pytestmark = [needs.FAKTUROID, needs.INFAKT, needs.ONE_ENGINE, pytest.mark.timeout(300)]

Act = Callable[[Page, Sandbox], Response | None]


def wrong_with(page: Page) -> list[str]:
    return list(from_all_sides(Looker(page, [])))


def send(page: Page, action: str, **fields: str) -> Response:
    """A form that no page offers, with the token of the one that is open."""
    script = """([action, fields]) => {
      const form = Object.assign(document.createElement("form"), { method: "post", action });
      for (const [name, value] of Object.entries(fields))
        form.append(Object.assign(document.createElement("textarea"), { name, value }));
      form.append(document.querySelector("[name=csrf_token]").cloneNode());
      document.body.append(form);
      form.submit();
    }"""
    with page.expect_navigation() as answered:
        page.evaluate(script, [action, fields])
    answer = answered.value
    assert answer is not None
    return answer


def as_reader(page: Page, sandbox: Sandbox) -> Response | None:
    page.context.clear_cookies()
    sign_in(page, sandbox, "auditor")
    return page.goto(f"/{SLUG}/invoices/new")


def blocked(page: Page, sandbox: Sandbox) -> Response | None:
    sandbox.control({"accounts": {SLUG: {"blocked": True}}})
    return page.goto(f"/{SLUG}/invoices")


def in_maintenance(page: Page, sandbox: Sandbox) -> Response | None:
    page.goto("/me")
    sandbox.control({"read_only": True})
    return send(page, "/me/theme", theme="dark")


def too_large(page: Page, _: Sandbox) -> Response | None:
    page.goto("/me")
    return send(page, "/me", full_name="x" * 100_000)


def not_now(page: Page, sandbox: Sandbox) -> Response | None:
    [(invoice,)] = in_account(sandbox, SLUG, "SELECT id FROM invoices WHERE account_id = ? ORDER BY id LIMIT 1")
    page.goto("/me")
    return send(page, f"/{SLUG}/invoices/{invoice}/undo-cancel")


def too_often(page: Page, sandbox: Sandbox) -> Response | None:
    sandbox.control({"rate_limits": {"public": {"all": 1}}})
    page.goto(f"/{SLUG}/p/nonsense")
    return page.goto(f"/{SLUG}/p/nonsense")


REFUSALS: dict[int, Act] = {
    400: lambda page, _: page.goto("/consent"),
    402: blocked,
    403: as_reader,
    404: lambda page, _: page.goto(f"/{SLUG}/subjects/999999"),
    405: lambda page, _: page.goto("/sign-out"),
    409: not_now,
    413: too_large,
    429: too_often,
    503: in_maintenance,
}


@pytest.mark.parametrize("status", REFUSALS)
def test_a_refusal_is_a_page_like_any_other(owner: Page, sandbox: Sandbox, status: int) -> None:
    answer = REFUSALS[status](owner, sandbox)

    assert answer is not None
    assert answer.status == status
    assert owner.locator("h1").count() == 1
    assert wrong_with(owner) == []


def test_what_is_found_in_a_file_is_a_page_like_any_other(owner: Page) -> None:
    invoice = next((shared_or_skip() / "schemas" / "samples-en16931").glob("ubl-cz-two-rates.xml"))
    owner.goto(f"/{SLUG}/inbox/check")
    owner.locator("[name=content]").set_input_files(invoice)
    owner.locator("form.form button").last.click()
    owner.locator("#findings h2").first.wait_for()
    assert wrong_with(owner) == []


def test_a_new_server_is_set_up_on_whole_pages(browser: Browser, tmp_path: Path) -> None:
    """The steps of set-up that no sandbox shows, and the page of whoever has not its address."""
    settings = {"FAKTURA_DATABASE_URL": f"sqlite:///{tmp_path / 'faktura.sqlite'}"}
    with running(tmp_path, "serve", settings=settings) as server:
        page = browser.new_context(base_url=server.url, locale="cs-CZ").new_page()
        page.set_default_timeout(PATIENCE * 1000)
        closed = page.goto("/setup")
        assert closed is not None
        assert closed.status == 403
        wrong = wrong_with(page)
        page.goto(address_of_set_up(server))
        wrong += wrong_with(page)
        for name, text in {"full_name": "Jan", "email": "jan@firma.example", "password": "modrá kola jedou"}.items():
            page.locator(f"[name={name}]").fill(text)
        page.locator("form.form button").first.click()
        page.wait_for_url("**/setup/firm")
        wrong += wrong_with(page)
        page.context.close()

    assert wrong == []


def test_the_link_in_a_letter_leads_to_a_whole_page(page: Page, sandbox: Sandbox) -> None:
    """Whoever forgot the password sets another one; a sandbox shows the letter on its panel."""
    assert sandbox.state()
    page.goto("/reset")
    page.locator("[name=email]").fill("owner@applecorp.example")
    page.locator("form.form button").first.click()
    page.wait_for_url("**/sign-in")
    link = None
    for _ in range(PATIENCE * 5):
        page.goto("/sandbox/panel")
        if link := re.search(r"/reset/[\w-]{10,}", page.locator("#letters").inner_text() + page.content()):
            break
        page.wait_for_timeout(200)
    assert link is not None
    page.goto(link[0])

    assert page.locator("[name=password]").count() == 1
    assert wrong_with(page) == []
