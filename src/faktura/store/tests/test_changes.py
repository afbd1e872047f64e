"""What is read on PostgreSQL holds until a process of the same server writes, and for a second at most."""

import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection

import pytest

from faktura.store import changes
from faktura.store.board import Board
from faktura.store.changes import FIRST, Changes
from faktura.store.freshness import EVERYBODY
from faktura.store.quiet import Quiet

FORKED = multiprocessing.get_context("fork")
ACCOUNTS = 10


@pytest.fixture
def board() -> Board:
    return Board(2, FIRST + ACCOUNTS)


def changes_on(board: Board) -> Changes:
    """Of a database that never says what is seen there."""
    return Changes(board, Quiet(lambda: None))


def nothing() -> None:
    pass


def fail() -> None:
    raise ConnectionError


def wait(orders: Connection) -> None:
    orders.send("under way")
    orders.recv()


def other(board: Board, do: Callable[[Changes, Connection], None]) -> tuple[int, Connection]:
    """Another process of the same server; its number and the end of a pipe to it."""
    mine, its = FORKED.Pipe()
    process = FORKED.Process(target=lambda: do(changes_on(board), its), daemon=True)
    process.start()
    assert process.pid is not None
    return process.pid, mine


def test_a_mark_is_the_same_until_its_account_is_written_in(board: Board) -> None:
    known = changes_on(board)
    mine, its = known.mark(1), known.mark(2)
    assert mine is not None
    known.commit(nothing, {2})
    assert known.mark(1) is mine
    assert known.mark(2) is not its
    known.commit(nothing, {EVERYBODY})
    assert known.mark(1) is not mine


def test_while_a_commit_is_under_way_nothing_is_kept_of_its_account(board: Board) -> None:
    known, seen = changes_on(board), []

    def both() -> None:
        known.commit(lambda: seen.append((known.mark(1), known.mark(2) is None)), {1})
        seen.append((known.mark(1), known.mark(2) is None))

    known.commit(both, {1})
    assert seen == [(None, False), (None, False)]
    assert known.mark(1) is not None


def test_a_commit_that_fails_counts_as_one_that_may_have_come_through(board: Board) -> None:
    known = changes_on(board)
    mark = known.mark(1)
    with pytest.raises(ConnectionError):
        known.commit(fail, {1})
    assert known.mark(1) is not mark
    assert known.mark(1) is known.mark(1)


def test_a_mark_holds_for_a_second_at_most(board: Board, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "LONGEST", -1.0)
    known = changes_on(board)
    assert known.mark(1) is not known.mark(1)


def test_what_opens_doors_is_counted_for_all(board: Board) -> None:
    known = changes_on(board)
    before = known.generation
    known.commit(nothing, {1})
    assert known.generation == before
    known.commit(nothing, set(), opens_doors=True)
    assert known.generation > before


def test_other_processes_of_the_server_see_it(board: Board) -> None:
    def write(known: Changes, orders: Connection) -> None:
        while True:
            account_id = orders.recv()
            known.commit(lambda: wait(orders), {account_id}, opens_doors=True)
            orders.send("done")

    known = changes_on(board)
    mine, its, generation = known.mark(1), known.mark(2), known.generation
    _, orders = other(board, write)
    orders.send(1)
    assert orders.recv() == "under way"
    assert known.mark(1) is None
    assert known.mark(2) is its
    orders.send("commit")
    assert orders.recv() == "done"
    assert known.mark(1) not in {None, mine}
    assert known.generation > generation


def test_who_comes_in_place_of_a_process_killed_in_a_commit_lets_what_is_read_be_kept_again(board: Board) -> None:
    def die(known: Changes, orders: Connection) -> None:
        known.commit(lambda: wait(orders), {1})

    def begin(_known: Changes, orders: Connection) -> None:
        orders.send("begun")
        orders.recv()

    known = changes_on(board)
    before = known.mark(1)
    number, orders = other(board, die)
    assert orders.recv() == "under way"
    os.kill(number, signal.SIGKILL)
    os.waitpid(number, 0)
    assert known.mark(1) is None

    _, orders = other(board, begin)
    assert orders.recv() == "begun"
    assert known.mark(1) not in {None, before}
