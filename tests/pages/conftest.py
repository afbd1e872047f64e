"""What every test of the pages may ask for: Debian's Chromium, and a page in it that a started sandbox serves."""

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.running import PATIENCE
from tests.sandboxes import Sandbox

OPTIONS = ["--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
"""Only this machine is reached."""

REFUSED = "Failed to load resource: the server responded with a status of"
"""Chromium writes this on its console for every answer that refuses, which tests ask for on purpose."""


# Not for the session: while Playwright runs, no other test of this process can start a loop of asyncio.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Started once for the tests of this folder that run one after another."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("there is no Chromium; on Debian: apt-get install chromium")
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
    context.on("console", lambda message: said.extend(complaints(message)))
    context.on("weberror", lambda error: said.append(str(error.error)))
    yield context
    context.close()
    assert said == []


def complaints(message: ConsoleMessage) -> list[str]:
    """What the browser was refused by a page's own rules, or what failed in a script."""
    wrong = message.type in {"error", "warning"} and not message.text.startswith(REFUSED)
    return [message.text] if wrong else []


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """A page of somebody who is not signed in; the test fails if its console says that anything is wrong."""
    return context.new_page()


@pytest.fixture
def sign_in(sandbox: Sandbox) -> Callable[[Page], Page]:
    """Sign the owner of applecorp in."""

    def as_owner(page: Page) -> Page:
        return sign_in_as(page, sandbox.told["web"]["email"], sandbox.told["web"]["password"])

    return as_owner


def sign_in_as(page: Page, email: str, password: str) -> Page:
    page.goto("/sign-in")
    page.locator("[name=email]").fill(email)
    page.locator("[name=password]").fill(password)
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    return page


@pytest.fixture
def owner(page: Page, sign_in: Callable[[Page], Page]) -> Page:
    """A page of the owner of applecorp, who is signed in."""
    return sign_in(page)
