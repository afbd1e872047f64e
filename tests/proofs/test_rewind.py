"""A sandbox that is brought back is what it was: whoever does the same again gets the same, to the byte."""

import contextlib
import datetime as dt
import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest

from faktura.sandbox.beginning import Beginning
from faktura.sandbox.files import DATABASE
from faktura.sandbox.folder import prepare_folder
from faktura.store.database import open_database
from tests import needs
from tests.firm import PASSWORD
from tests.proofs.full_house import FIRST_DOOR, SECOND_DOOR, Tenant, open_tenant
from tests.proofs.history import length
from tests.proofs.random_trade import Trader
from tests.running import Answer, Server, running

pytestmark = [needs.FAKTUROID, needs.INFAKT, pytest.mark.timeout(length(120, 1200))]

SLUG = "tradecorp"
LIMITS_OFF = {
    "fakturoid": {"all": None},
    "infakt": {"get": None, "other": None},
    "account": {"all": None},
    "public": {"all": None},
}

OF_THE_MOMENT = frozenset({"date", "x-request-id", "set-cookie", "content-length"})
"""Cookies and forms are signed together with the real time; what else differs in length differs in its bytes."""

SIGNED = re.compile(rb'(name="(?:csrf_token|once)" value=)"[^"]*"')
FORM = "application/x-www-form-urlencoded"

PAGES = ("", "/invoices", "/subjects", "/history", "/todos", "/expenses", "/settings/users")
LISTS = (
    f"{FIRST_DOOR}/accounts/{SLUG}/invoices.json?page=1",
    f"{FIRST_DOOR}/accounts/{SLUG}/subjects/search.json?query=a",
    f"{FIRST_DOOR}/accounts/{SLUG}/events.json?page=1",
    f"{FIRST_DOOR}/accounts/{SLUG}/account.json",
)

State = Mapping[str, list[tuple[Any, ...]]]


class Asked(NamedTuple):
    """What was asked, and what was answered to it, but for what no two answers have in common."""

    method: str
    path: str
    status: int
    headers: Mapping[str, str]
    body: bytes


class Life:
    """A firm that trades, people at its pages, letters, a clock that is moved, jobs: what a seed decides."""

    def __init__(self, server: Server, tenant: Tenant, seed: int) -> None:
        self._server = server
        self._tenant = tenant
        self._chance = random.Random(seed)
        self._trader = Trader(self, tenant, self._chance)
        self.cookie = ""
        self.asked: list[Asked] = []

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None, raw: bytes = b""
    ) -> Answer:
        answer = self._server.ask(method, path, body, headers, raw=raw)
        about = {name: value for name, value in answer.headers.items() if name not in OF_THE_MOMENT}
        self.asked.append(Asked(method, path, answer.status, about, SIGNED.sub(rb"\1", answer.body)))
        return answer

    def live(self, deeds: int) -> list[Asked]:
        hook = {"webhook_url": f"{self._server.url}/sandbox/webhooks", "events": ["invoice_created", "invoice_paid"]}
        self.ask("POST", f"{FIRST_DOOR}/accounts/{SLUG}/webhooks.json", hook, self._tenant.bearer)
        for begin in (self._trader.add_a_bank_account, self._trader.add_contact) * 2:
            begin()
        assert any((issued := self._trader.issue()) and issued.status < 300 for _ in range(9)), "nobody traded"
        for _ in range(deeds):
            self._chance.choice(DEEDS)(self)
        self.do_jobs()
        self.read_letters()
        self.read_webhooks()
        return self.asked

    def trade(self) -> None:
        self._trader.do_any()

    def move_the_clock(self) -> None:
        standing = dt.datetime.fromisoformat(self.ask("GET", "/sandbox").json["clock"])
        later = standing + dt.timedelta(minutes=self._chance.choice((1, 30, 600, 14_400)))
        self.ask("PATCH", "/sandbox", {"clock": later.isoformat()})

    def do_jobs(self) -> None:
        self.ask("POST", "/sandbox/jobs")

    def read_letters(self) -> None:
        for mail in self.ask("GET", "/sandbox/mails").json["mails"][:3]:
            self.ask("GET", f"/sandbox/mails/{mail['id']}")

    def read_webhooks(self) -> None:
        self.ask("GET", "/sandbox/webhooks")

    def read_a_list(self) -> None:
        """Often enough that it is kept, and answered without a question."""
        path = self._chance.choice(LISTS)
        for _ in range(3):
            self.ask("GET", path, None, self._tenant.bearer)
        self.ask("GET", f"{SECOND_DOOR}/invoices.json", None, self._tenant.keyed)

    def print_one(self) -> None:
        found = self.ask("GET", f"{FIRST_DOOR}/accounts/{SLUG}/invoices.json?page=1", None, self._tenant.bearer).json
        if found:
            one = self._chance.choice(found)["id"]
            self.ask("GET", f"{FIRST_DOOR}/accounts/{SLUG}/invoices/{one}/download.pdf", None, self._tenant.bearer)

    def once_only(self) -> None:
        """The same write twice under a key."""
        keyed = {**self._tenant.bearer, "Idempotency-Key": f"k{self._chance.randrange(10**6)}"}
        for _ in range(2):
            self.ask("POST", f"{FIRST_DOOR}/accounts/{SLUG}/subjects.json", {"name": "Jednou"}, keyed)

    def sign_in(self) -> None:
        form = self._posted("/sign-in", {"email": self._tenant.email, "password": PASSWORD})
        self.cookie = form.headers.get("set-cookie", "").partition(";")[0]

    def look_at_a_page(self) -> None:
        self.ask("GET", f"/{SLUG}{self._chance.choice(PAGES)}", None, {"Cookie": self.cookie})

    def add_a_contact_at_the_pages(self) -> None:
        name = f"Stránka {self._chance.randrange(1000)}"
        self._posted(f"/{SLUG}/subjects/new", {"name": name, "once": f"o{self._chance.randrange(10**9)}"})

    def _posted(self, path: str, fields: dict[str, str]) -> Answer:
        form = self.ask("GET", path, None, {"Cookie": self.cookie})
        cookie = form.headers.get("set-cookie", self.cookie).partition(";")[0]
        token = re.search(r'name="csrf_token" value="([^"]*)"', form.body.decode())
        sent = urlencode({"csrf_token": token[1] if token else "", **fields})
        return self.ask("POST", path, None, {"Cookie": cookie, "Content-Type": FORM}, raw=sent.encode())


DEEDS = (
    *([Life.trade] * 15),
    Life.move_the_clock,
    Life.do_jobs,
    Life.read_letters,
    Life.read_webhooks,
    Life.read_a_list,
    Life.print_one,
    Life.once_only,
    Life.sign_in,
    Life.look_at_a_page,
    Life.look_at_a_page,
    Life.add_a_contact_at_the_pages,
)


def test_what_is_brought_back_and_lived_again_is_the_same_to_the_byte(tmp_path: Path, chance: random.Random) -> None:
    """Between the two times another life is lived, whose traces are in every memory of the server."""
    folder = tmp_path / "data"
    tenant = furnished(folder)
    with sandbox_in(folder) as server:
        deeds = length(25, 120)
        for _ in range(length(1, 4)):
            seed, other = chance.randrange(10**9), chance.randrange(10**9)
            Life(server, tenant, chance.randrange(10**9)).live(deeds)
            control(server, "POST", "/checkpoints/start")
            began = state_in(folder)
            first = Life(server, tenant, seed).live(deeds)
            ended = written_down(server, folder)
            assert ended != began
            control(server, "POST", "/checkpoints/start/rewind")
            assert_same(state_in(folder), began)
            Life(server, tenant, other).live(deeds)
            control(server, "POST", "/checkpoints/start/rewind")
            again = Life(server, tenant, seed).live(deeds)
            for one, two in zip(first, again, strict=True):
                assert one == two
            assert_same(written_down(server, folder), ended)


def test_after_a_rewind_nothing_of_another_life_is_remembered(tmp_path: Path, chance: random.Random) -> None:
    """Versions and ids come again and mean something else: a server that was just started is asked the same."""
    folder = tmp_path / "data"
    tenant = furnished(folder)
    with sandbox_in(folder) as server:
        control(server, "POST", "/checkpoints/start")
        for _ in range(length(3, 8)):
            control(server, "POST", "/checkpoints/start/rewind")
            Life(server, tenant, chance.randrange(10**9)).live(length(25, 120))
            look(server, tenant)
        clock = server.ask("GET", "/sandbox").json["clock"]
        control(server, "POST", "/checkpoints/end")
        seen = look(server, tenant)
    with sandbox_in(folder, clock, server.port) as fresh:
        for one, two in zip(seen, look(fresh, tenant), strict=True):
            assert one == two


def look(server: Server, tenant: Tenant) -> list[Asked]:
    """At all that the firm has, at both doors and at the pages."""
    life = Life(server, tenant, 0)
    for kind in ("subjects", "invoices"):
        path = f"{FIRST_DOOR}/accounts/{SLUG}/{kind}"
        for page in range(1, 4):
            for one in life.ask("GET", f"{path}.json?page={page}", None, tenant.bearer).json:
                life.ask("GET", f"{path}/{one['id']}.json", None, tenant.bearer)
    for kind in ("clients", "invoices", "advance_invoices", "products", "bank_accounts"):
        life.ask("GET", f"{SECOND_DOOR}/{kind}.json?limit=100", None, tenant.keyed)
    for path in LISTS:
        life.ask("GET", path, None, tenant.bearer)
    life.sign_in()
    for path in PAGES:
        life.ask("GET", f"/{SLUG}{path}", None, {"Cookie": life.cookie})
    return life.asked


@contextlib.contextmanager
def sandbox_in(folder: Path, clock: str = "2026-05-04T08:00:00Z", port: int = 0) -> Iterator[Server]:
    """Nothing happens in it but what is asked for."""
    asleep = {"FAKTURA_WORKER": "false"}
    with running(folder, "sandbox", "--data", str(folder), port=port, settings=asleep, by_itself=True) as server:
        control(server, "PATCH", "", {"clock": clock, "rate_limits": LIMITS_OFF})
        yield server


def furnished(folder: Path) -> Tenant:
    """A sandbox's folder, with a firm in it that is let in at both doors."""
    folder.mkdir()
    prepare_folder(folder, "http://127.0.0.1:1", None, Beginning())
    with contextlib.closing(open_database(f"sqlite:///{folder / DATABASE}")) as database:
        return open_tenant(database, SLUG)


def control(server: Server, method: str, path: str, body: Any = None) -> None:
    answer = server.ask(method, f"/sandbox{path}", body)
    assert answer.status < 300, answer.body


def written_down(server: Server, folder: Path) -> State:
    """The state with all that waits in memory; a checkpoint has it written."""
    control(server, "POST", "/checkpoints/end")
    return state_in(folder)


def state_in(folder: Path) -> State:
    """Every row of every table, those that no record is declared for as well: last ids, sums, the text index."""
    with contextlib.closing(sqlite3.connect(folder / DATABASE)) as connection:
        tables = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
        return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for (name,) in tables}  # noqa: S608


def assert_same(state: State, expected: State) -> None:
    differing = Counter({name: len(set(rows) ^ set(expected[name])) for name, rows in state.items()})
    assert +differing == Counter()
