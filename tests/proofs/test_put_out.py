"""Whoever is put out is out: each way of putting out, each kind of credential, in two serving processes."""

import base64
import contextlib
import itertools
import re
import secrets
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple, TypeVar
from urllib.parse import urlencode

import pytest

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.api_keys import add_api_key
from faktura.core.people.applications import grant_access, register_application
from faktura.core.people.sign_in import admit
from faktura.core.people.tokens import issue_access_token, issue_refresh_token
from faktura.core.people.users import User
from faktura.store.database import Database, open_database
from tests.firm import PASSWORD, open_firm
from tests.postgres import fresh_database
from tests.proofs.full_house import every_scope, sign_in
from tests.proofs.served import assert_whole, settings_for
from tests.running import Server, run, running

T = TypeVar("T")

FIRST_DOOR = "/fakturoid/api/v3"
PATIENCE = 30
"""Seconds that an end may take on a machine that has other things to do; the promise is one."""

ALL = {"browser", "other browser", "consent", "refresh", "own program", "key"}


class House(NamedTuple):
    """Two servers over one database."""

    url: str
    here: Server
    there: Server
    database: Database

    def command(self, *words: str, typed: str = "") -> None:
        done = run(*words, typed=typed, settings=settings_for(self.url))
        assert done.returncode == 0, done.stderr


class Person(NamedTuple):
    """The owner of a firm, and one credential of each kind that opens it; the last is signed in nowhere yet."""

    slug: str
    email: str
    cookie: str
    other_cookie: str
    shop_id: int
    client_id: str
    client_secret: str
    access: str
    refresh: str
    own_client_id: str
    own: str
    key: str

    def opens(self, server: Server) -> set[str]:
        """What opens the firm's books, or leads to what does."""
        return {name for name, ask in self._ways(server) if ask()}

    def _ways(self, server: Server) -> Iterator[tuple[str, Callable[[], bool]]]:
        page, subjects = f"/{self.slug}/subjects", f"{FIRST_DOOR}/accounts/{self.slug}/subjects.json"

        def asked(path: str, **headers: str) -> bool:
            return server.ask("GET", path, headers=headers).status == 200

        yield "browser", lambda: asked(page, Cookie=self.cookie)
        yield "other browser", lambda: asked(page, Cookie=self.other_cookie)
        yield "consent", lambda: asked(subjects, Authorization=f"Bearer {self.access}")
        yield "refresh", lambda: self._ask_for_token(server).status == 200
        yield "own program", lambda: asked(subjects, Authorization=f"Bearer {self.own}")
        yield "key", lambda: asked("/infakt/v3/clients.json", **{"X-inFakt-ApiKey": self.key})

    def _ask_for_token(self, server: Server) -> Any:
        return self.show_secret(server, "token", grant_type="refresh_token", refresh_token=self.refresh)

    def show_secret(self, server: Server, path: str, **body: str) -> Any:
        basic = base64.b64encode(f"{self.client_id}:{self.client_secret}".encode()).decode()
        headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/json"}
        return server.ask("POST", f"{FIRST_DOOR}/oauth/{path}", body, headers)

    def send_form(self, server: Server, path: str) -> None:
        """Press a button of the page on which a person ends what they let in."""
        page = server.ask("GET", "/".join(path.split("/")[:3]), headers={"Cookie": self.cookie})
        assert f'action="{path}"' in page.body.decode()
        token = re.search(r'name="csrf_token" value="([^"]*)"', page.body.decode())
        assert token
        # The cookie with the token that the form is held against.
        cookie = page.headers.get("set-cookie", self.cookie).partition(";")[0]
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        sent = urlencode({"csrf_token": token[1]}).encode()
        assert server.ask("POST", path, headers=headers, raw=sent).status == 303


@pytest.fixture(scope="module")
def house(postgres_server: str, postgres_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with fresh_database(postgres_server, postgres_template) as url, contextlib.ExitStack() as ends:
        settings = settings_for(url) | {"FAKTURA_WORKER": "false"}

        def start(name: str) -> Server:
            folder: Path = tmp_path_factory.mktemp(name)
            return ends.enter_context(running(folder, "serve", settings=settings))

        database = ends.enter_context(contextlib.closing(open_database(url)))
        yield House(url, start("here"), start("there"), database)


_numbers = itertools.count(1)


@pytest.fixture
def person(house: House) -> Person:
    slug = f"firm-{next(_numbers)}"
    firm = open_firm(house.database, Clock(), slug)
    cookie, other_cookie = (sign_in(server, firm.user.email, PASSWORD) for server in (house.here, house.there))

    def let_in(office: Office) -> Person:
        addresses = ("https://shop.example/cb",)
        shop, client_id, secret = register_application(office, firm.user, "Shop", "integration", addresses)
        grant = grant_access(office, shop, firm.user.id)
        return Person(
            slug=slug,
            email=firm.user.email,
            cookie=cookie,
            other_cookie=other_cookie,
            shop_id=shop.id,
            client_id=client_id,
            client_secret=secret,
            access=issue_access_token(office, grant),
            refresh=issue_refresh_token(office, grant),
            own_client_id=firm.client_id,
            own=firm.token,
            key=add_api_key(office, firm.account, firm.user, "tests", every_scope()),
        )

    return in_office(house, let_in)


def in_office(house: House, work: Callable[[Office], T]) -> T:
    return house.database.write(lambda tx: work(Office(tx, Clock().now())))


def key_number(house: House, person: Person) -> str:
    return run("key", "list", "--user", person.email, settings=settings_for(house.url)).stdout.partition("\t")[0]


def change_password(house: House, person: Person) -> None:
    house.command("user", "password", "--email", person.email, typed=f"{secrets.token_hex(20)}\n")


def remove_member(house: House, person: Person) -> None:
    house.command("user", "remove", "--email", person.email, "--account", person.slug)


def end_sessions(house: House, person: Person) -> None:
    house.command("session", "end", "--user", person.email)


def end_other_sessions(house: House, person: Person) -> None:
    person.send_form(house.here, "/me/sessions/end")


def end_consent(house: House, person: Person) -> None:
    house.command("consent", "end", person.client_id, "--user", person.email)


def end_consent_at_the_page(house: House, person: Person) -> None:
    person.send_form(house.here, f"/me/applications/consents/{person.shop_id}/end")


def give_consent_back(house: House, person: Person) -> None:
    assert person.show_secret(house.here, "revoke", token=person.refresh).status == 200


def end_application(house: House, person: Person) -> None:
    house.command("application", "end", person.client_id)


def end_own_application(house: House, person: Person) -> None:
    house.command("application", "end", person.own_client_id)


def renew_secret(house: House, person: Person) -> None:
    house.command("application", "secret", person.client_id)


def end_key(house: House, person: Person) -> None:
    house.command("key", "end", key_number(house, person))


WAYS: dict[Callable[[House, Person], None], set[str]] = {
    change_password: ALL - {"key"},
    remove_member: ALL - {"refresh"},
    end_sessions: {"browser", "other browser"},
    end_other_sessions: {"other browser"},
    end_consent: {"consent", "refresh"},
    end_consent_at_the_page: {"consent", "refresh"},
    give_consent_back: {"consent", "refresh"},
    end_application: {"consent", "refresh"},
    end_own_application: {"own program"},
    renew_secret: {"consent", "refresh"},
    end_key: {"key"},
}
"""What each way of putting out ends. The refresh token of whoever left an account is for their other accounts, too."""

AT_THIS_SERVER = {end_other_sessions, end_consent_at_the_page, give_consent_back}


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_what_is_ended_opens_nothing_in_any_process_and_all_else_opens(
    house: House, person: Person, way: Callable[[House, Person], None]
) -> None:
    assert person.opens(house.here) == person.opens(house.there) == ALL
    way(house, person)

    if way in AT_THIS_SERVER:
        assert person.opens(house.here) == ALL - WAYS[way]
    for server in (house.here, house.there):
        wait_until_opens(person, server, ALL - WAYS[way])


def wait_until_opens(person: Person, server: Server, expected: set[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while (opening := person.opens(server)) != expected:
        assert opening > expected, f"{expected - opening} should still open"
        assert time.monotonic() < deadline, f"{opening - expected} should open nothing any more"
        time.sleep(0.1)


def test_a_session_that_begins_while_the_password_changes_ends_with_it(house: House, person: Person) -> None:
    """The password was found right, then it changed, and only then the session is written."""
    found = in_office(house, lambda office: office.find(User, email=person.email))
    change_password(house, person)
    secret = in_office(house, lambda office: admit(office, found, []))

    assert secret
    listed = run("session", "list", "--user", person.email, settings=settings_for(house.url))
    assert (listed.returncode, listed.stdout) == (0, "")


def test_after_all_of_that_the_database_is_sound(house: House, person: Person) -> None:
    for way in (end_consent_at_the_page, remove_member, end_application, end_own_application):
        way(house, person)
    assert_whole(house.url)
