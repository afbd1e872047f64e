"""A task is done by the door that accepted it; whoever handed it in asks there how it went."""

from faktura.core.books import Books
from faktura.core.errors import Refusal
from faktura.core.tasks import TaskRefused, complete_task, find_task, refuse_task
from faktura.dialects import installed

LANE = "tasks"


def do(books: Books, reference: str) -> None:
    task = find_task(books, reference)
    door = next(dialect for dialect in installed() if dialect.name == task.door)
    subject = door.do_task(Books(books.tx, books.account, task.user_id, books.now), task)
    complete_task(books, task, subject)


def refused(books: Books, refusal: Refusal, reference: str) -> None:
    """Nothing of what was begun is left; the task tells why.

    Raises:
        Refusal: it was not the door that refused.

    """
    if not isinstance(refusal, TaskRefused):
        raise refusal
    refuse_task(books, find_task(books, reference), refusal.sentences)
