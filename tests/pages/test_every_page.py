"""Every page of the map at every size, in both themes and every language: nothing is cut, shut or out of reach."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal, NamedTuple

import pytest
from playwright.sync_api import BrowserContext, Page

from tests import needs
from tests.pages.examples import Example, examples
from tests.sandboxes import Sandbox

pytestmark = [needs.FAKTUROID, needs.INFAKT, pytest.mark.timeout(600)]

HERE = Path(__file__).parent
AXE = (HERE / "axe" / "axe.min.js").read_text()
MEASURE = (HERE / "measure.js").read_text()
REACH = (HERE / "reach.js").read_text()

MISSED = "controls.filter(one => !reached.has(one)).map(one => one.outerHTML.slice(0, 160))"

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
ASK_AXE = f"axe.run(document, {{runOnly: {RULES}, resultTypes: ['violations']}})"

WIDTHS = (1280, 390, 320)
MOST_BYTES = 40_000
MOST_BYTES_OF = {"overview.show": 30_000, "contacts.new": 42_000, "contacts.edit": 42_000}
"""A form of a contact holds every country and currency."""

SLUG = "applecorp"


class Way(NamedTuple):
    """In which language, at which width and in which colours somebody goes through all pages."""

    language: str
    width: int
    colours: Literal["light", "dark"]


WAYS = [Way("cs", 1280, "light"), Way("pl", 390, "dark"), Way("en", 320, "light")]


@pytest.fixture
def every_page(page: Page, sandbox: Sandbox) -> list[Example]:
    """Of applecorp, whose owner is signed in, has a product and a key, and keeps a draft."""
    sign_in(page, sandbox, "owner")
    page.goto("/me/keys/new")
    page.locator("[name=name]").fill("sklep")
    page.locator("main form button").first.click()
    page.wait_for_selector("#secret")
    page.goto(f"/{SLUG}/inventory_items/new")
    page.locator("[name=name]").fill("Konzultace")
    page.locator("main form button").first.click()
    page.wait_for_url(lambda url: not url.endswith("/new"))
    page.goto(f"/{SLUG}/invoices/new")
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator("[data-keep]").click()
    return examples(sandbox, SLUG)


def sign_in(page: Page, sandbox: Sandbox, name: str, slug: str = SLUG) -> None:
    page.goto("/sign-in")
    page.locator("[name=email]").fill(f"{name}@{slug}.example")
    page.locator("[name=password]").fill(sandbox.told["web"]["password"])
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def speak(page: Page, language: str) -> None:
    """Have the pages in this language, signed in and signed out."""
    page.goto("/me")
    page.locator("[name=language]").select_option(language)
    page.locator("main button").first.click()
    page.wait_for_selector(f"html[lang={language}]")
    url = page.url
    page.context.add_cookies([{"name": "faktura-language", "value": language, "url": url}])


@pytest.mark.parametrize("way", WAYS, ids=lambda way: "-".join(map(str, way)))
def test_every_page_is_whole_for_everybody(page: Page, every_page: list[Example], way: Way) -> None:
    speak(page, way.language)
    page.emulate_media(color_scheme=way.colours)
    page.set_viewport_size({"width": way.width, "height": 900})
    wrong = {}
    for example in every_page:
        if found := [*wrong_about(page, example, way), *page.evaluate(MEASURE), *barriers(page)]:
            wrong[example.path] = found

    assert len(every_page) > 20
    assert not wrong, in_lines(wrong)


def in_lines(wrong: dict[str, list[str]]) -> str:
    """What a reader of the test needs, one page after another."""
    return "\n".join("\n  ".join([path, *found]) for path, found in wrong.items())


def wrong_about(page: Page, example: Example, way: Way) -> Iterator[str]:
    """Open it; what is wrong with the answer."""
    answer = page.goto(example.path)
    assert answer is not None
    weight = len(answer.body())
    if answer.status != 200 or not answer.headers["content-type"].startswith("text/html"):
        yield f"{answer.status} {answer.headers.get('content-type')}: if this is no page, name it in NOT_WALKED"
    if weight > MOST_BYTES_OF.get(example.endpoint, MOST_BYTES):
        yield f"weighs {weight} bytes"
    if not page.title().strip(" –").removesuffix("Faktura"):
        yield "has no title"
    if page.locator("html").get_attribute("lang") != way.language and example.endpoint not in IN_OWN_LANGUAGE:
        yield f"is in another language than {way.language}"


IN_OWN_LANGUAGE = {"public_invoice.show"}
"""What customers open is in the language of the document."""


def barriers(page: Page) -> list[str]:
    """What axe finds."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(ASK_AXE)
    return [
        f"{rule['id']}: {' '.join(node['html'].split())[:160]}"
        for rule in found["violations"]
        for node in rule["nodes"][:3]
    ]


def test_the_keyboard_reaches_every_control_of_every_page(page: Page, every_page: list[Example]) -> None:
    wrong = {}
    for example in every_page:
        page.goto(example.path)
        count = page.evaluate(REACH)
        for _ in range(count + 1):
            page.keyboard.press("Tab")
        if missed := page.evaluate(MISSED):
            wrong[example.path] = missed

    assert not wrong, in_lines(wrong)


def test_a_reader_sees_every_page_or_is_told_who_may(page: Page, every_page: list[Example], sandbox: Sandbox) -> None:
    page.context.clear_cookies()
    sign_in(page, sandbox, "auditor")
    verbs = {}
    for example in every_page:
        answer = page.goto(example.path)
        assert answer is not None
        assert answer.status in {200, 403}, example.path
        offered = page.locator("main form[method=post]").count()
        if example.is_of_account and offered and example.endpoint not in FOR_READERS:
            verbs[example.path] = offered

    assert verbs == {}


FOR_READERS = {"export.show", "invoices.bulk"}
"""Whoever may read may take it along."""


def test_nobody_of_another_account_gets_to_a_page(
    page: Page, context: BrowserContext, every_page: list[Example], sandbox: Sandbox
) -> None:
    context.clear_cookies()
    sign_in(page, sandbox, "owner", "pearcorp")
    own = [example for example in every_page if example.is_of_account and not example.is_open]
    at_home = [f"/pearcorp{path.removeprefix(f'/{SLUG}')}" for _, path, *_ in own if any(map(str.isdigit, path))]
    statuses = {path: context.request.get(path).status for path in [*(path for _, path, *_ in own), *at_home]}

    assert len(at_home) > 5
    assert set(statuses.values()) == {404}, statuses
