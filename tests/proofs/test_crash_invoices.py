"""No number is lost, left out or given twice, however often the server is killed with kill -9; on both engines."""

import contextlib
import itertools
import json
import random
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.core.bank_accounts import add_bank_account
from faktura.core.books.books import Books
from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.documents.numbering import NumberSeries
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.people.api_keys import add_api_key
from faktura.store.database import Database, open_database
from faktura.store.statements import Query
from faktura.store.transaction import Transaction
from tests import needs
from tests.firm import Firm, open_firm
from tests.proofs.history import length
from tests.proofs.served import assert_whole, settings_for
from tests.running import PATIENCE, Server, end, free_port, start, wait_until_open

INVOICES = length(300, 20_000)
CLIENTS = 64
KILLS = length(2, 20)
KINDS = ("invoice", "proforma")
SECOND_KINDS = {"invoice": "vat", "proforma": "proforma"}
SCOPES = ("api:invoices:read", "api:invoices:write")


class Series(NamedTuple):
    """What one kind of document of one firm is issued with: the request, ready to be sent."""

    account_id: int
    kind: str
    request: bytes


class Issued(NamedTuple):
    """A document that the server answered to have issued."""

    series: Series
    id: int
    number: str


@pytest.mark.timeout(length(300, 2400))
@needs.FAKTUROID
def test_numbers_go_on_without_gap_or_double_through_kills_of_the_server(
    durable_url: str, tmp_path: Path, chance: random.Random
) -> None:
    issue_and_kill(durable_url, tmp_path, first_door, INVOICES, chance.sample(range(INVOICES), KILLS))


@pytest.mark.timeout(length(300, 1200))
@needs.INFAKT
def test_so_they_do_through_the_second_door(durable_url: str, tmp_path: Path, chance: random.Random) -> None:
    some = INVOICES // 4
    issue_and_kill(durable_url, tmp_path, second_door, some, chance.sample(range(some), KILLS // 2))


def issue_and_kill(durable_url: str, tmp_path: Path, door: "Door", invoices: int, kills: list[int]) -> None:
    """Issue so many documents, kill the server after so many meanwhile, and look at what is there afterwards."""
    port = free_port()
    answered: list[Issued] = []
    every_series: list[Series] = []
    for until in sorted([*kills, invoices]):
        server = start(tmp_path, "serve", port=port, settings=settings_for(durable_url))
        try:
            wait_until_open(server)
            every_series = every_series or open_series(durable_url, door)
            issue_until(server, every_series, answered, until, killing=until < invoices)
        finally:
            end(server.process)
    assert len(answered) >= invoices
    with contextlib.closing(open_database(durable_url)) as database:
        assert_numbered(database, answered, every_series)
    assert_whole(durable_url)


def assert_numbered(database: Database, answered: list[Issued], every_series: list[Series]) -> None:
    rows = database.read(lambda tx: tx.rows(_DOCUMENTS))
    kept = {document_id: number for document_id, _, _, number, _ in rows}
    assert max(Counter(one.id for one in answered).values()) == 1
    assert [one for one in answered if kept.get(one.id) != one.number] == []
    # What was issued when the server died, with nobody there to be told.
    assert len(answered) <= len(kept) <= len(answered) + KILLS * CLIENTS
    last = {(row[0], row[1]): row[2] for row in database.read(lambda tx: tx.rows(_SERIES))}
    assert len(last) == len(every_series)
    for of_series, members in itertools.groupby(rows, key=lambda row: (row[1], row[2])):
        counters = [row[4] for row in members]
        assert counters == list(range(1, len(counters) + 1)), of_series
        assert last.pop((of_series[0], of_series[1])) == len(counters)
    assert last == {}
    assert len({(row[1], row[3]) for row in rows}) == len(rows)


_i, _s = Invoice.table.c, NumberSeries.table.c
_DOCUMENTS = Query(
    sa.select(_i.id, _i.account_id, _i.number_format_id, _i.number, _i.counter).order_by(
        _i.account_id, _i.number_format_id, _i.counter
    )
)
_SERIES = Query(sa.select(_s.account_id, _s.number_format_id, _s.last))


def open_series(url: str, door: "Door") -> list[Series]:
    """Two firms with a contact and a bank account each."""
    with contextlib.closing(open_database(url)) as database:
        return [series for slug in ("applecorp", "pearcorp") for series in series_of(database, slug, door)]


def series_of(database: Database, slug: str, door: "Door") -> Iterator[Series]:
    clock = Clock()
    country, currency = ("CZ", "CZK") if door is first_door else ("PL", "PLN")
    firm = open_firm(database, clock, slug, country=country, currency=currency)

    def work(tx: Transaction) -> tuple[int, str]:
        books = Books(tx, firm.account, firm.user.id, clock.now())
        add_bank_account(books, Given({"name": "Bank", "number": "2600123456/2010"}))
        key = add_api_key(Office(tx, clock.now()), firm.account, firm.user, "tests", SCOPES)
        return add_contact(books, Given({"name": "Odběratel s.r.o."})).id, key

    contact_id, key = database.write(work)
    for kind in KINDS:
        path, secret, body = door(firm, key, contact_id, kind)
        head = (
            f"POST {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: tests\r\n{secret}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        yield Series(firm.account.id, kind, head.encode() + body)


Door = Callable[[Firm, str, int, str], tuple[str, str, bytes]]
"""For a firm, its key, a contact and a kind of document: path, header line and body of a request that issues one."""


def first_door(firm: Firm, _key: str, contact_id: int, kind: str) -> tuple[str, str, bytes]:
    line = {"name": "Hodina práce", "quantity": 2, "unit_price": 500, "vat_rate": 21}
    body = {"document_type": kind, "subject_id": contact_id, "lines": [line]}
    path = f"/fakturoid/api/v3/accounts/{firm.account.slug}/invoices.json"
    return path, f"Authorization: Bearer {firm.token}", json.dumps(body).encode()


def second_door(_firm: Firm, key: str, contact_id: int, kind: str) -> tuple[str, str, bytes]:
    line = {"name": "Godzina pracy", "quantity": 2, "unit_net_price": 10000, "tax_symbol": "23"}
    sent = {"kind": SECOND_KINDS[kind], "client_id": contact_id, "payment_method": "cash", "services": [line]}
    return "/infakt/v3/invoices.json", f"X-inFakt-ApiKey: {key}", json.dumps({"invoice": sent}).encode()


def issue_until(
    server: Server, every_series: list[Series], answered: list[Issued], until: int, *, killing: bool
) -> None:
    """Issue from many clients until so many were answered in all; kill the server under them, or let them finish."""
    refused: list[bytes] = []
    enough = threading.Event()
    places = itertools.cycle(every_series)

    def client(series: Series) -> None:
        with contextlib.suppress(OSError), socket.create_connection((server.host, server.port), PATIENCE) as connection:
            while not enough.is_set():
                answer = ask(connection, series.request)
                if answer is None:
                    return
                if not answer.startswith(b"HTTP/1.1 201"):
                    refused.append(answer)
                    return
                told = _TOLD.search(answer)
                assert told
                answered.append(Issued(series, int(told[1]), told[2].decode()))

    threads = [threading.Thread(target=client, args=(next(places),)) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    while len(answered) < until and not refused and any(thread.is_alive() for thread in threads):
        time.sleep(0.002)
    if killing:
        server.kill()
    enough.set()
    for thread in threads:
        thread.join()
    assert refused == []


def ask(connection: socket.socket, request: bytes) -> bytes | None:
    """The whole answer, or None where the server died before it was told: a client that is fast to write and to run."""
    connection.sendall(request)
    answer = b""
    while not (length := _LENGTH.search(answer)) or len(answer) < length.end() + int(length[1]):
        if not (more := connection.recv(65536)):
            return None
        answer += more
    return answer


_LENGTH = re.compile(rb"(?is)\r\ncontent-length: *(\d+)\r\n(?:.*?\r\n)??\r\n")
_TOLD = re.compile(rb'\r\n\r\n{"id":(\d+),.*?"number":"([^"]+)"', re.DOTALL)
