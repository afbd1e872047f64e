"""From an integration's link over sign-in and consent to tokens: a browser, the running program, a client library."""

import asyncio
import re
from collections.abc import Iterator
from html import unescape
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlsplit

import httpx2
import pytest
from fakturoid_sdk import AuthorizationFailedError, AuthType, FakturoidClient

from tests import needs, sandboxes
from tests.running import Server

pytestmark = needs.FAKTUROID


class Sandbox(NamedTuple):
    server: Server
    told: dict[str, Any]

    def integration(self) -> FakturoidClient:
        """The library as a shop plug-in would set it up."""
        known = self.told["fakturoid"]
        return FakturoidClient(
            **known["integration"],
            user_agent="Shop (shop@example.com)",
            account_slug=known["slug"],
            base_url=known["base_url"],
        )


@pytest.fixture
def sandbox(sandbox: sandboxes.Sandbox) -> Sandbox:
    return Sandbox(sandbox.server, sandbox.told)


@pytest.fixture
def browser() -> Iterator[httpx2.Client]:
    with httpx2.Client(headers={"User-Agent": "Mozilla/5.0", "Accept": "text/html,*/*;q=0.8"}) as client:
        yield client


def send_form(browser: httpx2.Client, page: httpx2.Response, **fields: str) -> httpx2.Response:
    """Fill in the first form of the page's content, and do not follow where it leads."""
    main = page.text.partition("<main")[2]
    attributes, inside = re.findall(r"<form([^>]*)>(.*?)</form>", main, re.DOTALL)[0]
    action = re.search(r'action="([^"]*)"', attributes)
    hidden = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', inside)
    data = {name: unescape(value) for name, value in hidden} | fields
    return browser.post(page.url.join(unescape(action[1])) if action else page.url, data=data)


def consent(sandbox: Sandbox, browser: httpx2.Client, link: str, decision: str) -> dict[str, str]:
    """What comes back to the integration when the owner of the account follows its link."""
    asked = browser.get(link, follow_redirects=True)
    assert asked.status_code == 200
    if asked.url.path == "/sign-in":
        entered = send_form(browser, asked, **sandbox.told["web"])
        assert entered.status_code == 303
        asked = browser.get(asked.url.join(entered.headers["Location"]))
    assert asked.url.path == "/consent"
    decided = send_form(browser, asked, decision=decision)
    where = decided.headers["Location"]
    assert where.startswith(sandbox.told["fakturoid"]["integration"]["redirect_uri"] + "?")
    return dict(parse_qsl(urlsplit(where).query))


def test_an_integration_gets_refreshes_and_loses_its_access(sandbox: Sandbox, browser: httpx2.Client) -> None:
    async def work() -> None:
        async with sandbox.integration() as client:
            back = consent(sandbox, browser, client.auth.get_authentication_url("state & more"), "allow")
            assert back["state"] == "state & more"
            await client.auth.request_credentials(back["code"])
            me: Any = await client.users.get_current_user()
            assert me["email"] == sandbox.told["web"]["email"]

            first = client.auth.get_credentials()
            refreshed = await client.auth.oauth2_refresh()
            assert first is not None
            assert refreshed is not None
            assert refreshed.access_token != first.access_token
            assert refreshed.refresh_token == first.refresh_token
            assert await client.subjects.list()

            assert await client.auth.revoke() is True
            with pytest.raises(AuthorizationFailedError):
                await client.auth.oauth2_refresh()

    asyncio.run(work())


def test_a_person_who_says_no_sends_the_integration_away(sandbox: Sandbox, browser: httpx2.Client) -> None:
    back = consent(sandbox, browser, sandbox.integration().auth.get_authentication_url("s"), "deny")

    assert (back["error"], back["state"]) == ("access_denied", "s")
    assert "code" not in back


def test_a_code_works_once(sandbox: Sandbox, browser: httpx2.Client) -> None:
    async def work() -> None:
        async with sandbox.integration() as client, sandbox.integration() as thief:
            code = consent(sandbox, browser, client.auth.get_authentication_url(), "allow")["code"]
            await client.auth.request_credentials(code)
            assert await client.users.get_current_user()
            with pytest.raises(AuthorizationFailedError):
                await thief.auth.request_credentials(code)

    asyncio.run(work())


def test_an_integration_cannot_sign_in_without_a_person(sandbox: Sandbox) -> None:
    async def work() -> None:
        async with sandbox.integration() as client:
            with pytest.raises(AuthorizationFailedError):
                await client.auth.auth(AuthType.CLIENT_CREDENTIALS_CODE_FLOW)

    asyncio.run(work())


def test_the_web_address_of_a_contact_opens_in_the_browser(sandbox: Sandbox, browser: httpx2.Client) -> None:
    async def work() -> Any:
        async with sandbox.integration() as client:
            code = consent(sandbox, browser, client.auth.get_authentication_url(), "allow")["code"]
            await client.auth.request_credentials(code)
            subjects: Any = await client.subjects.list()
            return subjects[0]

    subject = asyncio.run(work())
    page = browser.get(subject["html_url"])
    assert page.status_code == 200
    assert subject["name"] in unescape(page.text)
    assert httpx2.get(subject["html_url"]).headers["Location"].startswith("/sign-in?next=")


def test_no_secret_of_all_this_is_in_the_log(sandbox: Sandbox, browser: httpx2.Client) -> None:
    async def work() -> list[str]:
        async with sandbox.integration() as client:
            code = consent(sandbox, browser, client.auth.get_authentication_url("s3cret-state"), "allow")["code"]
            await client.auth.request_credentials(code)
            found = client.auth.get_credentials()
            assert found is not None
            return [code, str(found.access_token), str(found.refresh_token)]

    secrets = asyncio.run(work())
    secrets += [sandbox.told["web"]["password"], sandbox.told["fakturoid"]["integration"]["client_secret"]]
    secrets += [value for value in browser.cookies.values() if value]
    log = sandbox.server.log.read_text()
    for secret in secrets:
        assert len(secret) > 10
        assert secret not in log


def test_a_reset_of_the_sandbox_forgets_failed_sign_ins_and_keeps_who_is_signed_in(
    sandbox: Sandbox, browser: httpx2.Client
) -> None:
    page = browser.get(f"{sandbox.server.url}/sign-in")
    owner = sandbox.told["web"]
    with httpx2.Client() as signed_in:
        assert send_form(signed_in, signed_in.get(page.url), **owner).status_code == 303
        statuses = [send_form(browser, page, **owner | {"password": "wrong"}).status_code for _ in range(6)]
        assert statuses == [422] * 5 + [429]

        assert sandbox.server.ask("POST", "/sandbox/reset").status < 300
        assert send_form(browser, page, **owner).status_code == 303
        assert signed_in.get(f"{sandbox.server.url}/me").status_code == 200
