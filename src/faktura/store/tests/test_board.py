"""Numbers that processes forked from one have in common."""

import multiprocessing
import os
import signal
from multiprocessing.connection import Connection

from faktura.store.board import Board

FORKED = multiprocessing.get_context("fork")


def begun(board: Board) -> tuple[multiprocessing.process.BaseProcess, Connection, int]:
    """A process that writes what it is told, and its column."""
    mine, its = FORKED.Pipe()

    def work() -> None:
        its.send(board.column)
        while True:
            row, number = its.recv()
            board.write(row, number)
            its.send(board.own(row))

    process = FORKED.Process(target=work)
    process.start()
    return process, mine, mine.recv()


def killed(process: multiprocessing.process.BaseProcess) -> None:
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()


def test_each_process_writes_in_a_column_of_its_own_and_all_see_it() -> None:
    board = Board(3, 10)
    processes = [begun(board) for _ in range(3)]
    for _, connection, column in processes:
        connection.send((7, 2**63 + column))
        assert connection.recv() == 2**63 + column

    assert sorted(column for *_, column in processes) == [0, 1, 2]
    assert board.rows(6, 3) == [0, 0, 0, 2**63, 2**63 + 1, 2**63 + 2, 0, 0, 0]
    assert board.row(7) == b"".join(n.to_bytes(8, "little") for n in board.rows(7, 1))
    for process, *_ in processes:
        killed(process)


def test_who_comes_in_place_of_a_killed_process_has_its_column_and_its_numbers() -> None:
    board = Board(2, 4)
    staying, dying = begun(board), begun(board)
    dying[1].send((3, 5))
    assert dying[1].recv() == 5
    killed(dying[0])

    coming = begun(board)
    assert coming[2] == dying[2] != staying[2]
    assert board.rows(3, 1)[coming[2]] == 5
    for process, *_ in (staying, coming):
        killed(process)
