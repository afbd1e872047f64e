"""An integrator in the browser: a key and an application of their own, what they asked for, and the clock moved on."""

import base64
import datetime as dt
import functools
import json
import re
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import pytest
from playwright.sync_api import Page

from tests import needs
from tests.http_double import Host, Reply, host
from tests.pages.house import sign_in
from tests.running import Answer, wait_until
from tests.sandboxes import API, JSON, SUBJECTS, Sandbox

pytestmark = [needs.FAKTUROID, needs.INFAKT]

REQUESTS = "/applecorp/settings/requests"
CLIENTS = "/infakt/v3/clients.json"


def make_key(page: Page, name: str) -> str:
    """Keys and applications outlive a reset: each test has names of its own."""
    page.goto("/me/keys")
    page.locator("main .button.main").click()
    page.locator("[name=name]").fill(name)
    page.locator("main form button").first.click()
    return page.locator("#secret").inner_text()


def register(page: Page, name: str) -> tuple[str, str]:
    page.goto("/me/applications/new")
    page.locator("[name=name]").fill(name)
    page.locator("main form button").first.click()
    return page.locator("#client-id").inner_text(), page.locator("#secret").inner_text()


def press(page: Page, path: str) -> None:
    """Go through the page that asks before something ends."""
    page.goto(path)
    with page.expect_response(lambda answer: answer.request.method == "POST") as sent:
        page.locator("main form.form button").click()
    assert sent.value.status in {200, 303}
    page.wait_for_load_state()


def rows(page: Page) -> list[list[str]]:
    page.goto(REQUESTS)
    return [[cell.inner_text() for cell in row.locator("td").all()] for row in page.locator("tbody tr").all()]


@pytest.fixture
def with_key(sandbox: Sandbox) -> Callable[..., Answer]:
    def ask(key: str, method: str, path: str, body: Any = None) -> Answer:
        return sandbox.server.ask(method, path, body, {"X-inFakt-ApiKey": key, **JSON})

    return ask


class Shop(NamedTuple):
    """Whatever it is told it refuses while anything is in `broken`."""

    host: Host
    broken: list[bool]

    def heard(self, count: int) -> list[Any]:
        """What it was told, once that is so much."""
        wait_until(lambda: len(self.host.bodies) >= count)
        assert len(self.host.bodies) == count
        return [json.loads(body) for body in self.host.bodies]


@pytest.fixture
def shop() -> Iterator[Shop]:
    """A program that listens at a port of this machine."""
    broken: list[bool] = []
    with host(lambda _path: Reply(500, b"out of order") if broken else Reply(204)) as listening:
        yield Shop(listening, broken)


def issue(with_key: Callable[..., Answer], key: str) -> Any:
    client_id = with_key(key, "GET", CLIENTS).json["entities"][0]["id"]
    service = {"name": "Hodina práce", "tax_symbol": "23", "unit_net_price": 100000}
    invoice = {"client_id": client_id, "payment_method": "transfer", "services": [service]}
    issued = with_key(key, "POST", "/infakt/v3/invoices.json", {"invoice": invoice})
    assert issued.status == 201, issued.body
    return issued.json


def listen(page: Page, url: str) -> str:
    """Make a webhook; the address of its deliveries."""
    page.goto("/applecorp/settings/webhooks/new")
    page.locator("[name=url]").fill(url)
    page.locator("#invoice_created").check()
    page.locator("main form.form button").first.click()
    page.wait_for_url("**/settings/webhooks")
    return page.locator("li", has_text=url).locator("a").last.get_attribute("href") or ""


def deliveries(page: Page, log: str) -> list[list[str]]:
    """Event, state, last attempt, next try and how many attempts, the newest first."""
    page.goto(log)
    rows = page.locator("tbody tr").all()
    return [[cell.inner_text() for cell in row.locator("th, td").all()] for row in rows]


def newest(page: Page, log: str) -> list[str]:
    """Of what was told until now; nothing where nothing is written down yet."""
    return next(iter(deliveries(page, log)), [""] * 5)


def pass_time(page: Page, sandbox: Sandbox, log: str) -> None:
    """Move the clock on until it was told six times in vain; a try counts once it is written down."""

    def is_tried(times: int) -> bool:
        return newest(page, log)[4] == str(times)

    now = dt.datetime.now(dt.UTC)
    for times, minutes in enumerate((1, 3, 6, 12, 24), 2):
        assert sandbox.control({"clock": (now + dt.timedelta(minutes=minutes)).isoformat()}).status == 200
        wait_until(functools.partial(is_tried, times))


def test_an_integrator_issues_with_a_key_sees_request_and_delivery_and_moves_the_clock(
    owner: Page, sandbox: Sandbox, with_key: Callable[..., Answer], shop: Shop
) -> None:
    """Story 13."""
    key = make_key(owner, "e-shop")
    log = listen(owner, f"{shop.host.url}/hooks")
    issued = issue(with_key, key)

    made, listed = rows(owner)[:2]
    assert made[1:3] == ["201", "POST /infakt/v3/invoices.json"]
    assert re.fullmatch(r"\d+|< 1", made[3])
    assert made[4] == listed[4] == "e-shop"
    assert listed[1:3] == ["200", f"GET {CLIENTS}"]
    assert key not in owner.content()
    [told] = shop.heard(1)
    assert (told["event_name"], told["body"]["invoice"]["number"]) == ("invoice_created", issued["number"])
    wait_until(lambda: "204" in newest(owner, log)[2])

    break_and_mend(owner, sandbox, shop, log, lambda: issue(with_key, key))

    assert sandbox.control({"clock": None}).status == 200
    owner.goto("/sandbox/panel")
    assert "POST /infakt/v3/invoices.json" in owner.locator("main").inner_text()
    owner.get_by_role("button", name=re.compile("^(30 days later|Za 30 dní|Za 30 dni)$")).click()
    owner.wait_for_load_state()

    # A month later neither the token nor the browser's session stands any more.
    bearer = {"Authorization": f"Bearer {sandbox.sign_in()}"}
    listed_now = sandbox.server.ask("GET", f"{API}/accounts/applecorp/invoices.json", headers=bearer).json
    document = next(one for one in listed_now if one["number"] == issued["number"])
    assert document["status"] == "overdue"
    sign_in(owner, sandbox, "owner")
    owner.goto(f"/applecorp/invoices/{document['id']}")
    assert owner.locator("main .badge.overdue").count() > 0


def break_and_mend(page: Page, sandbox: Sandbox, shop: Shop, log: str, issue_another: Callable[[], Any]) -> None:
    """What the shop does not take is seen to be tried again, to fail, and to arrive once it is delivered again."""
    shop.broken.append(True)
    number = issue_another()["number"]
    shop.heard(2)
    wait_until(lambda: newest(page, log)[2].endswith("500"))
    assert newest(page, log)[3:] != ["", "1"]
    pass_time(page, sandbox, log)
    wait_until(lambda: len(deliveries(page, f"{log}?state=failed")) == 1)
    assert newest(page, log)[3:] == ["", "6"]
    page.locator("tbody a").first.click()
    assert "out of order" in page.locator("main").inner_text()
    assert number in page.locator("pre").inner_text()

    shop.broken.clear()
    page.locator("main .heading button").click()
    told = shop.heard(8)[-1]
    assert told["body"]["invoice"]["number"] == number
    assert len({headers["idempotency-key"] for headers in shop.host.headers}) == 2
    wait_until(lambda: newest(page, log)[4] == "7")
    assert deliveries(page, f"{log}?state=failed") == []


def test_what_ends_in_the_browser_opens_nothing_at_either_door_from_the_next_request_on(
    owner: Page, sandbox: Sandbox, with_key: Callable[..., Answer]
) -> None:
    key = make_key(owner, "sklad")
    client_id, secret = register(owner, "robot")
    token = token_of(sandbox, client_id, secret).json["access_token"]

    def status(token: str) -> int:
        return sandbox.server.ask("GET", SUBJECTS, headers={"Authorization": f"Bearer {token}"}).status

    assert [status(token), *(with_key(key, "GET", CLIENTS).status for _ in range(3))] == [200] * 4
    assert with_key("no key", "GET", CLIENTS).status == 401
    assert [cells[4] for cells in rows(owner)] == ["sklad"] * 3 + ["robot"]
    owner.goto("/me/applications")
    application = owner.locator("li", has_text="robot").locator("a").first.get_attribute("href") or ""
    path = application.rpartition("/")[0]
    press(owner, f"{path}/secret")
    assert status(token) == 401
    assert token_of(sandbox, client_id, secret).status == 401

    owner.goto("/me/keys")
    press(owner, owner.locator("li", has_text="sklad").locator("a").first.get_attribute("href") or "")
    assert with_key(key, "GET", CLIENTS).status == 401
    press(owner, f"{path}/end")
    assert token_of(sandbox, client_id, secret).status == 401


def test_an_owner_puts_programs_out_of_the_account(
    owner: Page, sandbox: Sandbox, with_key: Callable[..., Answer]
) -> None:
    key = make_key(owner, "pokladna")
    token = token_of(sandbox, *register(owner, "doplněk")).json["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert sandbox.server.ask("GET", SUBJECTS, headers=bearer).status == 200
    owner.goto("/applecorp/settings/integrations")
    shut_out = owner.locator("li", has_text="doplněk").locator("a").first.get_attribute("href") or ""
    press(owner, shut_out)

    assert sandbox.server.ask("GET", SUBJECTS, headers=bearer).status in {403, 404}
    owner.locator("li", has_text="doplněk").locator("button").click()
    owner.wait_for_load_state()
    assert sandbox.server.ask("GET", SUBJECTS, headers=bearer).status == 200
    press(owner, owner.locator("li", has_text="pokladna").locator("a").last.get_attribute("href") or "")
    assert with_key(key, "GET", CLIENTS).status == 401


def token_of(sandbox: Sandbox, client_id: str, secret: str) -> Answer:
    pair = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
    headers = {"Authorization": f"Basic {pair}", **JSON}
    return sandbox.server.ask("POST", f"{API}/oauth/token", {"grant_type": "client_credentials"}, headers)
