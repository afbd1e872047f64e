"""Kinds of tasks for tests, and a worker in a process of its own that never gets to the end of one.

Until documents are built, tests hand in clients.
"""

import sys
import time
from pathlib import Path

from faktura.core.books.books import Books
from faktura.core.books.tasks import Task
from faktura.core.clock import Clock
from faktura.core.contacts import Contact, add_contact
from faktura.core.errors import Invalid, Problem
from faktura.dialects.infakt.async_tasks import Work
from faktura.dialects.infakt.clients import CLIENT
from faktura.dialects.infakt.door.application import WORKS
from faktura.dialects.infakt.door.door import given_in
from faktura.jobs import handlers
from faktura.store.database import open_database
from faktura.store.records import changed
from faktura.worker import Worker

HALF = "Do połowy"
"""A client of this name is refused after it was added."""

PAID = "zapłacone"


def create(books: Books, task: Task) -> str:
    contact = add_contact(books, given_in(task.parameters, CLIENT))
    if contact.name == HALF:
        raise Invalid({"name": [Problem("taken")]})
    return contact.uuid


def mark(books: Books, task: Task) -> str:
    contact = next(found for found in books.all(Contact) if found.uuid == task.subject)
    if contact.private_note == PAID:
        raise Invalid({"private_note": [Problem("taken")]})
    books.change(contact, changed(contact, private_note=PAID))
    return contact.uuid


CREATE = Work("create_invoice", "client", CLIENT, create)
MARK = Work("mark_as_paid", "client", CLIENT, mark)


def main(url: str, marker: Path) -> None:
    """Do everything but commit, tell so by making the file, and wait to be killed."""

    def create_and_wait(books: Books, task: Task) -> str:
        uuid = create(books, task)
        marker.touch()
        time.sleep(600)
        return uuid

    WORKS[CREATE.name] = Work(CREATE.action, CREATE.kind, CLIENT, create_and_wait)
    Worker(open_database(url), Clock(), handlers()).work_until(lambda: False)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
