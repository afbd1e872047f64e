"""What is answered from what is kept is what a server answers that keeps nothing, after every change of anything."""

import contextlib
import datetime as dt
import functools
import random
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlencode

import pytest
from falcon import testing

from faktura.core.accounts.change import change_account
from faktura.core.bank_accounts import BankAccount
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, change_contact
from faktura.core.errors import Given
from faktura.core.people.access import applications_of, end_application, end_key, keys_of
from faktura.core.people.accounts import Account
from faktura.core.people.users import User, change_user
from faktura.dialects import installed
from faktura.sandbox.files import DATABASE
from faktura.store.database import Database, open_database
from faktura.wire.service import Modes, Service
from tests import needs
from tests.built_once import built_once
from tests.firm import PASSWORD
from tests.postgres import fresh_database
from tests.proofs.full_house import FIRST_DOOR, SECOND_DOOR, Tenant, open_house, sign_in
from tests.proofs.history import LONG, length
from tests.proofs.operations import FORM, basic
from tests.proofs.random_trade import Trader
from tests.proofs.served import settings_for
from tests.proofs.test_rewind import LIMITS_OFF, control, furnished, sandbox_in
from tests.running import PATIENCE, Server, run, running

pytestmark = [needs.FAKTUROID, needs.INFAKT, pytest.mark.timeout(length(200, 1800))]

OF_THE_MOMENT = frozenset({"date", "x-request-id", "server", "content-length"})
"""Of these the server that is started adds some, and the other one none."""

A_SECOND = 1.0
"""How long a process may know what another one has changed meanwhile (decision 6)."""

FIRST_LISTS = (
    "users.json",
    "subjects.json?page=1",
    "invoices.json?page=1",
    "bank_accounts.json",
    "subjects/search.json?query=a",
    "invoices.json?status=open",
    "invoices.json?document_type=proforma&page=1",
    "invoices/search.json?query=2026",
    "subjects.json?page=2",
    "number_formats/invoices.json",
    "events.json?page=1",
    "todos.json",
    "webhooks.json",
)[: length(5, 99)]
SECOND_LISTS = (
    "account/details.json",
    "invoices.json?limit=5",
    "clients.json?limit=2&offset=1&order=company_name%20desc",
    "invoices.json?fields=number,net_price&q[paid_price_gt]=0",
    "bank_accounts.json",
    "clients.json",
    "advance_invoices.json",
    "products.json",
    "vat_rates.json",
)[: length(5, 99)]


class Read(NamedTuple):
    path: str
    headers: tuple[tuple[str, str], ...]


class Seen(NamedTuple):
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


class Cold:
    """Answers in this process with nothing kept: each question has a service of its own over the same database."""

    def __init__(self, url: str, public_url: str, clock: Clock) -> None:
        self.modes = Modes()
        self._url = url
        self._public_url = public_url
        self._clock = clock
        self._mounts = {mount: dialect for dialect in installed() for mount in dialect.mounts}

    def look(self, reads: Iterable[Read]) -> dict[Read, Seen]:
        with contextlib.closing(open_database(self._url)) as database:
            return {read: self._ask(database, read) for read in reads}

    def _ask(self, database: Database, read: Read) -> Seen:
        hosts = frozenset({self._public_url.removeprefix("http://")})
        service = Service(database, self._clock, self._public_url, hosts, modes=self.modes)
        mount = next(mount for mount in self._mounts if read.path.startswith(f"{mount}/"))
        client = testing.TestClient(built_once(self._mounts[mount].application, service))
        path, _, query = read.path.removeprefix(mount).partition("?")
        answer = client.simulate_request(
            "GET",
            path,
            query_string=query,
            root_path=mount,
            headers={"User-Agent": "tests", "Host": self._public_url.removeprefix("http://"), **dict(read.headers)},
        )
        return seen(answer.status_code, answer.headers.items(), answer.content)


def seen(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> Seen:
    kept = ((name.lower(), value) for name, value in headers)
    return Seen(status, tuple(sorted(one for one in kept if one[0] not in OF_THE_MOMENT)), body)


def warm(server: Server, read: Read) -> Seen:
    answer = server.ask("GET", read.path, None, dict(read.headers))
    return seen(answer.status, answer.headers.items(), answer.body)


def assert_fresh(server: Server, cold: Cold, reads: list[Read], times: int = 2) -> dict[Read, Seen]:
    """Each is asked several times, so that what was kept before the change and what is kept after it is answered."""
    expected = cold.look(reads)
    for read in reads:
        for _ in range(times):
            assert warm(server, read) == expected[read], read.path
    return expected


def wait_until_fresh(server: Server, cold: Cold, reads: list[Read], stale: Mapping[Read, Seen]) -> None:
    """Until then each answer is the one from before, and what was answered otherwise once never is again."""
    expected = cold.look(reads)
    for read in reads:
        deadline = time.monotonic() + PATIENCE
        while (now := warm(server, read)) != expected[read]:
            assert now == stale.get(read, now), read.path
            assert time.monotonic() < deadline, f"{read.path} is still what it was"
            time.sleep(A_SECOND / 20)
        for _ in range(2):
            assert warm(server, read) == expected[read], read.path


class Reader:
    """What a firm reads: its lists, and the records that stood in them when it was last looked."""

    def __init__(self, tenant: Tenant) -> None:
        self.first = (("Authorization", f"Bearer {tenant.token}"),)
        self.second = (("X-inFakt-ApiKey", tenant.key),)
        self._root = f"{FIRST_DOOR}/accounts/{tenant.slug}"
        self._records: list[Read] = []

    def reads(self) -> list[Read]:
        first = [Read(f"{self._root}/{one}", self.first) for one in FIRST_LISTS]
        second = [Read(f"{SECOND_DOOR}/{one}", self.second) for one in SECOND_LISTS]
        return [Read(f"{FIRST_DOOR}/user.json", self.first), *first, *second, *self._records]

    def look(self, server: Server) -> None:
        """Notice some records, also to be asked for when they are gone."""
        for kind in ("subjects", "invoices"):
            listed = server.ask("GET", f"{self._root}/{kind}.json?page=1", None, dict(self.first))
            if listed.status == 200 and listed.json:
                self._records.append(Read(f"{self._root}/{kind}/{listed.json[-1]['id']}.json", self.first))
        listed = server.ask("GET", f"{SECOND_DOOR}/invoices.json?limit=3", None, dict(self.second))
        if listed.status == 200:
            found = (f"{SECOND_DOOR}/invoices/{one['uuid']}.json" for one in listed.json["entities"])
            self._records += (Read(path, self.second) for path in found)
        self._records = [*dict.fromkeys(self._records)][-8:]


class House(NamedTuple):
    """A started server, what answers beside it, and two firms that read."""

    server: Server
    url: str
    cold: Cold
    tenants: list[Tenant]
    readers: list[Reader]
    clock: Clock

    @classmethod
    def over(cls, server: Server, url: str, tenants: list[Tenant], clock: Clock) -> "House":
        return cls(server, url, Cold(url, server.url, clock), tenants, [Reader(one) for one in tenants], clock)

    def reads(self) -> list[Read]:
        return [read for reader in self.readers for read in reader.reads()]

    def look(self) -> None:
        for reader in self.readers:
            reader.look(self.server)

    def elsewhere(self, work: Callable[[Office], None]) -> None:
        """Write from this process, of which the server hears nothing but by the database."""
        with contextlib.closing(open_database(self.url)) as database:
            database.write(lambda tx: work(Office(tx, self.clock.now())))


@pytest.fixture
def house(database_url: str, tmp_path: Path) -> Iterator[House]:
    tenants = open_house(database_url)
    settings = settings_for(database_url) | {"FAKTURA_WORKER": "false"}
    with running(tmp_path, "serve", settings=settings) as server:
        yield House.over(server, database_url, tenants, Clock())


def test_after_every_write_everybody_reads_what_is_there(house: House, chance: random.Random) -> None:
    """One firm writes; its own answers are other ones then, and those of the other firm what they were."""
    traders = [Trader(house.server, tenant, chance) for tenant in house.tenants]
    for trader in traders:
        trader.add_a_bank_account()
        trader.add_contact()
    house.look()
    for deed in range(length(8, 250)):
        chance.choice(traders).do_any()
        if deed % 4 == 0:
            house.look()
        assert_fresh(house.server, house.cold, chance.sample(house.reads(), length(10, 40)))
    assert_fresh(house.server, house.cold, house.reads())


def books_of(office: Office, tenant: Tenant) -> Books:
    user = office.find(User, email=tenant.email)
    return Books(office.tx, office.find(Account, id=tenant.id), user.id, office.now)


def rename_person(office: Office, tenant: Tenant) -> None:
    change_user(office, office.find(User, email=tenant.email), Given({"full_name": "Jiná Nováková"}))


def change_firm(office: Office, tenant: Tenant) -> None:
    change_account(books_of(office, tenant), Given({"street": "Jiná 7", "invoice_language": "en"}))


def rename_contact(office: Office, tenant: Tenant) -> None:
    books = books_of(office, tenant)
    change_contact(books, books.all(Contact)[0].id, Given({"name": "Přejmenovaný a.s."}))


def add_bank_account(office: Office, tenant: Tenant) -> None:
    books_of(office, tenant).add(BankAccount, name="Další", number="123/0100", currency="PLN")


def block(office: Office, tenant: Tenant) -> None:
    office.change(office.find(Account, id=tenant.id), blocked=True)


def unblock(office: Office, tenant: Tenant) -> None:
    office.change(office.find(Account, id=tenant.id), blocked=False)


def end_program(office: Office, tenant: Tenant) -> None:
    for program in applications_of(office, office.find(User, email=tenant.email)):
        end_application(office, program)


def end_keys(office: Office, tenant: Tenant) -> None:
    user = office.find(User, email=tenant.email)
    for key in keys_of(office, user):
        end_key(office, key.api_key)


ELSEWHERE = (rename_person, change_firm, rename_contact, add_bank_account, block, unblock, end_program, end_keys)
"""What others may do to a firm, in an order in which each is seen."""


def test_what_another_process_wrote_is_read_within_a_second(house: House) -> None:
    """Of the firm that it concerns; nothing changes for the other one."""
    for reader, tenant in zip(house.readers, house.tenants, strict=True):
        trader = Trader(house.server, tenant, random.Random(1))
        trader.add_a_bank_account()
        trader.add_contact()
        reader.look(house.server)
    own, other = (reader.reads() for reader in house.readers)
    for change in ELSEWHERE:
        stale = assert_fresh(house.server, house.cold, [*own, *other[:4]])
        house.elsewhere(functools.partial(change, tenant=house.tenants[0]))
        wait_until_fresh(house.server, house.cold, [*own, *other[:4]], stale)
        assert house.cold.look(own) != {read: stale[read] for read in own}


@needs.ONE_ENGINE
def test_a_command_that_runs_while_answers_are_kept_is_seen(house: House) -> None:
    tenant = house.tenants[0]
    house.look()
    reads = house.readers[0].reads()
    for words in (
        ("account", "set", "--account", tenant.slug, "street=Nowa 1"),
        ("bank", "add", "--account", tenant.slug, "--number", "27114020040000300201355387"),
        ("series", "add", "--account", tenant.slug, "--pattern", "N-#yyyy#-#dddd#"),
        ("user", "remove", "--email", tenant.email, "--account", tenant.slug),
    ):
        stale = assert_fresh(house.server, house.cold, reads)
        done = run(*words, settings=settings_for(house.url))
        assert done.returncode == 0, done.stderr
        wait_until_fresh(house.server, house.cold, reads, stale)


def test_of_two_servers_the_one_that_wrote_is_fresh_and_the_other_one_soon(
    postgres_server: str, postgres_template: str, tmp_path: Path, chance: random.Random
) -> None:
    """Never older than what it answered before."""
    with fresh_database(postgres_server, postgres_template) as url, contextlib.ExitStack() as ends:
        tenants = open_house(url)
        settings = settings_for(url) | {"FAKTURA_WORKER": "false"}
        folders = [tmp_path / name for name in ("here", "there")]
        for folder in folders:
            folder.mkdir()
        servers = [ends.enter_context(running(folder, "serve", settings=settings)) for folder in folders]
        houses = [House.over(server, url, tenants, Clock()) for server in servers]
        traders = [[Trader(server, tenant, chance) for tenant in tenants] for server in servers]
        for trader in traders[0]:
            trader.add_a_bank_account()
            trader.add_contact()
        for _ in range(length(3, 60)):
            here = chance.randrange(2)
            for house in houses:
                house.look()
            # Of the other one everything is waited for, because the next round asks it for what may be old no longer.
            reads = [house.reads() for house in houses]
            reads[here] = chance.sample(reads[here], length(6, 20))
            stale = [house.cold.look(some) for house, some in zip(houses, reads, strict=True)]
            chance.choice(traders[here]).do_any()
            assert_fresh(servers[here], houses[here].cold, reads[here])
            wait_until_fresh(servers[1 - here], houses[1 - here].cold, reads[1 - here], stale[1 - here])


def test_whatever_happens_to_a_sandbox_nothing_of_before_is_read(tmp_path: Path, chance: random.Random) -> None:
    """Modes, blocked accounts, a clock that passes the end of a token, a revoked token, a rewind and a reset."""
    folder = tmp_path / "data"
    tenant = furnished(folder)
    with sandbox_in(folder) as server:
        clock = Clock()
        house = House.over(server, f"sqlite:///{folder / DATABASE}", [tenant], clock)
        life = Life(house, chance)
        for happens in (*LIFE, *(chance.choice(LIFE) for _ in range(length(0, 60)))):
            life.look_around()
            happens(life)
            life.look_around()


class Life:
    """A firm in a sandbox, a token that ends, and what is done to both."""

    def __init__(self, house: House, chance: random.Random) -> None:
        self._house = house
        self._chance = chance
        self._trader = Trader(house.server, house.tenants[0], chance)
        self._told = house.server.ask("GET", "/sandbox/sandbox.json").json["fakturoid"]
        self._standing = dt.datetime.fromisoformat(house.server.ask("GET", "/sandbox").json["clock"])
        self._house.clock.stand_at(self._standing)
        self._trader.add_contact()
        house.look()
        self._token = self._signed_in()

    def look_around(self) -> None:
        bearer = (("Authorization", f"Bearer {self._token}"),)
        own = [Read(f"{FIRST_DOOR}/{path}", bearer) for path in ("user.json", "accounts/applecorp/subjects.json")]
        reads = self._house.reads()
        some = reads if LONG else self._chance.sample(reads, 12)
        assert_fresh(self._house.server, self._house.cold, [*own, *some])

    def be_read_only(self) -> None:
        self._switch(read_only=True)

    def be_overloaded(self) -> None:
        self._switch(busy_search=True)

    def _switch(self, **modes: bool) -> None:
        control(self._house.server, "PATCH", "", modes)
        for name, value in modes.items():
            setattr(self._house.cold.modes, name, value)
        self.look_around()
        control(self._house.server, "PATCH", "", dict.fromkeys(modes, False))
        self._house.cold.modes = Modes()

    def be_blocked(self) -> None:
        for blocked in (True, False):
            state = {"applecorp": {"blocked": blocked}, self._house.tenants[0].slug: {"blocked": blocked}}
            control(self._house.server, "PATCH", "", {"accounts": state})
            self.look_around()

    def let_a_token_expire(self) -> None:
        self._move(dt.timedelta(hours=1, minutes=59, seconds=59))
        self.look_around()
        self._move(dt.timedelta(seconds=1))
        assert self._reads() == 401
        self.look_around()
        self._token = self._signed_in()
        assert self._reads() == 200

    def revoke_a_token(self) -> None:
        pair = {name: self._told[name] for name in ("client_id", "client_secret")}
        sent = {"token": self._token, **pair}
        assert self._house.server.ask("POST", f"{FIRST_DOOR}/oauth/revoke", sent).status == 200
        assert self._reads() == 401
        self.look_around()
        self._token = self._signed_in()

    def rename_a_person(self) -> None:
        """At the pages, in the process that keeps answers; a person is of the house, and of no account."""
        tenant = self._house.tenants[0]
        people = Read(f"{FIRST_DOOR}/accounts/{tenant.slug}/users.json", self._house.readers[0].first)
        name = f"Jiná {self._chance.randrange(10**6)}"
        cookie = sign_in(self._house.server, tenant.email, PASSWORD)
        form = self._house.server.ask("GET", "/me", headers={"Cookie": cookie})
        cookie = form.headers.get("set-cookie", cookie).partition(";")[0]
        token = re.search(r'name="csrf_token" value="([^"]*)"', form.body.decode())
        assert token
        sent = urlencode({"csrf_token": token[1], "full_name": name, "language": "cs"}).encode()
        headers = {"Cookie": cookie, "Content-Type": FORM}
        assert self._house.server.ask("POST", "/me", headers=headers, raw=sent).status == 303
        expected = assert_fresh(self._house.server, self._house.cold, [people])
        assert name.encode() in expected[people].body

    def move_the_clock_back(self) -> None:
        self._move(-dt.timedelta(minutes=30))

    def be_brought_back(self) -> None:
        """What was written meanwhile has ids and versions that come again and mean something else."""
        control(self._house.server, "POST", "/checkpoints/here")
        for _ in range(2):
            for _ in range(3):
                self._trader.do_any()
            self._house.look()
            self.look_around()
            control(self._house.server, "POST", "/checkpoints/here/rewind")
            self.look_around()

    def trade(self) -> None:
        self._trader.do_any()
        self._house.look()

    def begin_again(self) -> None:
        """The firm, which is none of the example, is gone; a checkpoint brings it back."""
        control(self._house.server, "POST", "/checkpoints/whole")
        control(self._house.server, "POST", "/reset")
        beginning = self._house.server.ask("GET", "/sandbox").json
        control(self._house.server, "PATCH", "", {"clock": self._standing.isoformat()})
        assert beginning["read_only"] is False
        control(self._house.server, "PATCH", "", {"rate_limits": LIMITS_OFF})
        self.look_around()
        control(self._house.server, "POST", "/checkpoints/whole/rewind")

    def _signed_in(self) -> str:
        sent = {"grant_type": "client_credentials"}
        headers = {"Authorization": basic(self._told["client_id"], self._told["client_secret"])}
        return str(self._house.server.ask("POST", f"{FIRST_DOOR}/oauth/token", sent, headers).json["access_token"])

    def _reads(self) -> int:
        bearer = {"Authorization": f"Bearer {self._token}"}
        return self._house.server.ask("GET", f"{FIRST_DOOR}/accounts/applecorp/subjects.json", None, bearer).status

    def _move(self, by: dt.timedelta) -> None:
        self._standing += by
        control(self._house.server, "PATCH", "", {"clock": self._standing.isoformat()})
        self._house.clock.stand_at(self._standing)


LIFE: tuple[Callable[[Life], None], ...] = (
    Life.trade,
    Life.be_read_only,
    Life.be_overloaded,
    Life.be_blocked,
    Life.let_a_token_expire,
    Life.move_the_clock_back,
    Life.revoke_a_token,
    Life.rename_a_person,
    Life.be_brought_back,
    Life.begin_again,
)
