"""Whatever of a body is missing or garbled: the answer is 400, and nothing was written."""

import contextlib
import random
import re
import socket
import sqlite3
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.sandbox.files import DATABASE
from faktura.store.records import RECORDS
from tests.fuzzing import unlimited_sandbox
from tests.proofs.history import length
from tests.proofs.operations import Dialect, Operation, basic, dialects, spelled
from tests.running import Server

WAYS = ("cut", "half-closed", "garbled")
FRAMINGS = ("length", "chunked")
PLACES = length(1, 8)
"""So many times is a body broken in each way, each time at another place."""

PATIENCE = 20
"""Seconds to wait for an answer."""

MOVES_BY_ITSELF = {"jobs", "exchange_rates", "calls_of_months"}
"""Tables that a worker, and whatever counts requests, write to by the clock."""

NOTED_NOW_AND_THEN = {"api_keys": "used_at", "grants": "used_at", "sessions": "used_at"}
"""By table the column in which a server notes every ten minutes that a credential is used."""


class Sandbox(NamedTuple):
    server: Server
    told: dict[str, Any]
    file: Path


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("sandbox")
    with unlimited_sandbox(folder) as started:
        yield Sandbox(started.server, started.told, folder / "data" / DATABASE)


@pytest.mark.timeout(length(300, 1200))
def test_a_body_that_is_not_whole_is_400_and_writes_nothing(sandbox: Sandbox, chance: random.Random) -> None:
    wrong: list[str] = []
    asked = 0
    for dialect in dialects(sandbox.server, sandbox.told):
        before = written(sandbox.file)
        for operation in dialect.operations():
            if not operation.writes:
                continue
            for said in broken(sandbox, dialect, operation, chance):
                asked += 1
                wrong += said
            after = written(sandbox.file)
            wrong += [f"{operation.name} wrote into {table}" for table in after if after[table] != before[table]]
            before = after
    assert wrong == []
    assert asked > 1000


@pytest.mark.timeout(length(300, 600))
def test_the_same_bodies_are_taken_when_they_are_whole(sandbox: Sandbox) -> None:
    """Or else the other proof would prove nothing."""
    refused: list[str] = []
    taken = 0
    for dialect in dialects(sandbox.server, sandbox.told):
        for operation in dialect.operations():
            for media_type in operation.types if operation.writes else ():
                for framing in FRAMINGS:
                    content_type, body = spelled(operation.sent, media_type)
                    sent = [*head_of(sandbox, dialect, operation), f"Content-Type: {content_type}"]
                    status = send(sandbox.server, "\r\n".join(sent).encode(), body, "whole", framing, len(body))
                    refused += [f"{operation.name} {media_type} {framing}"] if status == 400 else []
                    taken += status in {200, 201, 202, 204}
        sandbox.server.ask("POST", "/sandbox/reset")
    assert refused == []
    assert taken > 100


def broken(sandbox: Sandbox, dialect: Dialect, operation: Operation, chance: random.Random) -> Iterator[list[str]]:
    """Send the operation's body broken in every way; each time, what is wrong with the answer."""
    head = head_of(sandbox, dialect, operation)
    for media_type in operation.types:
        content_type, body = spelled(operation.sent, media_type)
        for way in WAYS:
            for framing in FRAMINGS:
                for place in {0, *(chance.randrange(len(body)) for _ in range(PLACES))}:
                    sent = [*head, f"Content-Type: {content_type}"]
                    status = send(sandbox.server, "\r\n".join(sent).encode(), body, way, framing, place)
                    expected = {None, 400} if way == "cut" else {400}
                    yield (
                        []
                        if status in expected
                        else [f"{operation.name} {media_type} {way} {framing} at {place}: {status}"]
                    )


def head_of(sandbox: Sandbox, dialect: Dialect, operation: Operation) -> list[str]:
    """But for what it says of the body."""
    credentials = dialect.credentials
    if operation.public:
        part = sandbox.told[dialect.name]
        credentials = {"Authorization": basic(part["client_id"], part["client_secret"])}
    return [
        f"{operation.method} {dialect.fill(sandbox.server, operation.path)} HTTP/1.1",
        *("Host: localhost", "User-Agent: proofs"),
        *(f"{name}: {value}" for name, value in credentials.items()),
    ]


def send(server: Server, head: bytes, body: bytes, way: str, framing: str, place: int) -> int | None:
    """Send the body as far as the place, and then break it; the status of the answer."""
    if framing == "length":
        head += b"\r\nContent-Length: %d\r\n\r\n" % len(body)
        sent = body[:place]
        rest = b"\xff" * (len(body) - place)
    else:
        head += b"\r\nTransfer-Encoding: chunked\r\n\r\n"
        sent = b"%x\r\n%s\r\n" % (place, body[:place]) if place else b""
        rest = b"no size\r\n" + body[place:] + b"\r\n0\r\n\r\n"
    with socket.create_connection((server.host, server.port), PATIENCE) as connection:
        connection.sendall(head + sent)
        if way == "cut":
            # Nothing is left of the connection, and the other side is told so.
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            return None
        with contextlib.suppress(ConnectionError):
            match way:
                case "whole":
                    connection.sendall(b"" if framing == "length" else b"0\r\n\r\n")
                case "garbled":
                    connection.sendall(rest)
                case "half-closed":
                    connection.shutdown(socket.SHUT_WR)
        return status_from(connection)


def status_from(connection: socket.socket) -> int | None:
    answer = b""
    with contextlib.suppress(OSError):
        while b"\r\n" not in answer and (more := connection.recv(65536)):
            answer += more
    found = re.match(rb"HTTP/1\.1 (\d{3})", answer)
    return int(found[1]) if found else None


def written(file: Path) -> dict[str, Any]:
    """All rows by table."""
    with contextlib.closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        return {
            table: sorted(connection.execute(_all_of(table)).fetchall(), key=repr)
            for table in RECORDS.keys() - MOVES_BY_ITSELF
        }


def _all_of(table: str) -> str:
    noted = NOTED_NOW_AND_THEN.get(table)
    names = [column.name for column in RECORDS[table].table.c if column.name != noted]
    columns = ", ".join(f'"{name}"' for name in names)
    return f'SELECT {columns} FROM "{table}"'  # noqa: S608 (names of our own)
