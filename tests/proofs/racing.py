"""Two processes that write in the books of one account, each with connections of its own, always in the same moment."""

import contextlib
import functools
import multiprocessing
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.connection import Connection
from typing import Any

import faktura.core.tables  # noqa: F401 (declares every table)
from faktura.core.books.books import Books
from faktura.core.clock import Clock
from faktura.core.errors import Refusal
from faktura.core.people.accounts import Account
from faktura.store.database import Database, open_database

Verb = Callable[..., Any]
Step = tuple[Verb, tuple[Any, ...]]

PROCESSES = 2
MOST_AT_ONCE = 10
PATIENCE = 60


class Racers:
    """The processes; what each is to do begins in all of them together."""

    def __init__(self, ends: list[Connection]) -> None:
        self._ends = ends

    def run(self, url: str, account: Account, *shares: list[Step]) -> list[list[Any]]:
        """What each step of each process comes to: its result, or the refusal of the business."""
        for end, steps in zip(self._ends, shares, strict=True):
            end.send((url, account.id, steps))
        found = []
        for end in self._ends:
            assert end.poll(PATIENCE)
            answer = end.recv()
            if isinstance(answer, Exception):
                raise answer
            found.append(answer)
        return found


@contextlib.contextmanager
def racers() -> Iterator[Racers]:
    context = multiprocessing.get_context("spawn")
    begin = context.Barrier(PROCESSES)
    ends, processes = [], []
    for _ in range(PROCESSES):
        ours, theirs = context.Pipe()
        process = context.Process(target=race, args=(begin, theirs), daemon=True)
        process.start()
        ends.append(ours)
        processes.append(process)
    try:
        yield Racers(ends)
    finally:
        for end, process in zip(ends, processes, strict=True):
            end.send(None)
            process.join(PATIENCE)


def race(begin: Any, orders: Connection) -> None:
    """Do what is ordered until nothing more is: each step in a transaction of its own, all of them at the same time."""
    while (order := orders.recv()) is not None:
        url, account_id, steps = order
        with contextlib.closing(open_database(url)) as database, ThreadPoolExecutor(MOST_AT_ONCE) as threads:
            account = database.read(lambda tx: tx.get(Account, id=account_id))  # noqa: B023 (read before the next order)
            assert account is not None
            begin.wait(PATIENCE)
            try:
                orders.send(list(threads.map(functools.partial(do, database, account), steps)))
            except Exception as error:  # noqa: BLE001 (raised again in the test)
                orders.send(RuntimeError(repr(error)))


def do(database: Database, account: Account, step: Step) -> Any:
    verb, arguments = step
    try:
        return database.write(lambda tx: verb(Books(tx, account, None, Clock().now()), *arguments), turn=account.id)
    except Refusal as refusal:
        return Refused(type(refusal).__name__)


class Refused(str):
    """The name of a refusal, which crosses the border of a process where the refusal itself does not."""

    __slots__ = ()
