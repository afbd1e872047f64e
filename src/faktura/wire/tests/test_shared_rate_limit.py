"""Limits where several processes serve: a request counts in all of them."""

import datetime as dt
import multiprocessing
import random
from collections.abc import Iterator
from multiprocessing.connection import Connection

import pytest

from faktura.store.board import Board
from faktura.wire.rate_limit import Allowance, RateLimit
from faktura.wire.shared_rate_limit import WAYS, SharedRateLimit

NOON = dt.datetime(2026, 11, 29, 12, tzinfo=dt.UTC)
FORKED = multiprocessing.get_context("fork")
PROCESSES = 4


class Limits:
    """Processes that count what they are told to."""

    def __init__(self, board: Board) -> None:
        pipes = [FORKED.Pipe() for _ in range(PROCESSES)]
        self._ends = [mine for mine, _ in pipes]
        self._processes = [FORKED.Process(target=count_on, args=(board, its)) for _, its in pipes]
        for process in self._processes:
            process.start()

    def take(self, process: int, address: str, quota: int = 10, seconds: float = 0) -> Allowance:
        self._ends[process].send((address, quota, seconds, 1))
        [taken] = self._taken(process)
        return taken

    def take_all(self, address: str, quota: int, each: int) -> list[Allowance]:
        """So many in each process, all in the same time."""
        for end in self._ends:
            end.send((address, quota, 0, each))
        return [one for process in range(PROCESSES) for one in self._taken(process)]

    def _taken(self, process: int) -> list[Allowance]:
        taken: list[Allowance] = self._ends[process].recv()
        return taken

    def close(self) -> None:
        for process in self._processes:
            process.kill()
            process.join()


def count_on(board: Board, orders: Connection) -> None:
    limit = SharedRateLimit(board)
    while True:
        address, quota, seconds, times = orders.recv()
        now = NOON + dt.timedelta(seconds=seconds)
        orders.send([limit.take("all", address, quota, now) for _ in range(times)])


@pytest.fixture
def limits() -> Iterator[Limits]:
    opened = Limits(Board(PROCESSES, 2 * WAYS * 64))
    yield opened
    opened.close()


def test_a_quota_is_one_for_all_processes(limits: Limits) -> None:
    taken = [limits.take(n % PROCESSES, "192.0.2.1") for n in range(12)]
    assert [one.remaining for one in taken] == [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0]
    assert [one.allowed for one in taken] == [True] * 10 + [False] * 2


def test_others_have_their_own(limits: Limits) -> None:
    limits.take(0, "192.0.2.1")
    assert limits.take(1, "192.0.2.2").remaining == 9


def test_a_window_ends_for_all_together(limits: Limits) -> None:
    limits.take(0, "192.0.2.1", seconds=0)
    assert limits.take(1, "192.0.2.1", seconds=20).resets_in == 40
    assert limits.take(2, "192.0.2.1", seconds=59) == Allowance(allowed=True, quota=10, remaining=7, resets_in=1)
    assert limits.take(3, "192.0.2.1", seconds=60) == Allowance(allowed=True, quota=10, remaining=9, resets_in=60)
    assert limits.take(0, "192.0.2.1", seconds=61) == Allowance(allowed=True, quota=10, remaining=8, resets_in=59)


def test_counting_together_hardly_more_are_let_through_than_there_may_be(limits: Limits) -> None:
    allowed = sum(one.allowed for one in limits.take_all("192.0.2.1", 1000, 500))
    assert 1000 <= allowed < 1000 + PROCESSES
    assert not limits.take(0, "192.0.2.1", 1000).allowed


def test_what_no_room_is_left_for_is_forgotten_and_nobody_is_counted_for_another(limits: Limits) -> None:
    addresses = [f"2001:db8::{n:x}" for n in range(64 * WAYS * 2)]
    for address in addresses:
        assert limits.take(0, address).remaining in {8, 9}
    again = [limits.take(1, address).remaining for address in addresses]
    assert set(again) == {8, 9}
    assert again.count(8) > 64 * WAYS // 2


def test_in_one_process_it_counts_as_the_limit_of_one_does() -> None:
    chance = random.Random(4)  # noqa: S311 (no secret)
    shared, plain = SharedRateLimit(Board(1, 2 * WAYS * 64)), RateLimit()
    now = NOON
    for _ in range(3000):
        now += dt.timedelta(seconds=chance.choice([0, 0, 0, 1, 7, 61]))
        address, quota = f"192.0.2.{chance.randrange(5)}", chance.choice([1, 5, 400])
        assert shared.take("all", address, quota, now) == plain.take("all", address, quota, now)


def test_what_is_given_back_can_be_taken_again() -> None:
    limit = SharedRateLimit(Board(1, 64))
    assert [limit.take("door", "here", 2, NOON).allowed for _ in range(3)] == [True, True, False]
    limit.give_back("door", "here", 2, NOON)
    assert [limit.take("door", "here", 2, NOON).allowed for _ in range(2)] == [True, False]
