"""No line of the log holds a secret: at its lowest level, through every door, and when something fails within."""

import base64
import contextlib
import hashlib
import random
import re
import secrets
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from html import unescape
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import pytest
import sqlalchemy as sa
import trustme

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.messages import Message
from faktura.core.people.applications import register_application
from faktura.core.people.users import User
from faktura.dialects import installed
from faktura.store import schema
from faktura.store.database import open_database
from faktura.store.records import RECORDS
from tests import needs
from tests.firm import PASSWORD
from tests.mail_double import USER, ca_file_of, mail_server
from tests.proofs.full_house import FIRST_DOOR, SECOND_DOOR, Tenant, open_house, rows_of, sign_in, trade
from tests.proofs.history import LONG
from tests.proofs.served import KEY, settings_for
from tests.running import PATIENCE, Answer, Server, running

pytestmark = [needs.FAKTUROID, needs.INFAKT, pytest.mark.timeout(300)]

SHOP = "https://shop.example/back"
FORM = "application/x-www-form-urlencoded"
MAIL_PASSWORD = "a-mail-password-Xk29"
DATABASE_PASSWORD = "a-database-password-Yw31"

FOLLOWS = re.compile(r"/(?:p|files|downloads|pdf_many)/([\w%.~-]{8,})")
TELLS = re.compile(r'"(?:\w*token|\w*secret|code|authenticity\w*)": ?"([^"]{8,})"')
TICKS = re.compile(r'name="csrf_token" value="([^"]*)"')
RUNS = [("sqlite", "json"), ("postgresql", "text"), *([("sqlite", "text"), ("postgresql", "json")] if LONG else [])]
"""Each engine and each form of the log; in the long run each with each."""
OPENS = ("Authorization", "Cookie", "X-inFakt-ApiKey")


class Spy(Server):
    """A server as its clients see it; what opens something, in what they send and hear, is kept by its kind."""

    secrets: defaultdict[str, set[str]]

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None, *, raw: bytes = b""
    ) -> Answer:
        answer = super().ask(method, path, body, headers, raw=raw)
        for name in OPENS:
            if name in (headers or {}):
                self.keep(f"sent {name}", str((headers or {})[name]).partition(" ")[2] or (headers or {})[name])
        cookie = answer.headers.get("set-cookie", "").partition(";")[0].partition("=")[2]
        self.keep("cookie", cookie)
        heard = answer.body.decode(errors="replace") + answer.headers.get("location", "")
        self.keep("link", *FOLLOWS.findall(heard))
        self.keep("told", *TELLS.findall(heard))
        self.keep("csrf", *map(unescape, TICKS.findall(heard)))
        return answer

    def keep(self, kind: str, *found: str) -> None:
        self.secrets[kind] |= {one for one in found if len(one) >= 8}


class House(NamedTuple):
    url: str
    tenant: Tenant
    client_id: str
    client_secret: str


def open_shop(url: str, tenant: Tenant) -> House:
    """The house with an integration that asks people for access."""
    with contextlib.closing(open_database(url)) as database:

        def work(office: Office) -> tuple[str, str]:
            owner = office.find(User, email=tenant.email)
            return register_application(office, owner, "Shop", "integration", (SHOP,))[1:]

        return House(url, tenant, *database.write(lambda tx: work(Office(tx, Clock().now()))))


@pytest.mark.parametrize(("durable_url", "form"), RUNS, indirect=["durable_url"])
def test_no_line_of_the_log_holds_a_secret(durable_url: str, tmp_path: Path, form: str, chance: random.Random) -> None:
    url = durable_url.replace("postgres@", f"postgres:{DATABASE_PASSWORD}@")
    house = open_shop(url, open_house(url)[0])
    authority = trustme.CA()
    with mail_server(authority.issue_cert("127.0.0.1"), login=True) as room:
        address = f"smtp://{quote(USER)}:{MAIL_PASSWORD}@127.0.0.1:{room.port}"
        settings = {
            **settings_for(url),
            "FAKTURA_LOG_LEVEL": "debug",
            "FAKTURA_LOG_REQUESTS": "true",
            "FAKTURA_LOG_FORMAT": form,
            "FAKTURA_SMTP_URL": f"{address}?from=house@example.com&ca_file={ca_file_of(authority, tmp_path)}",
        }
        with running(tmp_path, "serve", settings=settings) as server:
            spy = Spy(*server)
            spy.secrets = defaultdict(set)
            spy.keep("set", KEY, MAIL_PASSWORD, DATABASE_PASSWORD, PASSWORD)
            trade(spy, house.tenant)
            keep_what_is_written_down(spy, url)
            let_a_shop_in(spy, house)
            cookie = show_everything_at_the_pages(spy, house)
            show_wrong_ones_everywhere(spy, house, chance)
            wait_until_the_mail_server_refused(url)
            break_what_is_read(url)
            failed = show_everything_again(spy, house, cookie)
            assert server.stop() == 0
    log = unquote(server.log.read_text() + server.output.read_text())

    assert failed > 3
    assert log.count("Traceback") >= failed
    assert "debug" in log
    assert re.search(r"/p/(…|\\u2026)", log)
    assert {kind for kind, found in spy.secrets.items() if found} >= KINDS
    assert [(kind, one) for kind, found in spy.secrets.items() for one in found if unquote(one) in log] == []


KINDS = {"set", "cookie", "csrf", "link", "told", "written", "code", "verifier", "wrong", *(f"sent {n}" for n in OPENS)}


def keep_what_is_written_down(spy: Spy, url: str) -> None:
    """The secrets that lie in the database as they are."""
    for table, rows in rows_of(url).items():
        for place, name in enumerate(RECORDS[table].__struct_fields__):
            if name in {"token", "secret", "password_hash", "secret_hash", "hash"}:
                spy.keep("written", *(str(row[place]) for row in rows if row[place]))


def let_a_shop_in(spy: Spy, house: House) -> None:
    """The whole way from the shop's link to tokens that are ended, with a code that comes twice."""
    cookie = sign_in(spy, house.tenant.email, PASSWORD)
    verifier = secrets.token_urlsafe(48)
    spy.keep("verifier", verifier)
    digest = hashlib.sha256(verifier.encode()).digest()
    challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    asked = {"client_id": house.client_id, "redirect_uri": SHOP, "response_type": "code", "state": "of-the-shop"}
    asked |= {"code_challenge": challenge, "code_challenge_method": "S256"}
    sent = spy.ask("GET", f"{FIRST_DOOR}/oauth?{urlencode(asked)}", headers={"Cookie": cookie})
    consent = urlsplit(sent.headers["location"])
    page = spy.ask("GET", f"{consent.path}?{consent.query}", headers={"Cookie": cookie})
    cookie = page.headers.get("set-cookie", cookie).partition(";")[0]
    said = {"csrf_token": unescape(TICKS.findall(page.body.decode())[0]), "decision": "allow"}
    decided = spy.ask(
        "POST",
        f"{consent.path}?{consent.query}",
        headers={"Cookie": cookie, "Content-Type": FORM},
        raw=urlencode(said).encode(),
    )
    code = dict(parse_qsl(urlsplit(decided.headers["location"]).query))["code"]
    spy.keep("code", code, house.client_secret)
    basic = base64.b64encode(f"{house.client_id}:{house.client_secret}".encode()).decode()
    headers = {"Authorization": f"Basic {basic}"}
    got = {"grant_type": "authorization_code", "code": code, "redirect_uri": SHOP, "code_verifier": verifier}
    tokens = spy.ask("POST", f"{FIRST_DOOR}/oauth/token", got, headers)
    assert tokens.status == 200, tokens.body
    refresh = {"grant_type": "refresh_token", "refresh_token": tokens.json["refresh_token"]}
    assert spy.ask("POST", f"{FIRST_DOOR}/oauth/token", refresh, headers).status == 200
    bearer = {"Authorization": f"Bearer {tokens.json['access_token']}"}
    assert spy.ask("GET", f"{FIRST_DOOR}/user.json", headers=bearer).status == 200
    spy.ask("POST", f"{FIRST_DOOR}/oauth/revoke", {"token": tokens.json["refresh_token"]}, headers)
    assert spy.ask("POST", f"{FIRST_DOOR}/oauth/token", got, headers).status == 400


def links_of(spy: Spy, house: House) -> Iterator[str]:
    """The addresses that open something by themselves."""
    slug = house.tenant.slug
    for link in sorted(spy.secrets["link"] | spy.secrets["written"]):
        yield from (f"/{slug}/p/{link}", f"/{slug}/p/{link}/1", f"/{slug}//p//{link}", f"/{slug}/files/{link}/16000001")
        yield from (f"{SECOND_DOOR}/downloads/{link}", f"{SECOND_DOOR}/async/incomes/pdf_many/{link}.json")
        yield f"{SECOND_DOOR}/async/incomes/pdf_many/{link}/check.json"


def show_everything_at_the_pages(spy: Spy, house: House) -> str:
    """Every link is opened; what lists links is asked for before."""
    keyed, bearer = house.tenant.keyed, house.tenant.bearer
    for path in ("invoices.json", "subjects.json", "account.json"):
        spy.ask("GET", f"{FIRST_DOOR}/accounts/{house.tenant.slug}/{path}", headers=bearer)
    for invoice in spy.ask("GET", f"{SECOND_DOOR}/invoices.json", headers=keyed).json["entities"]:
        for part in ("attachments", "share_links"):
            spy.ask("GET", f"{SECOND_DOOR}/invoices/{invoice['uuid']}/{part}.json", headers=keyed)
    for path in links_of(spy, house):
        spy.ask("GET", path)
    cookie = sign_in(spy, house.tenant.email, PASSWORD)
    for path in (
        "",
        "/me/keys",
        "/me/applications",
        f"/{house.tenant.slug}/subjects?q=inthequery",
        f"/{house.tenant.slug}/invoices",
    ):
        spy.ask("GET", path or "/", headers={"Cookie": cookie})
    return cookie


def show_wrong_ones_everywhere(spy: Spy, house: House, chance: random.Random) -> None:
    """Wherever an operation may be sent something: in the head, the address, the body, and in bodies of no sense."""

    def wrong() -> str:
        made = f"{chance.getrandbits(100):026x}"
        spy.keep("wrong", made)
        return made

    for dialect in installed():
        for path, item in dialect.openapi("http://localhost")["paths"].items():
            address = next(iter(dialect.mounts)) + re.sub(r"{\w+}", "1", path.replace("{slug}", house.tenant.slug))
            address = re.sub(r"(pdf_many|downloads)/1", lambda found: f"{found[1]}/{wrong()}", address)
            for method in item.keys() - {"parameters"}:
                query = urlencode({"api_key": wrong(), "access_token": wrong(), "code": wrong(), "q": wrong()})
                headers = {"Authorization": f"Bearer {wrong()}", "X-inFakt-ApiKey": wrong(), "Cookie": f"s={wrong()}"}
                body = {name: wrong() for name in ("token", "code", "client_secret", "refresh_token", "password")}
                spy.ask(method.upper(), f"{address}?{query}", body, headers)
                raw = f'{{"client_secret": "{wrong()}"'.encode()
                spy.ask(method.upper(), address, raw=raw, headers={**headers, "Content-Type": "application/json"})
                for known in (house.tenant.bearer, house.tenant.keyed):
                    spy.ask(method.upper(), f"{address}?{query}", raw=raw, headers=known)
    for path in (
        "/sign-in",
        "/sign-out",
        "/consent",
        "/me/keys/new",
        "/me/applications/new",
        f"/{house.tenant.slug}/p/{wrong()}",
    ):
        for kind in (FORM, "multipart/form-data; boundary=b", "application/json"):
            raw = urlencode({"email": "x@y.example", "password": wrong(), "csrf_token": wrong()}).encode()
            spy.ask("POST", f"{path}?next={wrong()}", raw=raw, headers={"Content-Type": kind, "Cookie": wrong()})
    spy.ask("GET", "/", headers={"Host": f"{wrong()} {wrong()}"})


def break_what_is_read(url: str) -> None:
    """From now on whoever reads a document or looks up who somebody is fails in the middle of it."""
    with contextlib.closing(open_database(url)) as database, schema.engine_for(database).begin() as connection:
        for statement in (
            "UPDATE invoices SET lines = 'no JSON'",
            "UPDATE api_keys SET scopes = 'no JSON'",
            "UPDATE memberships SET scopes = 'no JSON'",
            "UPDATE applications SET redirect_uris = 'no JSON'",
        ):
            connection.execute(sa.text(statement))


def show_everything_again(spy: Spy, house: House, cookie: str) -> int:
    """How many were answered that the server failed."""
    basic = base64.b64encode(f"{house.client_id}:{house.client_secret}".encode()).decode()
    got = {"grant_type": "refresh_token", "refresh_token": "no-such-refresh-token"}
    answers = [
        *(spy.ask("GET", path) for path in links_of(spy, house)),
        spy.ask("GET", f"{FIRST_DOOR}/accounts/{house.tenant.slug}/invoices.json?page=1", headers=house.tenant.bearer),
        spy.ask("GET", f"{SECOND_DOOR}/invoices.json?limit=7", headers=house.tenant.keyed),
        spy.ask("GET", f"/{house.tenant.slug}/invoices", headers={"Cookie": cookie}),
        spy.ask("POST", f"{FIRST_DOOR}/oauth/token", got, {"Authorization": f"Basic {basic}"}),
        spy.ask("GET", f"{FIRST_DOOR}/oauth?client_id={house.client_id}&redirect_uri={SHOP}&response_type=code"),
    ]
    return sum(answer.status == 500 for answer in answers)


def wait_until_the_mail_server_refused(url: str) -> None:
    """It knows another password than the one that is set."""
    deadline = time.monotonic() + PATIENCE
    while not any(row[ANSWER] for row in rows_of(url)["messages"]):
        assert time.monotonic() < deadline
        time.sleep(0.1)


ANSWER = Message.__struct_fields__.index("answer")
