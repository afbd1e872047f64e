"""A task is done by the door that accepted it; whoever handed it in asks there how it went."""

import datetime as dt

from faktura.core.books.books import Books
from faktura.core.books.tasks import Task, complete_task, find_task, refuse_task
from faktura.dialects import Dialect, installed
from faktura.jobs import doubling

DELAYS = doubling(dt.timedelta(seconds=10), dt.timedelta(minutes=2), dt.timedelta(minutes=3))

LANE = "tasks"


def do(books: Books, reference: str) -> None:
    task = find_task(books, reference)
    asked = Books(books.tx, books.account, task.user_id, books.now, books.program, "api")
    subject = _door(task).do_task(asked, task)
    complete_task(books, task, subject)


def refused(books: Books, error: Exception, reference: str) -> None:
    """Nothing of what was begun is left; the task says why in the words of its door."""
    task = find_task(books, reference)
    refuse_task(books, task, _door(task).why_not(task, error))


def _door(task: Task) -> Dialect:
    return next(dialect for dialect in installed() if dialect.name == task.door)
