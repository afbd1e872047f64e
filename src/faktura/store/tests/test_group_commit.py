"""SQLite's one writer: each piece of work for itself, many in one commit, an answer only after it."""

import datetime as dt
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from faktura.core.people.applications import Grant
from faktura.store import group_commit
from faktura.store.database import SqliteDatabase, open_database
from faktura.store.errors import Unavailable, Unready
from faktura.store.group_commit import LONGEST_BATCH, GroupCommit
from faktura.store.transaction import Transaction

NOW = dt.datetime(2026, 11, 21, 12, tzinfo=dt.UTC)

COUNT = "SELECT count(*) FROM grants"
COUNTS = f"import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('{COUNT}').fetchone()[0])"


@pytest.fixture
def sqlite(sqlite_url: str) -> Iterator[SqliteDatabase]:
    database = open_database(sqlite_url)
    assert isinstance(database, SqliteDatabase)
    yield database
    database.close()


def add_grant(tx: Transaction, number: int = 1) -> int:
    grant = Grant(tx.next_id(Grant), 1, NOW, NOW, application_id=number, user_id=1, password_version=1)
    tx.insert(grant)
    return grant.id


def fail(tx: Transaction) -> None:
    add_grant(tx, 666)
    raise LookupError("this work fails")


def add_orphan(tx: Transaction) -> None:
    """Nothing is wrong with it before the commit."""
    add_grant(tx)
    tx.cursor.execute("INSERT INTO children VALUES (7)")


def promise_parents(sqlite: SqliteDatabase) -> None:
    connection = sqlite.connect()
    connection.execute("CREATE TABLE parents (id INTEGER PRIMARY KEY)")
    connection.execute("CREATE TABLE children (parent INTEGER REFERENCES parents DEFERRABLE INITIALLY DEFERRED)")
    connection.close()


def committed(sqlite: SqliteDatabase) -> int:
    """How many grants somebody else sees."""
    connection = sqlite.connect()
    found: int = connection.execute(COUNT).fetchone()[0]
    connection.close()
    return found


def in_one_batch(
    write: Callable[[Callable[[Transaction], Any]], Any], works: list[Callable[[Transaction], Any]]
) -> list[Future[Any]]:
    """What becomes of pieces of work that all wait, in this order, for the writer to be free."""
    go, busy = threading.Event(), threading.Event()

    def keep_busy(_: Transaction) -> None:
        busy.set()
        go.wait(10)

    pool = ThreadPoolExecutor(len(works) + 1)
    pool.submit(write, keep_busy)
    assert busy.wait(10)
    futures = []
    for work in works:
        futures.append(pool.submit(write, work))
        time.sleep(0.02)
    go.set()
    pool.shutdown()
    return futures


def test_work_that_fails_in_a_batch_is_undone_alone(sqlite: SqliteDatabase) -> None:
    first, second, third, fourth = in_one_batch(sqlite.write, [add_grant, fail, add_grant, fail])

    assert [first.result(), third.result()] == [1, 2]
    assert isinstance(second.exception(), LookupError)
    assert isinstance(fourth.exception(), LookupError)
    assert committed(sqlite) == 2


def test_work_that_a_constraint_refuses_is_undone_alone(sqlite: SqliteDatabase) -> None:
    def clash(tx: Transaction) -> None:
        grant_id = add_grant(tx)
        tx.insert(Grant(grant_id, 1, NOW, NOW, application_id=4, user_id=1, password_version=1))

    clashing, adding = in_one_batch(sqlite.write, [clash, add_grant])

    assert isinstance(clashing.exception(), sqlite3.IntegrityError)
    assert adding.result() == 1
    assert committed(sqlite) == 1


def test_those_that_wait_share_one_commit(sqlite: SqliteDatabase, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_commit, "LONGEST_BATCH", 60)

    def add_and_look(tx: Transaction) -> int:
        add_grant(tx)
        return committed(sqlite)

    seen = [future.result() for future in in_one_batch(sqlite.write, [add_and_look] * 10)]

    assert seen == [0] * 10
    assert committed(sqlite) == 10


def test_where_each_takes_long_no_more_than_enough_share_one_commit(
    sqlite: SqliteDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(group_commit, "LONG_BATCH", 0)
    monkeypatch.setattr(group_commit, "LONGEST_BATCH", 60)
    monkeypatch.setattr(group_commit, "ENOUGH", 4)

    def add_and_look(tx: Transaction) -> int:
        add_grant(tx)
        return committed(sqlite)

    seen = [future.result() for future in in_one_batch(sqlite.write, [add_and_look] * 10)]

    assert seen == [0] * 3 + [3] * 4 + [7] * 3  # the first commit is that of whoever kept the writer busy, too


def test_another_process_sees_what_was_written_when_the_answer_is_there(sqlite: SqliteDatabase) -> None:
    for number in range(1, 4):
        sqlite.write(add_grant)
        command = [sys.executable, "-c", COUNTS, str(sqlite.url.database)]
        seen = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 (our own program)
        assert int(seen.stdout) == number


def test_a_commit_that_fails_is_told_to_everybody_in_it_and_the_next_goes_well(sqlite: SqliteDatabase) -> None:
    promise_parents(sqlite)

    futures = in_one_batch(sqlite.write, [add_grant, add_orphan, add_grant])

    assert [type(future.exception()) for future in futures] == [sqlite3.IntegrityError] * 3
    assert committed(sqlite) == 0
    assert sqlite.write(add_grant) == 1
    assert committed(sqlite) == 1


def test_closing_finishes_what_waits(sqlite: SqliteDatabase) -> None:
    writer = GroupCommit(sqlite.connect)
    closing: list[Future[Any]] = []

    def write_and_close(work: Callable[[Transaction], Any]) -> Any:
        return writer.close() if work is fail else writer.run(work)

    closing = in_one_batch(write_and_close, [add_grant, add_grant, fail, add_grant])

    assert [future.result() for future in closing[:3]] == [1, 2, None]
    assert isinstance(closing[3].exception(), Unready)
    assert committed(sqlite) == 2


def test_closing_ends_although_the_last_commit_fails(sqlite: SqliteDatabase) -> None:
    promise_parents(sqlite)
    writer = GroupCommit(sqlite.connect)

    def write_and_close(work: Callable[[Transaction], Any]) -> Any:
        return writer.close() if work is fail else writer.run(work)

    orphan, closed = in_one_batch(write_and_close, [add_orphan, fail])

    assert isinstance(orphan.exception(), sqlite3.IntegrityError)
    assert closed.result(timeout=10) is None


def test_whoever_comes_after_the_end_is_told(sqlite: SqliteDatabase) -> None:
    writer = GroupCommit(sqlite.connect)
    writer.close()

    with pytest.raises(Unready, match="closed"):
        writer.run(add_grant)


def test_a_database_that_cannot_be_opened_is_told_to_the_writer() -> None:
    database = open_database("sqlite:////nowhere/at/all.sqlite")

    with pytest.raises(Unavailable, match="cannot be opened"):
        database.write(add_grant)


def test_ids_go_on_where_failing_work_began(sqlite: SqliteDatabase) -> None:
    futures = in_one_batch(sqlite.write, [fail, add_grant, fail, add_grant])

    assert [futures[1].result(), futures[3].result()] == [1, 2]
    assert sqlite.write(add_grant) == 3


def test_works_of_several_turns_take_turns(sqlite: SqliteDatabase) -> None:
    begun, may_go_on, order = threading.Event(), threading.Event(), list[int]()

    def hold(_: Transaction) -> None:
        begun.set()
        assert may_go_on.wait(10)

    threads = [threading.Thread(target=sqlite.write, args=(hold, 9))]
    threads[0].start()
    assert begun.wait(10)
    for joined, turn in enumerate((1, 1, 1, 2, 3, 3)):
        threads.append(threading.Thread(target=sqlite.write, args=(lambda _, turn=turn: order.append(turn), turn)))
        threads[-1].start()
        while sqlite_waiting(sqlite) <= joined:
            time.sleep(0.001)
    may_go_on.set()
    for thread in threads:
        thread.join()

    assert order == [1, 2, 3, 1, 3, 1]


def sqlite_waiting(sqlite: SqliteDatabase) -> int:
    assert sqlite._writer is not None  # noqa: SLF001 (nobody else says)
    return len(sqlite._writer._waiting)  # noqa: SLF001


def test_whose_work_is_done_waits_for_no_long_one_behind_it(sqlite: SqliteDatabase) -> None:
    answered = threading.Event()

    def take_long(_: Transaction) -> None:
        time.sleep(2 * LONGEST_BATCH)

    def wait_for_the_first(_: Transaction) -> bool:
        return answered.wait(10)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(sqlite.write, take_long)
        first.add_done_callback(lambda _: answered.set())
        assert pool.submit(sqlite.write, wait_for_the_first).result()
