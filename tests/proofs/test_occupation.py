"""Nobody without credentials can occupy the server: others are answered within a second, and memory goes back."""

import contextlib
import http.client
import os
import re
import selectors
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests import needs
from tests.firm import Firm
from tests.proofs.history import length
from tests.proofs.served import contacts_path, headers_of, make_firm, settings_for
from tests.running import Server, running

pytestmark = [needs.FAKTUROID, pytest.mark.timeout(length(300, 900))]

SLOW = length(200, 1000)
SECOND = 1.0
"""In which others are answered: the promise itself."""
TRIES = 10
"""The best of them counts, since the machine may have other things to do."""

LARGE = 19_000_000
MANY = length(50, 200)
MOST_GROWTH = 350_000_000
MOST_KEPT = 150_000_000
IN_FLIGHT = 256 * 1024 * 1024
PIECE = b"%x\r\n%s\r\n" % (65536, b" " * 65536)

ENOUGH = 90
"""Seconds after which no slow client is left, on a busy machine, too."""


class Place(NamedTuple):
    server: Server
    firm: Firm

    def head(self, token: str, *headers: str) -> bytes:
        """The head of a request that creates an invoice, which may be large."""
        path = f"/fakturoid/api/v3/accounts/{self.firm.account.slug}/invoices.json"
        lines = [f"POST {path} HTTP/1.1", "Host: localhost", "User-Agent: proofs", f"Authorization: Bearer {token}"]
        return "\r\n".join([*lines, "Content-Type: application/json", *headers, "", ""]).encode()

    def connect(self) -> socket.socket:
        return socket.create_connection((self.server.host, self.server.port), 30)


@pytest.fixture
def place(sqlite_url: str, tmp_path: Path) -> Iterator[Place]:
    firm = make_firm(sqlite_url)
    with running(tmp_path, "serve", settings=settings_for(sqlite_url)) as server:
        yield Place(server, firm)


def test_slow_clients_hold_nobody_up_and_come_to_an_end(place: Place) -> None:
    heads = [Slow(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ", b"y")] * SLOW
    announced = [Slow(place.head("nonsense", "Content-Length: 60000"), b" ")] * (SLOW // 2)
    chunked = [Slow(place.head("nonsense", "Transfer-Encoding: chunked"), b"1\r\n \r\n")] * (SLOW // 2)
    with slow_clients(place, [*heads, *announced, *chunked]) as left:
        assert answered_soon(place) == []
        assert left(), "no client was slow at all"
        deadline = time.monotonic() + ENOUGH
        while left():
            assert time.monotonic() < deadline, f"{left()} slow clients are still listened to"
            time.sleep(0.5)
    assert answered_soon(place) == []


def test_large_bodies_without_credentials_are_not_taken_in(place: Place) -> None:
    before = memory(place.server)
    peak = before
    statuses: Counter[int | None] = Counter()

    def send() -> None:
        statuses[send_all(place, place.head("nonsense", f"Content-Length: {LARGE}"), b" " * LARGE)] += 1

    threads = [threading.Thread(target=send) for _ in range(MANY)]
    for thread in threads:
        thread.start()
    late = answered_soon(place)
    while any(thread.is_alive() for thread in threads):
        peak = max(peak, memory(place.server))
        time.sleep(0.05)
    assert late == []
    assert peak - before < MOST_GROWTH
    assert memory(place.server) - before < MOST_KEPT
    # Whose connection was closed while he was still sending may have lost the answer.
    assert statuses.keys() <= {401, None}


@pytest.mark.parametrize("way", ["announced", "chunked"])
def test_bodies_in_flight_are_bounded_for_those_with_credentials_too(place: Place, way: str) -> None:
    before = memory(place.server)
    refused: list[bytes] = []
    taken = 0
    with contextlib.ExitStack() as stack:
        for _ in range(IN_FLIGHT // LARGE + 8):
            connection = stack.enter_context(place.connect())
            if way == "announced":
                connection.sendall(place.head(place.firm.token, f"Content-Length: {LARGE}") + b" " * 100_000)
            else:
                connection.sendall(place.head(place.firm.token, "Transfer-Encoding: chunked"))
                with contextlib.suppress(ConnectionError):
                    for _ in range(LARGE // 65536):
                        connection.sendall(PIECE)
            if answer := heard(connection):
                refused.append(answer)
            else:
                taken += 1
        assert 0 < taken * LARGE <= IN_FLIGHT
        assert len(refused) >= IN_FLIGHT // LARGE + 8 - taken
        assert {int(answer[9:12]) for answer in refused} == {503}
        assert all(re.search(rb"(?i)\r\nretry-after: *\d", answer) for answer in refused)
        assert answered_soon(place) == []
        assert memory(place.server) - before < MOST_GROWTH
    # Their bytes are free again.
    deadline = time.monotonic() + ENOUGH
    while send_all(place, place.head(place.firm.token, f"Content-Length: {LARGE}"), b" " * LARGE) == 503:
        assert time.monotonic() < deadline
        time.sleep(0.2)


class Slow(NamedTuple):
    """The beginning of a request, and what is sent of it now and then afterwards."""

    beginning: bytes
    later: bytes


@contextlib.contextmanager
def slow_clients(place: Place, clients: list[Slow]) -> Iterator[Callable[[], int]]:
    """Begin all their requests, and go on with each once a second; yield how many the server still listens to."""
    with contextlib.ExitStack() as stack, selectors.DefaultSelector() as selector:
        for slow in clients:
            connection = stack.enter_context(place.connect())
            connection.sendall(slow.beginning)
            selector.register(connection, selectors.EVENT_READ, slow.later)
        ended = threading.Event()

        def go_on() -> None:
            while not ended.wait(1) and selector.get_map():
                for key, _ in selector.select(0):
                    selector.unregister(key.fileobj)
                for key in [*selector.get_map().values()]:
                    with contextlib.suppress(OSError):
                        os.write(key.fd, key.data)

        going_on = threading.Thread(target=go_on)
        going_on.start()
        try:
            yield lambda: len(selector.get_map())
        finally:
            ended.set()
            going_on.join()


def answered_soon(place: Place) -> list[str]:
    """What was not answered within a second, however often it was asked for."""
    asked = {"/healthz": {}, contacts_path(place.firm): headers_of(place.firm)}
    return [
        path for path, headers in asked.items() if not any(is_soon(place.server, path, headers) for _ in range(TRIES))
    ]


def is_soon(server: Server, path: str, headers: dict[str, str]) -> bool:
    began = time.monotonic()
    connection = http.client.HTTPConnection(server.host, server.port, timeout=SECOND)
    with contextlib.closing(connection), contextlib.suppress(OSError):
        connection.request("GET", path, headers=headers)
        return connection.getresponse().status == 200 and time.monotonic() - began < SECOND
    return False


def send_all(place: Place, head: bytes, body: bytes) -> int | None:
    """The status of the answer, where there is one to be heard."""
    with place.connect() as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(head + body)
        with contextlib.suppress(OSError):
            answer = connection.recv(65536)
            return int(answer[9:12]) if answer else None
    return None


def heard(connection: socket.socket) -> bytes:
    """What the server answered by now, or within a moment."""
    connection.settimeout(0.5)
    with contextlib.suppress(OSError):
        return connection.recv(65536)
    return b""


def memory(server: Server) -> int:
    """Bytes that the server and all that it started hold."""
    held = 0
    waiting = [server.process.pid]
    while waiting:
        pid = waiting.pop()
        with contextlib.suppress(OSError):
            waiting += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
            held += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * 4096
    return held
