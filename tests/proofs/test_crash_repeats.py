"""A write that is sent again with its key takes effect once: after a kill of the server, and by two servers at once."""

import contextlib
import http.client
import itertools
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from faktura.store.database import open_database
from tests import needs
from tests.firm import Firm
from tests.proofs.history import length
from tests.proofs.served import assert_whole, contacts_path, headers_of, make_firm, settings_for
from tests.proofs.test_crash import contacts_of
from tests.running import PATIENCE, Server, end, free_port, start, wait_until_open

KILLS = length(1, 10)
WRITERS = 64
ANSWERS = (64, 300)
"""So many are given in a round before the server is killed."""
SERVERS = 2
SENDERS = 8
KEYS = length(6, 100)

pytestmark = needs.FAKTUROID


@pytest.mark.timeout(length(300, 900))
def test_what_is_sent_again_after_a_kill_has_taken_effect_once(
    durable_url: str, tmp_path: Path, chance: random.Random
) -> None:
    settings = settings_for(durable_url)
    port, numbers = free_port(), itertools.count()
    sent: dict[str, bytes | None] = {}
    firm = None
    for round_number in range(KILLS + 1):
        server = start(tmp_path, "serve", port=port, settings=settings)
        try:
            wait_until_open(server)
            firm = firm or make_firm(durable_url)
            send_again(server, firm, sent)
            if round_number < KILLS:
                write_and_kill(server, firm, numbers, sent, chance.randint(*ANSWERS))
        finally:
            end(server.process)
    assert firm is not None
    assert len(sent) > KILLS * WRITERS
    assert names_of(durable_url, firm) == Counter(sent.keys())
    assert_whole(durable_url)


@pytest.mark.timeout(length(300, 900))
def test_what_two_servers_get_at_once_takes_effect_once(postgres_url: str, tmp_path: Path) -> None:
    settings = settings_for(postgres_url)
    firm = make_firm(postgres_url)
    answers: dict[str, list[tuple[int, bytes]]] = {f"Firma {n}": [] for n in range(KEYS)}
    with contextlib.ExitStack() as stack:
        servers = []
        for n in range(SERVERS):
            (folder := tmp_path / str(n)).mkdir()
            servers.append(start(folder, "serve", port=free_port(), settings=settings))
            stack.callback(end, servers[-1].process)
        for server in servers:
            wait_until_open(server)
        for name, told in answers.items():
            all_at_once(SENDERS, sender(itertools.cycle(servers), firm, name, told))
    for told in answers.values():
        assert {status for status, _ in told} <= {201, 409}
        assert len({body for status, body in told if status == 201}) == 1
    assert names_of(postgres_url, firm) == Counter(answers.keys())
    assert_whole(postgres_url)


def sender(servers: Iterator[Server], firm: Firm, name: str, told: list[tuple[int, bytes]]) -> Callable[[], None]:
    def send() -> None:
        with connected(next(servers)) as connection:
            told.append(post(connection, firm, name))

    return send


def all_at_once(count: int, work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def write_and_kill(
    server: Server, firm: Firm, numbers: Iterator[int], sent: dict[str, bytes | None], answers: int
) -> None:
    """Create contacts from many threads, kill the server after so many answers; who was not answered has no body."""
    threads = [threading.Thread(target=write, args=(server, firm, numbers, sent)) for _ in range(WRITERS)]
    until = len(sent) + answers
    for thread in threads:
        thread.start()
    while len(sent) < until + WRITERS:
        time.sleep(0.001)
    server.kill()
    for thread in threads:
        thread.join()


def write(server: Server, firm: Firm, numbers: Iterator[int], sent: dict[str, bytes | None]) -> None:
    """Create contacts until the server is gone."""
    with contextlib.suppress(OSError, http.client.HTTPException), connected(server) as connection:
        while True:
            name = f"Firma {next(numbers)}"
            sent[name] = None
            status, sent[name] = post(connection, firm, name)
            assert status == 201


def send_again(server: Server, firm: Firm, sent: dict[str, bytes | None]) -> None:
    """Every request once more: who was answered is answered the same."""
    with connected(server) as connection:
        for name, body in sent.items():
            status, again = post(connection, firm, name)
            assert status == 201
            assert body in {None, again}
            sent[name] = again


def post(connection: http.client.HTTPConnection, firm: Firm, name: str) -> tuple[int, bytes]:
    keyed = {**headers_of(firm), "Idempotency-Key": name.replace(" ", "-")}
    connection.request("POST", contacts_path(firm), json.dumps({"name": name}), keyed)
    answer = connection.getresponse()
    return answer.status, answer.read()


def connected(server: Server) -> contextlib.closing[http.client.HTTPConnection]:
    return contextlib.closing(http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE))


def names_of(url: str, firm: Firm) -> Counter[str]:
    """How often there is a contact of each name."""
    with contextlib.closing(open_database(url)) as database:
        return Counter(contact.name for contact in contacts_of(database, firm))
