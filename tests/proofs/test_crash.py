"""Whatever was answered is still there after kill -9: contacts over HTTP, and jobs; on both engines, durable ones."""

import contextlib
import http.client
import itertools
import json
import random
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.core.books import jobs_to_do
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.contacts import Contact
from faktura.store import schema
from faktura.store.database import Database, open_database
from faktura.store.transaction import Transaction
from faktura.worker import Worker
from tests import needs
from tests.firm import Firm
from tests.proofs import busy_worker
from tests.proofs.history import length
from tests.proofs.served import assert_whole, contacts_path, headers_of, make_firm, settings_for
from tests.running import PATIENCE, Server, end, environment, free_port, start, wait_until_open

ROUNDS = length(2, 40)
WRITERS = 16
ANSWERS = (16, 300)
"""So many are given in a round before the server is killed."""
PAGE = 40

JOBS = length(100, 1200)
KILLS = length(2, 10)


@pytest.mark.timeout(length(300, 900))
@needs.FAKTUROID
def test_every_contact_that_was_answered_outlives_kills_of_the_server(
    durable_url: str, tmp_path: Path, chance: random.Random
) -> None:
    settings = settings_for(durable_url)
    port, numbers = free_port(), itertools.count()
    answered: dict[int, str] = {}
    found: dict[int, str] = {}
    firm = None
    for round_number in range(ROUNDS + 1):
        server = start(tmp_path, "serve", port=port, settings=settings)
        try:
            wait_until_open(server)
            firm = firm or make_firm(durable_url)
            found |= contacts_from(server, firm, len(found))
            assert answered.items() <= found.items()
            if round_number < ROUNDS:
                answered |= write_and_kill(server, firm, numbers, chance.randint(*ANSWERS))
        finally:
            end(server.process)
    assert len(answered) >= ROUNDS * WRITERS
    assert set(Counter(found.values()).values()) == {1}
    assert_whole(durable_url)


@pytest.mark.timeout(length(300, 600))
def test_of_many_jobs_none_is_lost_and_none_done_twice_when_the_worker_is_killed(
    durable_url: str, chance: random.Random
) -> None:
    database = open_database(durable_url)
    schema.prepare(database)
    firm = make_firm(durable_url)
    put_jobs(database, firm)
    for until in sorted(chance.sample(range(1, JOBS), KILLS), reverse=True):
        process = subprocess.Popen([sys.executable, "-m", "tests.proofs.busy_worker", durable_url], env=environment())
        try:
            wait_until_done(database, process, until)
        finally:
            process.kill()
            process.wait()
    finish_later(database)
    done = Counter(contact.name for contact in contacts_of(database, firm))
    assert done == Counter(f"Job {n}" for n in range(JOBS))
    database.close()
    assert_whole(durable_url)


def write_and_kill(server: Server, firm: Firm, numbers: Iterator[int], until: int) -> dict[int, str]:
    """Create contacts from many threads, kill the server after so many answers; what it answered in all."""
    answered: dict[int, str] = {}
    refused: list[bytes] = []
    threads = [threading.Thread(target=write, args=(server, firm, numbers, answered, refused)) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    while len(answered) < until and not refused:
        time.sleep(0.001)
    server.kill()
    for thread in threads:
        thread.join()
    assert not refused
    return answered


def write(server: Server, firm: Firm, numbers: Iterator[int], answered: dict[int, str], refused: list[bytes]) -> None:
    """Create contacts until the server is gone."""
    connection = http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE)
    with contextlib.closing(connection), contextlib.suppress(OSError, http.client.HTTPException):
        while True:
            name = f"Firma {next(numbers)}"
            connection.request("POST", contacts_path(firm), json.dumps({"name": name}), headers_of(firm))
            answer = connection.getresponse()
            body = answer.read()
            if answer.status != 201:
                refused.append(body)
                return
            answered[json.loads(body)["id"]] = name


def contacts_from(server: Server, firm: Firm, known: int) -> dict[int, str]:
    """The contacts as the list gives them, from one page before that of the last known."""
    found: dict[int, str] = {}
    for page in itertools.count(max(known // PAGE, 1)):
        rows = server.ask("GET", f"{contacts_path(firm)}?page={page}", headers=headers_of(firm)).json
        found |= {row["id"]: row["name"] for row in rows}
        if len(rows) < PAGE:
            return found
    raise AssertionError


def put_jobs(database: Database, firm: Firm) -> None:
    def work(tx: Transaction) -> None:
        books = Books(tx, firm.account, firm.user.id, Clock().now())
        for n, name in zip(range(JOBS), itertools.cycle(busy_worker.HANDLERS), strict=False):
            books.later(name, f"Job {n}")

    database.write(work)


def wait_until_done(database: Database, worker: subprocess.Popen[bytes], waiting: int) -> None:
    """Until no more than so many jobs wait."""
    while database.read(jobs_to_do.waiting) > waiting:
        assert worker.poll() is None
        time.sleep(0.005)


def finish_later(database: Database) -> None:
    """Do the rest when the leases of the killed workers have run out."""
    clock = Clock()
    clock.stand_at(clock.now() + 2 * jobs_to_do.LEASE)
    worker = Worker(database, clock, busy_worker.HANDLERS)
    while worker.do_next():
        pass
    assert database.read(jobs_to_do.waiting) == 0


def contacts_of(database: Database, firm: Firm) -> list[Contact]:
    return database.read(lambda tx: Books(tx, firm.account, None, Clock().now()).all(Contact))
