"""How the server takes requests in: heads that are refused, bodies that are awaited without a thread, request ids."""

import asyncio
import contextlib
import itertools
import json
import os
import re
import signal
import socket
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from faktura.intake import threads
from faktura.intake.asgi import Intake
from faktura.intake.bodies import Patience
from faktura.intake.threads import Threads
from faktura.store.database import SqliteDatabase, open_database
from faktura.store.errors import Unavailable
from faktura.store.transaction import Transaction
from faktura.store.turns import WouldWait, here
from faktura.wire.arrival import FIRST_BYTES, KEY, LONG, Arrival, GoOn, ReadOn, Repeat, WaitFor
from tests.running import PATIENCE, Server, running
from tests.sandboxes import Sandbox

Environ = dict[str, Any]
Message = dict[str, Any]

HURRY = Patience(grace=0.2, least_rate=1_000_000, longest=0.5)


class Asked:
    """One request to an intake: messages of the server, some of which never come, and what was answered."""

    def __init__(self, *parts: bytes, ends: bool = True, cut: bool = False) -> None:
        last = len(parts) - 1
        self.messages: list[Message] = [
            {"type": "http.request", "body": part, "more_body": number < last or not ends}
            for number, part in enumerate(parts)
        ]
        if cut:
            self.messages.append({"type": "http.disconnect"})
        self.sent: list[Message] = []

    async def receive(self) -> Message:
        return self.messages.pop(0) if self.messages else await asyncio.get_running_loop().create_future()

    async def send(self, message: Message) -> None:
        self.sent.append(message)

    @property
    def status(self) -> int:
        return int(self.sent[0]["status"])

    @property
    def headers(self) -> dict[str, str]:
        return {name.decode(): value.decode() for name, value in self.sent[0]["headers"]}

    @property
    def body(self) -> bytes:
        return bytes(self.sent[1]["body"])


def scope(method: str = "GET", path: str = "/", **headers: str) -> Message:
    named = [(name.replace("_", "-").encode(), value.encode("latin-1")) for name, value in headers.items()]
    return {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "path": path,
        "query_string": b"",
        "scheme": "http",
        "server": ("127.0.0.1", "8000"),
        "client": ("127.0.0.1", "50000"),
        "headers": [(b"host", b"here"), *named],
    }


def ask(intake: Intake, asked: Asked, told: Message) -> Asked:
    asyncio.run(intake(told, asked.receive, asked.send))
    return asked


def intake_of(app: Callable[[Environ], bytes], *, would_wait: bool = True, **options: Any) -> Intake:
    """The server's side of an application whose reads would wait for a database, if nothing else is said."""

    def wsgi(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        if would_wait and here.must_not_wait and environ["REQUEST_METHOD"] == "GET":
            raise WouldWait
        body = app(environ)
        start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body]

    return Intake(wsgi, readers=Threads("read", 1), writers=Threads("write", 1), **options)


def whole_body(environ: Environ) -> bytes:
    """An application that reads on, however long the body is."""
    arrival: Arrival = environ[KEY]
    if arrival.cut:
        return b"cut"
    if not arrival.whole:
        raise ReadOn(10_000_000)
    return str(len(arrival.body)).encode()


def test_a_body_that_comes_in_parts_is_handed_over_whole() -> None:
    asked = ask(intake_of(whole_body), Asked(b"ab", b"c"), scope("POST", content_length="3"))
    assert (asked.status, asked.body) == (200, b"3")


def test_the_application_sees_the_first_part_of_a_long_body_before_the_rest_is_read() -> None:
    seen: list[tuple[int, bool]] = []

    def app(environ: Environ) -> bytes:
        seen.append((len(environ[KEY].body), environ[KEY].whole))
        return whole_body(environ)

    half = b"x" * FIRST_BYTES
    asked = ask(intake_of(app), Asked(half, b"y", half), scope("POST", transfer_encoding="chunked"))
    assert asked.body == str(2 * FIRST_BYTES + 1).encode()
    assert seen == [(FIRST_BYTES + 1, False), (2 * FIRST_BYTES + 1, True)]


@pytest.mark.parametrize("length", [{"content_length": "3"}, {"transfer_encoding": "chunked"}])
@pytest.mark.parametrize("parts", [(), (b"a",), (b"a", b"b")])
def test_a_body_that_breaks_off_is_cut(parts: tuple[bytes, ...], length: dict[str, str]) -> None:
    asked = ask(intake_of(whole_body), Asked(*parts, ends=False, cut=True), scope("POST", **length))
    assert asked.body == b"cut"


def test_a_body_that_ends_before_its_announced_length_is_cut() -> None:
    assert ask(intake_of(whole_body), Asked(b"ab"), scope("POST", content_length="3")).body == b"cut"


def test_a_body_that_does_not_come_is_answered_408_and_the_connection_closed() -> None:
    def never(_environ: Environ) -> bytes:
        raise AssertionError

    asked = ask(intake_of(never, patience=HURRY), Asked(b"a", ends=False), scope("POST", content_length="3"))
    assert (asked.status, asked.headers["connection"]) == (408, "close")


def test_a_body_that_comes_too_slowly_is_answered_408_however_long_it_trickles() -> None:
    class Trickling(Asked):
        async def receive(self) -> Message:
            await asyncio.sleep(0.01)
            return {"type": "http.request", "body": b"x", "more_body": True}

    asked = ask(intake_of(whole_body, patience=HURRY), Trickling(), scope("POST", transfer_encoding="chunked"))
    assert asked.status == 408


def test_a_body_for_which_the_server_has_no_room_is_answered_503_and_the_room_is_given_back() -> None:
    intake = intake_of(whole_body)
    held = intake.flight.held = intake.flight.most - 100

    async def one(size: int, **length: str) -> tuple[int, str | None]:
        asked = Asked(b"x" * size)
        await intake(scope("POST", **length), asked.receive, asked.send)
        assert intake.flight.held == held
        return asked.status, asked.headers.get("retry-after")

    async def several() -> list[tuple[int, str | None]]:
        announced = [await one(size, content_length=str(size)) for size in (100, 101, 100)]
        return announced + [await one(size, transfer_encoding="chunked") for size in (100, 101, 100)]

    assert asyncio.run(several()) == [(200, None), (503, "5"), (200, None)] * 2


def test_a_long_body_takes_its_announced_room_as_soon_as_the_application_reads_on() -> None:
    intake = intake_of(whole_body)
    intake.flight.held = intake.flight.most - 3 * FIRST_BYTES
    asked = Asked(b"x" * (FIRST_BYTES + 1), ends=False)
    assert ask(intake, asked, scope("POST", content_length="9999999")).status == 503
    assert not asked.messages


def test_a_request_that_waits_for_a_print_holds_no_thread() -> None:
    printed: Future[bytes] = Future()
    ready = threading.Event()

    def app(environ: Environ) -> bytes:
        if environ["PATH_INFO"] == "/other":
            ready.set()
            return b"other"
        resume = environ[KEY].resume
        if resume is None:
            raise WaitFor(printed, 10, printed.result)
        return bytes(resume())

    async def both() -> tuple[Asked, Asked]:
        intake, printing, other = intake_of(app), Asked(), Asked()
        waiting = asyncio.ensure_future(intake(scope(), printing.receive, printing.send))
        await asyncio.sleep(0)
        await intake(scope(path="/other"), other.receive, other.send)
        assert not waiting.done()
        printed.set_result(b"paper")
        await waiting
        return printing, other

    printing, other = asyncio.run(both())
    assert (printing.body, other.body) == (b"paper", b"other")


def test_who_asks_for_much_stands_behind_who_asks_for_little() -> None:
    asked: list[str] = []
    all_wait = threading.Event()

    def app(environ: Environ) -> bytes:
        all_wait.wait(PATIENCE)
        asked.append(environ["HTTP_AUTHORIZATION"])
        return b""

    async def everybody() -> None:
        intake, who = intake_of(app), ["much"] * 6 + ["little"]
        each = [Asked() for _ in who]
        waiting = [
            asyncio.ensure_future(intake(scope(authorization=name), one.receive, one.send))
            for name, one in zip(who, each, strict=True)
        ]
        await asyncio.sleep(0)
        all_wait.set()
        await asyncio.gather(*waiting)

    asyncio.run(everybody())
    assert asked.index("little") <= 2
    assert asked.count("much") == 6


def test_a_read_that_would_wait_is_run_again_on_a_thread_of_its_own() -> None:
    where: list[bool] = []

    def app(_environ: Environ) -> bytes:
        where.append(here.must_not_wait)
        if here.must_not_wait:
            raise WouldWait
        return threading.current_thread().name.encode()

    asked = ask(intake_of(app, would_wait=False), Asked(), scope())
    assert where == [True, False]
    assert asked.body == b"read-0"
    assert not here.must_not_wait


def test_a_read_that_need_not_wait_is_answered_where_it_came_in() -> None:
    asked = ask(intake_of(lambda _: threading.current_thread().name.encode(), would_wait=False), Asked(), scope("GET"))
    assert asked.body == b"MainThread"


def test_an_answer_is_kept_for_the_same_request_until_it_may_be_another() -> None:
    run: list[str] = []
    left = iter([(("X-Left", "8"),), (("X-Left", "7"),), None])

    def app(environ: Environ) -> bytes:
        run.append(environ["PATH_INFO"])
        environ[KEY].repeat = Repeat(200, (("Content-Type", "text/plain"),), b"kept", lambda: next(left))
        return b"made"

    async def several() -> Iterator[Asked]:
        intake, same, body = intake_of(app, would_wait=False), scope(accept="a"), scope(content_length="1")
        every = [(same, Asked()) for _ in range(4)] + [(scope(accept="b"), Asked()), (body, Asked(b"x"))]
        for told, asked in every:
            await intake({**told, "headers": list(told["headers"])}, asked.receive, asked.send)
        return iter([asked for _, asked in every])

    answers = [(asked.body, asked.headers.get("x-left")) for asked in asyncio.run(several())]
    made = (b"made", None)
    assert answers == [made, (b"kept", "8"), (b"kept", "7"), made, made, made]
    assert len(run) == 4


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[SqliteDatabase]:
    database = open_database(sqlite_url)
    assert isinstance(database, SqliteDatabase)
    with contextlib.closing(database.connect()) as connection:
        connection.execute("CREATE TABLE parents (id INTEGER PRIMARY KEY)")
        connection.execute("CREATE TABLE children (parent INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED)")
    yield database
    database.close()


def children(sqlite: SqliteDatabase) -> int:
    """How many somebody else sees."""
    with contextlib.closing(sqlite.connect()) as connection:
        found: int = connection.execute("SELECT count(*) FROM children").fetchone()[0]
        return found


def add_child(sqlite: SqliteDatabase, parent: int | None) -> None:
    def work(tx: Transaction) -> None:
        tx.cursor.execute("INSERT INTO children VALUES (?)", (parent,))

    sqlite.write(work)


@pytest.mark.parametrize(("length", "thread"), [(10, b"writer"), (LONG + 1, b"write-0")])
def test_the_writer_itself_runs_short_writes(sqlite: SqliteDatabase, length: int, thread: bytes) -> None:
    def app(_environ: Environ) -> bytes:
        add_child(sqlite, None)
        return threading.current_thread().name.encode()

    asked = ask(intake_of(app, writer=sqlite.writer), Asked(b"x" * length), scope("POST", content_length=str(length)))
    assert asked.body == thread
    assert children(sqlite) == 1


def test_what_the_writer_runs_is_answered_after_the_commit(sqlite: SqliteDatabase) -> None:
    seen: list[tuple[int, int]] = []

    def app(_environ: Environ) -> bytes:
        add_child(sqlite, None)
        found = sqlite.read(lambda tx: tx.cursor.execute("SELECT count(*) FROM children").fetchone()[0])
        seen.append((found, children(sqlite)))
        return b""

    async def several() -> list[int]:
        intake, after = intake_of(app, writer=sqlite.writer), list[int]()

        async def one() -> None:
            asked = Asked()
            await intake(scope("DELETE"), asked.receive, asked.send)
            after.append(children(sqlite))

        await asyncio.gather(*(one() for _ in range(5)))
        return after

    after = asyncio.run(several())
    # It sees itself what it wrote; others see it when it is answered.
    assert [found for found, _ in seen] == [1, 2, 3, 4, 5]
    assert all(others < found for found, others in seen)
    assert after[-1] == 5


def test_a_write_whose_commit_fails_is_answered_by_the_application_and_not_run_again(sqlite: SqliteDatabase) -> None:
    run: list[str] = []

    def app(environ: Environ) -> bytes:
        run.append(threading.current_thread().name)
        if (resume := environ[KEY].resume) is not None:
            with pytest.raises(sqlite3.IntegrityError):
                resume()
            return b"refused"
        add_child(sqlite, 7)
        return b"written"

    assert ask(intake_of(app, writer=sqlite.writer), Asked(), scope("DELETE")).body == b"refused"
    assert run == ["writer", "write-0"]
    assert children(sqlite) == 0


def test_a_write_that_waits_too_long_for_the_writer_is_refused_by_the_application(
    sqlite: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "PATIENCE", 0.1)

    def app(environ: Environ) -> bytes:
        with pytest.raises(Unavailable):
            environ[KEY].resume()
        return threading.current_thread().name.encode()

    with contextlib.closing(sqlite.connect()) as other:
        other.execute("BEGIN IMMEDIATE")
        assert ask(intake_of(app, writer=sqlite.writer), Asked(), scope("DELETE")).body == b"write-0"


@pytest.mark.parametrize("pause", [WouldWait(), GoOn(lambda: b"went on")])
def test_what_the_writer_must_not_wait_for_is_done_on_a_thread(sqlite: SqliteDatabase, pause: BaseException) -> None:
    run: list[str] = []

    def app(environ: Environ) -> bytes:
        run.append(threading.current_thread().name)
        if here.must_not_wait:
            raise pause
        return bytes(environ[KEY].resume() if environ[KEY].resume else b"began again")

    asked = ask(intake_of(app, writer=sqlite.writer), Asked(), scope("DELETE"))
    assert asked.body == (b"went on" if isinstance(pause, GoOn) else b"began again")
    assert run == ["writer", "write-0"]


def test_what_the_application_fails_with_is_500_under_the_request_id_that_the_log_has(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def app(_environ: Environ) -> bytes:
        raise LookupError

    asked = ask(intake_of(app), Asked(), scope())
    assert asked.status == 500
    assert re.fullmatch(r"[0-9a-f]{12}-[0-9a-f]+", asked.headers["x-request-id"])
    assert "LookupError" in caplog.text


@pytest.fixture
def server(sandbox: Sandbox) -> Server:
    return sandbox.server


def exchange(server: Server, sent: bytes) -> bytes:
    with socket.create_connection((server.host, server.port), timeout=PATIENCE) as connection:
        connection.sendall(sent)
        return b"".join(iter(lambda: connection.recv(65536), b""))


HEADS = {
    "no Host": b"GET /sandbox HTTP/1.1\r\nConnection: close\r\n\r\n",
    "two Hosts": b"GET /sandbox HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    "two lengths that differ": b"POST /sandbox HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    "two kinds of content": b"POST /sandbox HTTP/1.1\r\nHost: a\r\nContent-Type: a/b\r\nContent-Type: c/d\r\n"
    b"Content-Length: 1\r\n\r\na",
    "two credentials": b"GET /sandbox HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer a\r\n"
    b"Authorization: Bearer b\r\n\r\n",
    "an unknown transfer coding": b"POST /sandbox HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: identity\r\n\r\na",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_head_that_can_be_read_in_two_ways_is_400_and_ends_the_connection(server: Server, head: bytes) -> None:
    assert exchange(server, head).startswith(b"HTTP/1.1 400 ")


def test_chunks_whose_lines_end_in_bare_line_feeds_are_refused(server: Server) -> None:
    head = b"PATCH /sandbox HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n"
    host = f"{server.host}:{server.port}".encode()
    answer = exchange(server, head % host + b"Connection: close\r\n\r\n2\n{}\n0\n\n")
    assert answer.startswith(b"HTTP/1.1 400 ")


def test_a_header_whose_name_has_an_underscore_does_not_pass_for_another(server: Server) -> None:
    path = "/fakturoid/api/v3/user.json"
    lines = f"GET {path} HTTP/1.1\r\nHost: a\r\nUser_Agent: x\r\nConnection: close\r\n\r\n".encode()
    assert b"User-Agent" in exchange(server, lines)


def test_every_answer_and_its_line_in_the_log_have_the_same_request_id(server: Server) -> None:
    ids = [server.ask("GET", path).headers["x-request-id"] for path in ("/healthz", "/sign-in", "/nowhere.json")]
    assert len(set(ids)) == 3
    logged = _lines(server, ids)
    assert [logged[i]["path"] for i in ids] == ["/healthz", "/sign-in", "/nowhere.json"]


def _lines(server: Server, ids: list[str]) -> dict[str, Any]:
    """The lines of these requests by request id; a line is written after the answer is sent."""
    deadline = time.monotonic() + PATIENCE
    while True:
        lines = [json.loads(line) for line in server.log.read_text().splitlines() if line.startswith("{")]
        logged = {line["request_id"]: line for line in lines if "request_id" in line}
        if logged.keys() >= set(ids):
            return logged
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_serving_process_that_dies_is_started_again(tmp_path: Path) -> None:
    with running(tmp_path, "sandbox") as server:
        [served] = server.children
        os.kill(served, signal.SIGKILL)
        deadline = time.monotonic() + PATIENCE
        for _ in itertools.count():
            again = server.children
            if again and served not in again and _answers(server):
                break
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert server.stop() == 0


def _answers(server: Server) -> bool:
    try:
        return server.ask("GET", "/healthz").status == 200
    except OSError:
        return False
