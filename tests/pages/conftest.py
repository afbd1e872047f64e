"""What every test of the pages may ask for: Debian's Chromium, and a page in it that a started sandbox serves."""

import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    StorageState,
    ViewportSize,
    expect,
    sync_playwright,
)

from tests.pages.house import House, furnish, sign_in
from tests.pages.looking import Looker
from tests.pages.walk import LANGUAGES, Visitors
from tests.running import PATIENCE
from tests.sandboxes import Sandbox

# Playwright waits five seconds for what is expected, too few beside other workers of a busy machine.
expect.set_options(timeout=PATIENCE * 1000)

OPTIONS = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
"""Only this machine is reached."""

REFUSED = "Failed to load resource: the server responded with a status of"
"""Chromium writes this on its console for every answer that refuses, which tests ask for on purpose."""


# Not for the session: while Playwright runs, no other test of this process can start a loop of asyncio.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Started once for the tests of this folder that run one after another."""
    chromium = shutil.which("chromium-headless-shell")
    if chromium is None:
        pytest.skip("there is no Chromium; on Debian: apt-get install chromium-headless-shell")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=OPTIONS, chromium_sandbox=False)
        yield started
        started.close()


@pytest.fixture
def site(sandbox: Sandbox) -> str:
    """What stands before every path; a file of tests with a server of its own says another."""
    return sandbox.server.url


@pytest.fixture
def context(browser: Browser, site: str) -> Iterator[BrowserContext]:
    """Somebody's browser: cookies of its own, 1280 wide."""
    context = browser.new_context(base_url=site, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(PATIENCE * 1000)
    said: list[str] = []
    listen(context, said)
    yield context
    context.close()
    assert said == []


def listen(context: BrowserContext, said: list[str]) -> None:
    """Note what a console says that is wrong."""
    context.on("console", lambda message: said.extend(complaints(message)))
    context.on("weberror", lambda error: said.append(str(error.error)))


def complaints(message: ConsoleMessage) -> list[str]:
    """What the browser was refused by a page's own rules, or what failed in a script."""
    wrong = message.type in {"error", "warning"} and not message.text.startswith(REFUSED)
    return [message.text] if wrong else []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of somebody who is not signed in; the test fails if its console says that anything is wrong."""
    return context.new_page()


@pytest.fixture(scope="package")
def signed_in(browser: Browser, started: Sandbox) -> StorageState:
    """What the browser of applecorp's owner keeps, signed in once: no reset of the sandbox ends a session."""
    assert started.reset().status == 200
    with browser.new_context(base_url=started.server.url) as context:
        context.set_default_timeout(PATIENCE * 1000)
        sign_in(context.new_page(), started)
        return context.storage_state()


@pytest.fixture
def owner(page: Page, sandbox: Sandbox, signed_in: StorageState) -> Page:
    """A page of the owner of applecorp, who is signed in."""
    assert sandbox.state()
    page.context.set_storage_state(signed_in)
    return page


@pytest.fixture(scope="module")
def house(browser: Browser, started: Sandbox, signed_in: StorageState) -> Iterator[House]:
    """Furnished once for the walk over its pages, which changes nothing."""
    assert started.reset().status == 200
    context = browser.new_context(base_url=started.server.url, storage_state=signed_in)
    context.set_default_timeout(PATIENCE * 1000)
    yield furnish(context.new_page(), started)
    context.close()


@pytest.fixture(scope="module", params=LANGUAGES)
def visitors(
    browser: Browser, house: House, signed_in: StorageState, request: pytest.FixtureRequest
) -> Iterator[Visitors]:
    """Tests are sorted by language, so that each is spoken once."""
    site, size, lookers, contexts = house.sandbox.server.url, ViewportSize(width=1280, height=900), [], []
    for state in (signed_in, None):
        context = browser.new_context(base_url=site, viewport=size, storage_state=state)
        context.set_default_timeout(PATIENCE * 1000)
        said: list[str] = []
        listen(context, said)
        context.add_cookies([{"name": "faktura-language", "value": request.param, "url": site}])
        contexts.append(context)
        lookers.append(Looker(context.new_page(), said))
    owner, nobody = lookers
    speak(owner.page, request.param)
    yield Visitors(request.param, owner, nobody)
    for context in contexts:
        context.close()


def speak(page: Page, language: str) -> None:
    """Have the pages of whoever is signed in in this language."""
    page.goto("/me")
    page.locator("[name=language]").select_option(language)
    page.locator("main button").first.click()
    page.wait_for_selector(f"html[lang={language}]")
