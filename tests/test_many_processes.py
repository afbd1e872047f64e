"""Four processes of one server on one PostgreSQL: what is one for all of them."""

import contextlib
import functools
import http.client
import json
import os
import signal
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests import needs
from tests.firm import Firm
from tests.proofs.served import contacts_path, headers_of, make_firm, settings_for
from tests.running import PATIENCE, Answer, Server, running, wait_until

pytestmark = needs.FAKTUROID

PROCESSES = 4
USER = "/fakturoid/api/v3/user.json"


class Line:
    """A connection that stays open, and so leads to one and the same process."""

    def __init__(self, server: Server) -> None:
        self._connection = http.client.HTTPConnection(server.host, server.port, timeout=PATIENCE)
        self.process = self.ask("GET", "/readyz").headers["x-request-id"].partition("-")[0]

    def ask(self, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        sent = None if body is None else json.dumps(body).encode()
        self._connection.request(method, path, sent, {"User-Agent": "tests", **(headers or {})})
        answer = self._connection.getresponse()
        return Answer(answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read())

    def close(self) -> None:
        self._connection.close()


@pytest.fixture
def firm(postgres_url: str) -> Firm:
    return make_firm(postgres_url)


@pytest.fixture
def settings(postgres_url: str) -> dict[str, str]:
    return settings_for(postgres_url) | {"FAKTURA_PROCESSES": str(PROCESSES), "FAKTURA_WORKER": "false"}


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


def test_the_limits_of_an_address_and_of_an_account_are_one_for_all_processes(
    firm: Firm, settings: dict[str, str], tmp_path: Path
) -> None:
    limited = settings | {"FAKTURA_RATE_LIMITS": "true", "FAKTURA_ACCOUNT_REQUESTS": "10"}
    with running(tmp_path, "serve", settings=limited) as server, lines_to(server) as lines:
        found = [left(line.ask("GET", USER, headers=headers_of(firm))) for line in lines * 3]
        assert found == list(range(found[0], found[0] - 3 * PROCESSES, -1))

        statuses = [line.ask("GET", contacts_path(firm), headers=headers_of(firm)).status for line in lines * 3]
        assert statuses == [200] * 10 + [429] * 2


def test_what_a_killed_process_counted_stays_counted(firm: Firm, settings: dict[str, str], tmp_path: Path) -> None:
    limited = settings | {"FAKTURA_RATE_LIMITS": "true", "FAKTURA_PROCESSES": "2"}
    with running(tmp_path, "serve", settings=limited) as server:
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
