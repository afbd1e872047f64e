"""What happens while requests are recorded: firms trade, ask for anything, and the house around them changes."""

import datetime as dt
import random
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from tests.proofs.full_house import (
    FIRST_DOOR,
    SECOND_DOOR,
    FirstDoor,
    SecondDoor,
    Tenant,
    trade_at_first,
    trade_at_second,
)
from tests.proofs.operations import FORM, Dialect, basic
from tests.proofs.random_trade import Trader
from tests.recorded.client import Client
from tests.recorded.exchanges import Exchange
from tests.recorded.furnish import BEGIN, PASSWORD
from tests.recorded.recorder import Recorder
from tests.recorded.versions import WIDE_LIMITS, Standing
from tests.running import Answer

JSON = {"Content-Type": "application/json"}
NARROW_LIMITS = {
    "fakturoid": {"all": 6},
    "infakt": {"get": 6, "other": 3},
    "account": {"all": 9},
    "public": {"all": 6},
}

PAGES = ("", "/invoices", "/invoices?q=a", "/subjects", "/history", "/todos", "/expenses", "/subjects/new")


class Firm:
    """A firm of the recording with what it does, and the clients that ask in its name."""

    def __init__(self, recorder: Recorder, standing: Standing, tenant: Tenant, chance: random.Random) -> None:
        self.tenant = tenant
        self.trader = Trader(recorder, tenant, chance)
        doors = (("fakturoid", FIRST_DOOR, tenant.bearer), ("infakt", SECOND_DOOR, tenant.keyed))
        foreign = [*_foreign(standing, tenant)]
        self.clients = [
            Client(recorder, _dialect(standing, name, mount, headers, tenant.slug), chance, foreign)
            for name, mount, headers in doors
        ]


class History:
    """`chance` decides all of it, together with what is answered."""

    def __init__(self, standing: Standing, chance: random.Random) -> None:
        self._chance = chance
        self._told = standing.told
        self._recorder = Recorder(standing, chance)
        self._recorder.after_write = self._look_again
        self._firms = [Firm(self._recorder, standing, tenant, chance) for tenant in standing.tenants]
        self._cookie = ""
        self._clock = BEGIN

    @property
    def done(self) -> set[str]:
        """The operations that were answered as done."""
        return {name for firm in self._firms for client in firm.clients for name in client.done}

    def live(self, requests: int) -> list[Exchange]:
        self._begin()
        self._go_on(requests // 2)
        self.begin_again(self._firms[0])
        self._go_on(requests)
        return self._recorder.exchanges[:requests]

    def _go_on(self, until: int) -> None:
        while len(self._recorder.exchanges) < until:
            firm = self._chance.choice(self._firms)
            self._recorder.whose = firm.tenant.slug
            self._chance.choice(DEEDS)(self, firm)

    def _begin(self) -> None:
        self._recorder.control("PATCH", "", {"rate_limits": WIDE_LIMITS})
        for firm in self._firms:
            self._recorder.whose = firm.tenant.slug
            told = f"{self._told['base_url']}/sandbox/webhooks"
            hook = {"webhook_url": told, "events": ["invoice_created", "invoice_paid"]}
            path = f"{FIRST_DOOR}/accounts/{firm.tenant.slug}/webhooks.json"
            self._recorder.ask("POST", path, hook, firm.tenant.bearer)
            firm.trader.add_a_bank_account()
            firm.trader.add_contact()
            contact = trade_at_first(FirstDoor(self._recorder, firm.tenant), firm.tenant)
            trade_at_second(SecondDoor(self._recorder, firm.tenant), contact)

    def _look_again(self, whose: str) -> None:
        """At what was read before the write, and at what others read, for whom nothing changed."""
        for firm in self._firms:
            slug = firm.tenant.slug
            self._recorder.repeat(self._recorder.earlier(slug, 2 if slug == whose else 1), 2)

    # What a firm does

    def trade(self, firm: Firm) -> None:
        firm.trader.do_any()

    def ask_for_any(self, firm: Firm) -> None:
        self._chance.choice(firm.clients).ask_for_any()

    def read_any(self, firm: Firm) -> None:
        self._chance.choice(firm.clients).read_any()

    def poll(self, _firm: Firm) -> None:
        for firm in self._firms:
            self._recorder.repeat(self._recorder.earlier(firm.tenant.slug, 2), 3)

    def print_one(self, firm: Firm) -> None:
        path = f"{FIRST_DOOR}/accounts/{firm.tenant.slug}/invoices"
        if found := self._recorder.ask("GET", f"{path}.json?page=1", None, firm.tenant.bearer).json:
            one = f"{path}/{self._chance.choice(found)['id']}/download.pdf"
            for _ in range(2):
                self._recorder.ask("GET", one, None, firm.tenant.bearer)

    # What happens to a token

    def end_a_token(self, _firm: Firm) -> None:
        """It reads until it is revoked or the clock has come to its end."""
        token = self._token()
        for _ in range(3):
            self._read_as_the_example(token)
        if self._chance.random() < 0.5:
            told = self._told["fakturoid"]
            pair = {name: told[name] for name in ("client_id", "client_secret")}
            self._recorder.ask("POST", f"{FIRST_DOOR}/oauth/revoke", {"token": token, **pair}, JSON)
        else:
            self._move(dt.timedelta(hours=2, minutes=-1))
            self._read_as_the_example(token)
            self._move(dt.timedelta(minutes=1))
        for _ in range(2):
            self._read_as_the_example(token)

    def _token(self) -> str:
        told = self._told["fakturoid"]
        headers = {"Authorization": basic(told["client_id"], told["client_secret"]), **JSON}
        answer = self._recorder.ask("POST", f"{FIRST_DOOR}/oauth/token", {"grant_type": "client_credentials"}, headers)
        return str(answer.json["access_token"])

    def _read_as_the_example(self, token: str) -> Answer:
        bearer = {"Authorization": f"Bearer {token}"}
        return self._recorder.ask("GET", f"{FIRST_DOOR}/accounts/applecorp/subjects.json", None, bearer)

    # What happens to the house

    def move_the_clock(self, _firm: Firm) -> None:
        self._move(dt.timedelta(minutes=self._chance.choice((1, 2, 30, 600, 3_000))))

    def _move(self, by: dt.timedelta) -> None:
        self._clock += by
        self._recorder.control("PATCH", "", {"clock": self._clock.isoformat()})

    def do_jobs(self, _firm: Firm) -> None:
        self._recorder.control("POST", "/jobs")
        for path in ("/mails", "/webhooks"):
            self._recorder.control("GET", path)

    def be_otherwise_for_a_while(self, firm: Firm) -> None:
        slug = firm.tenant.slug
        changed, back = self._chance.choice(
            (
                ({"read_only": True}, {"read_only": False}),
                ({"busy_search": True}, {"busy_search": False}),
                ({"accounts": {slug: {"blocked": True}}}, {"accounts": {slug: {"blocked": False}}}),
                ({"accounts": {slug: {"contact_limit": 1}}}, {"accounts": {slug: {"contact_limit": None}}}),
                ({"rate_limits": NARROW_LIMITS}, {"rate_limits": WIDE_LIMITS}),
            )
        )
        reads = [read for one in self._firms for read in self._recorder.earlier(one.tenant.slug, 4)]
        self._recorder.repeat(reads, 3)
        self._recorder.control("PATCH", "", changed)
        self._recorder.repeat(reads, 2)
        contact = {"name": f"Meanwhile {self._chance.randrange(1000)}"}
        self._recorder.ask("POST", f"{FIRST_DOOR}/accounts/{slug}/subjects.json", contact, firm.tenant.bearer)
        self._recorder.ask(
            "GET", f"{FIRST_DOOR}/accounts/{slug}/subjects/search.json?query=a", None, firm.tenant.bearer
        )
        self._recorder.ask("GET", f"{SECOND_DOOR}/clients.json?limit=2", None, firm.tenant.keyed)
        self._recorder.control("PATCH", "", back)
        self._recorder.repeat(reads, 2)

    def go_back(self, firm: Firm) -> None:
        """Live a while, and live it otherwise from the same point on."""
        reads = self._recorder.earlier(firm.tenant.slug, 6)
        self._recorder.control("POST", "/checkpoints/here")
        for _ in range(4):
            firm.trader.do_any()
            self._recorder.repeat(reads, 2)
        self._recorder.control("POST", "/checkpoints/here/rewind")
        self._recorder.repeat(reads, 2)

    def begin_again(self, firm: Firm) -> None:
        self._recorder.control("POST", "/reset")
        self._clock = BEGIN
        self.poll(firm)
        self._begin()

    # What people do

    def look_at_pages(self, firm: Firm) -> None:
        self._cookie = ""
        form = self._posted("/sign-in", {"email": firm.tenant.email, "password": PASSWORD})
        self._cookie = form.headers.get("set-cookie", "").partition(";")[0]
        for page in self._chance.sample(PAGES, 3):
            for _ in range(2):
                self._recorder.ask("GET", f"/{firm.tenant.slug}{page}", None, {"Cookie": self._cookie})
        name = f"Stránka {self._chance.randrange(1000)}"
        self._posted(f"/{firm.tenant.slug}/subjects/new", {"name": name, "once": f"o{self._chance.randrange(10**9)}"})

    def _posted(self, path: str, fields: dict[str, str]) -> Answer:
        form = self._recorder.ask("GET", path, None, {"Cookie": self._cookie} if self._cookie else {})
        cookie = form.headers.get("set-cookie", self._cookie).partition(";")[0]
        token = re.search(r'name="csrf_token" value="([^"]*)"', form.body.decode())
        sent = urlencode({"csrf_token": token[1] if token else "", **fields})
        return self._recorder.ask("POST", path, None, {"Cookie": cookie, "Content-Type": FORM}, raw=sent.encode())


Deed = Callable[[History, Firm], None]

DEEDS: tuple[Deed, ...] = (
    *([History.trade] * 24),
    *([History.ask_for_any] * 70),
    *([History.read_any] * 8),
    *([History.poll] * 2),
    *([History.move_the_clock] * 3),
    *([History.do_jobs] * 3),
    *([History.be_otherwise_for_a_while] * 2),
    *([History.print_one] * 2),
    *([History.look_at_pages] * 2),
    History.end_a_token,
    History.go_back,
)
"""Another, to begin again, is done once, in the middle."""


def _dialect(standing: Standing, name: str, mount: str, headers: dict[str, str], slug: str) -> Dialect:
    document = standing.server.ask("GET", f"/{name}/openapi.json").json
    credentials = {key: value for key, value in headers.items() if key != "Content-Type"}
    return Dialect(name, document, mount, credentials, slug)


def _foreign(standing: Standing, own: Tenant) -> Any:
    """Credentials of others, of nobody, and none."""
    yield from ({}, {"Authorization": "Bearer nobody's"}, {"X-inFakt-ApiKey": "nobody's"})
    yield from ({"X-inFakt-ApiKey": standing.told["infakt"][name]} for name in ("read_only_api_key", "foreign_api_key"))
    for tenant in standing.tenants:
        if tenant != own:
            yield from ({"Authorization": f"Bearer {tenant.token}"}, {"X-inFakt-ApiKey": tenant.key})
