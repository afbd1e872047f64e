"""No number is lost, left out or given twice, however often the server is killed with kill -9; on both engines."""

import contextlib
import itertools
import os
import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.core.bank_accounts import add_bank_account
from faktura.core.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import add_contact
from faktura.core.errors import Given
from faktura.core.invoices.record import Invoice
from faktura.core.numbering import NumberSeries
from faktura.store.database import Database, open_database
from faktura.store.statements import Query
from faktura.store.transaction import Transaction
from tests import needs
from tests.firm import open_firm
from tests.running import PATIENCE, Server, end, free_port, run, start, wait_until_open
from tests.test_crash import SETTINGS, durable_url

__all__ = ["durable_url"]

INVOICES = int(os.environ.get("FAKTURA_TEST_INVOICES", "2000"))
CLIENTS = 64
KILLS = 10
KINDS = ("invoice", "proforma")


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


@pytest.mark.timeout(600 + INVOICES // 10)
@needs.FAKTUROID
def test_numbers_go_on_without_gap_or_double_through_ten_kills_of_the_server(durable_url: str, tmp_path: Path) -> None:
    settings = {**SETTINGS, "FAKTURA_DATABASE_URL": durable_url}
    port = free_port()
    answered: list[Issued] = []
    every_series: list[Series] = []
    for round_number in range(KILLS + 1):
        server = start(tmp_path, "serve", port=port, settings=settings)
        try:
            wait_until_open(server)
            every_series = every_series or open_series(durable_url)
            until = INVOICES * (round_number + 1) // (KILLS + 1)
            issue_until(server, every_series, answered, until, killing=round_number < KILLS)
        finally:
            end(server.process)
    with contextlib.closing(open_database(durable_url)) as database:
        assert_whole(database, answered, every_series)
    checked = run("db", "check", settings=settings)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def assert_whole(database: Database, answered: list[Issued], every_series: list[Series]) -> None:
    rows = database.read(lambda tx: tx.rows(_DOCUMENTS))
    kept = {document_id: number for document_id, _, _, number, _ in rows}
    assert len(answered) >= INVOICES
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


def open_series(url: str) -> list[Series]:
    """Two firms with a contact and a bank account each."""
    with contextlib.closing(open_database(url)) as database:
        return [series for slug in ("applecorp", "pearcorp") for series in series_of(database, slug)]


def series_of(database: Database, slug: str) -> Iterator[Series]:
    clock = Clock()
    firm = open_firm(database, clock, slug)

    def work(tx: Transaction) -> int:
        books = Books(tx, firm.account, firm.user.id, clock.now())
        add_bank_account(books, Given({"name": "Bank", "number": "2600123456/2010"}))
        return add_contact(books, Given({"name": "Odběratel s.r.o."})).id

    contact_id = database.write(work)
    for kind in KINDS:
        lines = '[{"name":"Hodina práce","quantity":2,"unit_price":500,"vat_rate":21}]'
        body = f'{{"document_type":"{kind}","subject_id":{contact_id},"lines":{lines}}}'.encode()
        head = (
            f"POST /fakturoid/api/v3/accounts/{slug}/invoices.json HTTP/1.1\r\nHost: localhost\r\nUser-Agent: tests\r\n"
            f"Authorization: Bearer {firm.token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        )
        yield Series(firm.account.id, kind, head.encode() + body)


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
