"""Faults of the database are said as such: 503 with Retry-After, soon, and all is well again without a restart."""

import contextlib
import os
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from faktura.core.books.office import Office
from faktura.core.clock import Clock
from faktura.core.people.api_keys import add_api_key
from faktura.store.database import SqliteDatabase, open_database
from faktura.store.errors import Unavailable
from faktura.store.group_commit import GroupCommit
from faktura.store.postgres import PostgresDatabase
from faktura.store.transaction import Transaction
from tests import needs
from tests.firm import Firm
from tests.postgres import (
    ORDINARY_USER,
    START_SECONDS,
    administrator,
    create_cluster,
    programs_for,
    wait_until_it_answers,
)
from tests.postgres import start as start_postgres
from tests.proofs.served import assert_whole, contacts_path, headers_of, make_firm, settings_for
from tests.running import Answer, Server, running

pytestmark = [pytest.mark.timeout(300), needs.FAKTUROID, needs.INFAKT]

LATE = 10.0
"""Seconds. Five are promised; the rest is for a busy machine. Those who wait one after the other need a minute."""

CLIENTS = 40
SCOPES = ("api:invoices:read", "api:invoices:write")


class House:
    """A started server, and a firm that comes in by all of its doors."""

    def __init__(self, server: Server, url: str) -> None:
        self.server = server
        self.url = url
        self.firm: Firm = make_firm(url)
        with contextlib.closing(open_database(url)) as database:
            firm, now = self.firm, Clock().now()
            self.key = database.write(lambda tx: add_api_key(Office(tx, now), firm.account, firm.user, "tests", SCOPES))
        self.answered: list[int] = []

    def add(self, name: str = "Novák") -> Answer:
        path = contacts_path(self.firm)
        answer = self.server.ask("POST", path, {"name": name}, headers_of(self.firm))
        if answer.status == 201:
            self.answered.append(answer.json["id"])
        return answer

    def look(self) -> Answer:
        # A search for something else each time, or an answer that is remembered would do.
        path = f"{contacts_path(self.firm)}?custom_id={time.monotonic_ns()}"
        return self.server.ask("GET", path, None, headers_of(self.firm))

    def look_second(self) -> Answer:
        query = f"offset={time.monotonic_ns() % 1000}"
        return self.server.ask("GET", f"/infakt/api/v3/clients.json?{query}", None, {"X-inFakt-ApiKey": self.key})

    def add_second(self) -> Answer:
        body = {"client": {"company_name": "Nowak"}}
        headers = {"X-inFakt-ApiKey": self.key, "Content-Type": "application/json"}
        return self.server.ask("POST", "/infakt/api/v3/clients.json", body, headers)

    def page(self) -> Answer:
        return self.server.ask("GET", f"/{self.firm.account.slug}/p/nobody-knows-this")

    def readiness(self) -> tuple[int, list[str]]:
        answer = self.server.ask("GET", "/readyz")
        return answer.status, answer.json["wrong"]

    def assert_away(self, *asks: Callable[[], Answer]) -> None:
        """Many at once are all refused as they should be, and none of them late."""

        def timed(number: int) -> tuple[Answer, float]:
            began = time.monotonic()
            return asks[number % len(asks)](), time.monotonic() - began

        with ThreadPoolExecutor(CLIENTS) as clients:
            answers = list(clients.map(timed, range(CLIENTS)))
        assert [answer.status for answer, _ in answers] == [503] * CLIENTS
        assert [int(answer.headers["retry-after"]) for answer, _ in answers] == [5] * CLIENTS
        assert max(seconds for _, seconds in answers) < LATE

    def assert_well(self) -> None:
        """What was answered is there, and everything works."""
        assert [ask().status for ask in (self.look, self.look_second, self.page)] == [200, 200, 404]
        assert [ask().status for ask in (self.add, self.add_second)] == [201, 201]
        assert_whole(self.url)
        for contact_id in self.answered:
            path = contacts_path(self.firm).replace(".json", f"/{contact_id}.json")
            assert self.server.ask("GET", path, None, headers_of(self.firm)).status == 200
        self.answered.clear()

    def is_well_soon(self) -> None:
        """For a second after somebody waited in vain the others are refused."""
        wait_until(lambda: self.add().status == 201)


def wait_until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 2 * LATE
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.fixture
def sqlite_house(tmp_path: Path) -> Iterator[House]:
    url = f"sqlite:///{tmp_path / 'faktura.sqlite'}"
    with running(tmp_path, "serve", settings=settings_for(url)) as server:
        yield House(server, url)


def test_another_program_that_locks_the_file_keeps_writers_waiting_together(sqlite_house: House) -> None:
    file = Path(sqlite_house.url.removeprefix("sqlite:///"))
    sqlite_house.add()
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        sqlite_house.assert_away(sqlite_house.add, sqlite_house.add_second)
        assert [ask().status for ask in (sqlite_house.look, sqlite_house.look_second, sqlite_house.page)] == [
            200,
            200,
            404,
        ]
        other.execute("ROLLBACK")
    sqlite_house.is_well_soon()
    sqlite_house.assert_well()


def test_a_disk_that_takes_nothing_more_is_said_and_forgotten_when_it_does_again(sqlite_house: House) -> None:
    sqlite_house.add()
    log = Path(f"{sqlite_house.url.removeprefix('sqlite:///')}-wal")
    processes = [sqlite_house.server.process.pid, *sqlite_house.server.children]
    for process in processes:
        resource.prlimit(process, resource.RLIMIT_FSIZE, (log.stat().st_size, resource.RLIM_INFINITY))
    try:
        sqlite_house.assert_away(sqlite_house.add, sqlite_house.add_second)
        assert sqlite_house.look().status == 200
        # Whoever was refused within the last second is refused without a look.
        time.sleep(2)
        assert sqlite_house.readiness()[0] == 503
    finally:
        for process in processes:
            resource.prlimit(process, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    sqlite_house.is_well_soon()
    sqlite_house.assert_well()


class Cluster:
    """A PostgreSQL that can be stopped, hung and filled."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
        self.user = ORDINARY_USER if os.geteuid() == 0 else None
        self.programs = programs_for(self.user, folder)
        create_cluster(self.programs, folder / "data", self.user)
        self.start()

    def start(self, **options: str) -> None:
        self.process: subprocess.Popen[bytes] = start_postgres(self.programs, self.folder / "data", self.user, options)
        wait_until_it_answers(self.process, self.url, self.folder)

    def stop(self) -> None:
        """Without a word to anybody: `pg_ctl stop -m immediate`."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(START_SECONDS)

    @contextlib.contextmanager
    def stopped(self, **options: str) -> Iterator[None]:
        """Stopped for a while, and then started again whatever happened, for the tests that follow."""
        self.stop()
        try:
            yield
        finally:
            self.start(**options)

    def signal(self, number: signal.Signals) -> None:
        """To all of its processes."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        for process in (self.process.pid, *map(int, children)):
            os.kill(process, number)

    def do(self, *statements: str) -> None:
        with administrator(self.url) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    folder = Path(tempfile.mkdtemp(prefix="faktura-"))
    try:
        started = Cluster(folder)
        yield started
        started.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="module")
def house(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One server goes through all that befalls PostgreSQL."""
    folder = tmp_path_factory.mktemp("served")
    with running(folder, "serve", "--processes", "2", settings=settings_for(cluster.url)) as server:
        yield House(server, cluster.url)


def doors_of(house: House) -> tuple[Callable[[], Answer], ...]:
    return house.add, house.look, house.page, house.look_second, house.add_second


def test_whoever_asks_for_readiness_has_the_log_written_to_the_disk_and_no_row(house: House, cluster: Cluster) -> None:
    with administrator(cluster.url) as connection:

        def row() -> object:
            return connection.execute("SELECT ctid, xmin FROM alembic_version").fetchall()

        def flushed() -> object:
            return connection.execute("SELECT pg_current_wal_flush_lsn()").fetchall()

        row_before, flushed_before = row(), flushed()
        assert house.readiness() == (200, [])
        assert row() == row_before
        assert flushed() != flushed_before


def test_postgresql_is_stopped_and_started_again(house: House, cluster: Cluster) -> None:
    with ThreadPoolExecutor(CLIENTS) as clients:
        assert {answer.status for answer in clients.map(lambda _: house.add(), range(CLIENTS))} == {201}
    assert house.readiness() == (200, [])
    with cluster.stopped():
        house.assert_away(*doors_of(house))
        # An answer of /readyz holds for a second, in each of the processes.
        wait_until(lambda: {house.readiness()[0] for _ in range(20)} == {503})
        assert [wrong.partition(":")[0] for wrong in house.readiness()[1]] == ["database"]
        assert house.server.ask("GET", "/healthz").status == 200
    house.assert_well()
    wait_until(lambda: {house.readiness()[0] for _ in range(20)} == {200})


def test_a_restart_of_postgresql_is_no_error_to_those_who_come_afterwards(house: House, cluster: Cluster) -> None:
    for _ in range(3):
        with ThreadPoolExecutor(CLIENTS) as clients:
            answers = list(clients.map(lambda n: doors_of(house)[n % 5](), range(CLIENTS)))
            assert {answer.status for answer in answers} == {200, 201, 404}
        with cluster.stopped():
            pass
    house.assert_well()


def test_what_was_answered_outlives_a_stop_in_the_middle_of_writes(house: House, cluster: Cluster) -> None:
    stopped = threading.Event()

    def write_on() -> set[int]:
        statuses = set()
        while not stopped.is_set():
            statuses.add(house.add().status)
        return statuses

    with ThreadPoolExecutor(8) as clients:
        writing = [clients.submit(write_on) for _ in range(8)]
        before = len(house.answered)
        try:
            wait_until(lambda: len(house.answered) >= before + 50)
            with cluster.stopped():
                stopped.set()
                assert set().union(*(task.result() for task in writing)) <= {201, 503}
        finally:
            stopped.set()
    house.assert_well()


def test_postgresql_hangs(house: House, cluster: Cluster) -> None:
    house.assert_well()
    cluster.signal(signal.SIGSTOP)
    try:
        house.assert_away(*doors_of(house))
    finally:
        cluster.signal(signal.SIGCONT)
    house.is_well_soon()
    house.assert_well()


def test_postgresql_takes_no_more_connections(house: House, cluster: Cluster) -> None:
    house.assert_well()
    with cluster.stopped(max_connections="10"):
        pass
    others: list[psycopg.Connection] = []
    try:
        wait_until(lambda: takes_every_connection(cluster, others))
        house.assert_away(*doors_of(house))
    finally:
        for other in others:
            other.close()
        with cluster.stopped():
            pass
    house.is_well_soon()
    house.assert_well()


def takes_every_connection(cluster: Cluster, others: list[psycopg.Connection]) -> bool:
    """Whether these have them all; whoever else had one has lost it."""
    with contextlib.suppress(psycopg.OperationalError):
        while True:
            others.append(administrator(cluster.url))
    mine = [other.info.backend_pid for other in others]
    [[strangers]] = others[0].execute(_END_OTHERS, (mine,)).fetchall()
    return bool(strangers == 0)


_END_OTHERS = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE backend_type = 'client backend' AND pid <> ALL (%s)
"""


def test_postgresql_became_a_standby(house: House, cluster: Cluster) -> None:
    house.assert_well()
    cluster.do("ALTER SYSTEM SET default_transaction_read_only = on", "SELECT pg_reload_conf()")
    try:
        wait_until(lambda: house.add().status == 503)
        house.assert_away(house.add, house.add_second)
        assert [ask().status for ask in (house.look, house.page)] == [200, 404]
    finally:
        cluster.do(
            "SET default_transaction_read_only = off",
            "ALTER SYSTEM RESET default_transaction_read_only",
            "SELECT pg_reload_conf()",
        )
    house.is_well_soon()
    house.assert_well()


def test_somebody_else_holds_a_lock(house: House, cluster: Cluster) -> None:
    with administrator(cluster.url) as other:
        other.execute("BEGIN")
        other.execute("LOCK TABLE contacts IN ACCESS EXCLUSIVE MODE")
        assert [ask().status for ask in (house.add, house.look)] == [503, 503]
        other.execute("ROLLBACK")
    house.assert_well()


def test_a_write_that_waits_too_long_for_its_turn_is_refused_and_nothing_is_held(house: House) -> None:
    with contextlib.closing(open_database(house.url)) as database:
        assert isinstance(database, PostgresDatabase)
        free, held = threading.Event(), threading.Event()

        def hold(_: Transaction) -> None:
            held.set()
            free.wait(60)

        with ThreadPoolExecutor(1) as threads:
            holding = threads.submit(database.write, hold, house.firm.account.id)
            assert held.wait(10)
            house.assert_away(house.add)
            free.set()
            holding.result()
    house.assert_well()


def test_a_full_disk_refuses_the_whole_batch_and_the_next_one_goes_well(sqlite_url: str) -> None:
    """`max_page_count` stands for the size of the disk; SQLite then says the same, SQLITE_FULL."""
    sizes = [1, 10_000]

    def connect() -> sqlite3.Connection:
        connection = sqlite.connect()
        connection.execute(f"PRAGMA max_page_count = {sizes.pop(0)}")
        return connection

    def fill(tx: Transaction) -> None:
        tx.cursor.execute("INSERT INTO filling VALUES (randomblob(500000))")

    with contextlib.closing(open_database(sqlite_url)) as database:
        assert isinstance(database, SqliteDatabase)
        sqlite = database
        with contextlib.closing(sqlite.connect()) as connection:
            connection.execute("CREATE TABLE filling (content BLOB)")
        writer = GroupCommit(connect)
        with ThreadPoolExecutor(5) as threads:
            failures = [task.exception() for task in [threads.submit(writer.run, fill) for _ in range(5)]]
        assert {type(failure) for failure in failures if failure is not None} == {Unavailable}
        assert any("full" in str(failure) for failure in failures)
        writer.run(fill)
        writer.close()


def test_a_file_that_may_only_be_read_is_said(sqlite_url: str) -> None:
    file = sqlite_url.removeprefix("sqlite:///")
    writer = GroupCommit(
        lambda: sqlite3.connect(f"file:{file}?mode=ro", uri=True, isolation_level=None, check_same_thread=False)
    )
    with pytest.raises(Unavailable, match="cannot be written"):
        writer.run(lambda tx: tx.cursor.execute("CREATE TABLE things (id INTEGER)"))
    writer.close()
