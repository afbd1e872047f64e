"""Four processes of one server on one PostgreSQL: what is one for all of them, and what each reads of the others."""

import contextlib
import functools
import http.client
import itertools
import json
import os
import random
import re
import signal
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlencode

import pytest

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.store.database import Database, open_database
from faktura.store.quiet import LONGEST
from faktura.store.transaction import Transaction
from tests import needs
from tests.firm import PASSWORD, Firm, open_firm
from tests.mail_double import Mailroom, mail_server
from tests.postgres import fresh_database
from tests.proofs.full_house import sign_in
from tests.proofs.served import contacts_path, headers_of, make_firm, settings_for
from tests.running import PATIENCE, Answer, Server, running, wait_until

pytestmark = needs.FAKTUROID

PROCESSES = 4
ROUNDS = 60
MOST_CONTACTS = 30
"""So that one page has them all."""

API = "/fakturoid/api/v3"
USER = f"{API}/user.json"


class Line:
    """A connection that stays open, as long as it rests no ten seconds, and so leads to one and the same process."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE)
        self.process = self.ask("GET", "/readyz").headers["x-request-id"].partition("-")[0]

    def ask(
        self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None, *, raw: bytes = b""
    ) -> Answer:
        sent = raw if body is None else json.dumps(body).encode()
        self._connection.request(method, path, sent or None, {"User-Agent": "tests", **(headers or {})})
        answer = self._connection.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())

    def close(self) -> None:
        self._connection.close()


class House(NamedTuple):
    """A server whose processes do jobs, too."""

    server: Server
    database: Database
    room: Mailroom

    def open_firm(self) -> Firm:
        firm = open_firm(self.database, Clock(), f"firm-{next(_numbers)}", invoice_email="firm@firm.example")

        def add_bank(tx: Transaction) -> None:
            given = Given({"name": "Hlavní účet", "number": "2000145399/0800", "currency": "CZK"})
            add_bank_account(Books(tx, firm.account, None, Clock().now()), given)

        self.database.write(add_bank, firm.account.id)
        return firm


_numbers = itertools.count(1)


@pytest.fixture(scope="module")
def house(postgres_server: str, postgres_template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with (
        fresh_database(postgres_server, postgres_template) as url,
        mail_server() as room,
        contextlib.closing(open_database(url)) as database,
    ):
        smtp = {"FAKTURA_SMTP_URL": f"smtp://127.0.0.1:{room.port}?from=posta@house.example"}
        settings = settings_for(url) | smtp | {"FAKTURA_PROCESSES": str(PROCESSES)}
        folder = tmp_path_factory.mktemp("house")
        with running(folder, "serve", settings=settings) as server:
            yield House(server, database, room)


@pytest.fixture
def lines(house: House) -> Iterator[list[Line]]:
    with lines_to(house.server) as lines:
        yield lines


@pytest.fixture
def limited(postgres_url: str) -> dict[str, str]:
    return settings_for(postgres_url) | {"FAKTURA_RATE_LIMITS": "true", "FAKTURA_WORKER": "false"}


@contextlib.contextmanager
def lines_to(server: Server, processes: int = PROCESSES) -> Iterator[list[Line]]:
    """One to each process."""
    found: dict[str, Line] = {}

    def all_found() -> bool:
        with contextlib.suppress(ConnectionError):  # of a process that ends or begins
            line = Line(server)
            if found.setdefault(line.process, line) is not line:
                line.close()
        return len(found) == processes

    wait_until(all_found)
    yield list(found.values())
    for line in found.values():
        line.close()


def left(answer: Answer) -> int:
    return int(answer.headers["x-ratelimit"].split("r=")[1].split(";")[0])


def test_what_one_process_wrote_every_other_reads_at_once(house: House, lines: list[Line]) -> None:
    firm, chance = house.open_firm(), random.Random(13)  # noqa: S311 (no secret)
    every, names = contacts_path(firm), dict[str, str]()
    for number in range(ROUNDS):
        name, writer = f"Odběratel {number}", chance.choice(lines)
        path = chance.choice([every, *names]) if len(names) < MOST_CONTACTS else chance.choice([*names])
        written = writer.ask("POST" if path == every else "PATCH", path, {"name": name}, headers_of(firm))
        assert written.status in {200, 201}, written.body
        one = f"{every.removesuffix('.json')}/{written.json['id']}.json"
        names[one] = name
        for line in chance.sample(lines, PROCESSES):
            for _ in range(3):
                assert line.ask("GET", one, None, headers_of(firm)).json["name"] == name
                page = line.ask("GET", every, None, headers_of(firm)).json
                assert [contact["name"] for contact in page] == list(names.values())


def test_what_another_program_wrote_is_read_within_a_second(house: House, lines: list[Line]) -> None:
    firm = house.open_firm()

    def write(tx: Transaction) -> None:
        add_contact(Books(tx, firm.account, firm.user.id, Clock().now()), Given({"name": "Odběratel"}))

    def read(line: Line) -> int:
        return len(line.ask("GET", contacts_path(firm), None, headers_of(firm)).json)

    for number in range(3):
        assert [read(line) for line in lines * 3] == [number] * PROCESSES * 3
        house.database.write(write, firm.account.id)
        time.sleep(LONGEST)
        assert [read(line) for line in lines] == [number + 1] * PROCESSES


def test_a_token_that_one_process_revoked_opens_nothing_in_any(house: House, lines: list[Line]) -> None:
    firm = house.open_firm()
    secrets = {"client_id": firm.client_id, "client_secret": firm.client_secret}
    said = {"Content-Type": "application/json"}

    def statuses(token: str) -> list[int]:
        asked = {"Authorization": f"Bearer {token}"}
        return [line.ask("GET", contacts_path(firm), None, asked).status for line in lines * 3]

    for line in lines:
        sent = {"grant_type": "client_credentials", **secrets}
        token = line.ask("POST", f"{API}/oauth/token", sent, said).json["access_token"]
        assert set(statuses(token)) == {200}
        assert line.ask("POST", f"{API}/oauth/revoke", {"token": token, **secrets}, said).status == 200
        assert set(statuses(token)) == {401}


def test_who_signed_out_at_one_process_is_out_at_all(house: House) -> None:
    firm = house.open_firm()
    cookie, page = sign_in(house.server, firm.user.email, PASSWORD), f"/{firm.account.slug}/subjects"
    with lines_to(house.server) as lines:
        read = [line.ask("GET", page, headers={"Cookie": cookie}) for line in lines * 2]
        assert {answer.status for answer in read} == {200}
        token = re.search(r'name="csrf_token" value="([^"]*)"', read[-1].body.decode())
        assert token
        cookie = read[-1].headers.get("set-cookie", cookie).partition(";")[0]
        said = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded"}
        sent = urlencode({"csrf_token": token[1]}).encode()
        assert lines[0].ask("POST", "/sign-out", headers=said, raw=sent).status == 303
        assert {line.ask("GET", page, headers={"Cookie": cookie}).status for line in lines} == {302}


def test_writers_in_all_of_them_leave_no_gap_in_a_series_and_number_nothing_twice(
    house: House, lines: list[Line]
) -> None:
    firm = house.open_firm()
    made = lines[0].ask("POST", contacts_path(firm), {"name": "Odběratel"}, headers_of(firm)).json
    path = f"{API}/accounts/{firm.account.slug}/invoices.json"
    sent = {"subject_id": made["id"], "lines": [{"name": "Práce", "quantity": 1, "unit_price": 100}]}

    def issue_on_and_on(line: Line) -> list[Answer]:
        return [line.ask("POST", path, sent, headers_of(firm)) for _ in range(15)]

    with ThreadPoolExecutor() as threads:
        answers = [answer for several in threads.map(issue_on_and_on, lines) for answer in several]
    assert {answer.status for answer in answers} == {201}, answers[0].body
    numbers = sorted(answer.json["number"] for answer in answers)
    assert [int(number.rpartition("-")[2]) for number in numbers] == list(range(1, 15 * PROCESSES + 1))
    assert len({answer.json["id"] for answer in answers}) == 15 * PROCESSES


def test_each_letter_goes_out_once_whichever_worker_sends_it(house: House, lines: list[Line]) -> None:
    firm = house.open_firm()
    made = lines[0].ask("POST", contacts_path(firm), {"name": "Odběratel"}, headers_of(firm)).json
    invoices = f"{API}/accounts/{firm.account.slug}/invoices"
    issued = {"subject_id": made["id"], "lines": [{"name": "Práce", "quantity": 1, "unit_price": 100}]}
    wanted = [f"{number}@odberatel.example" for number in range(12)]
    for line, address in zip(itertools.cycle(lines), wanted, strict=False):
        invoice = line.ask("POST", f"{invoices}.json", issued, headers_of(firm)).json
        message = {"email": address, "subject": "Faktura", "message": "Dobrý den"}
        sent = line.ask("POST", f"{invoices}/{invoice['id']}/message.json", message, headers_of(firm))
        assert sent.status in {200, 201, 204}, sent.body

    def received() -> list[str]:
        return sorted(str(email["To"]) for email in house.room.emails)

    wait_until(lambda: len(received()) >= len(wanted))
    time.sleep(1)
    assert received() == sorted(wanted)


def test_the_limits_of_an_address_and_of_an_account_are_one_for_all_processes(
    postgres_url: str, limited: dict[str, str], tmp_path: Path
) -> None:
    firm, settings = make_firm(postgres_url), limited | {"FAKTURA_ACCOUNT_REQUESTS": "10"}
    with running(tmp_path, "serve", "--processes", "4", settings=settings) as server, lines_to(server) as lines:
        found = [left(line.ask("GET", USER, headers=headers_of(firm))) for line in lines * 3]
        assert found == list(range(found[0], found[0] - 3 * PROCESSES, -1))

        statuses = [line.ask("GET", contacts_path(firm), headers=headers_of(firm)).status for line in lines * 3]
        assert statuses == [200] * 10 + [429] * 2


def test_what_a_killed_process_counted_stays_counted(
    postgres_url: str, limited: dict[str, str], tmp_path: Path
) -> None:
    firm = make_firm(postgres_url)
    with running(tmp_path, "serve", "--processes", "2", settings=limited) as server:
        with lines_to(server, 2) as lines:
            before = [left(line.ask("GET", USER, headers=headers_of(firm))) for line in lines * 5][-1]
        for child in server.children:
            os.kill(child, signal.SIGKILL)
            wait_until(functools.partial(is_replaced, server, child))
        with lines_to(server, 2) as lines:
            after = [left(line.ask("GET", USER, headers=headers_of(firm))) for line in lines]
            assert after == [before - 1, before - 2]


def is_replaced(server: Server, child: int) -> bool:
    return child not in server.children and len(server.children) == 2
