"""One account's documents get their status of today, some hundred at a time, and what needs a person is listed."""

from faktura.core.books.books import Books
from faktura.core.documents.events import restate_due
from faktura.core.ksef.duty import remind_to_connect
from faktura.core.received.due import list_due


def do(books: Books) -> None:
    if bring_up_to_today(books):
        books.later("restate_account")


def bring_up_to_today(books: Books) -> bool:
    """Whether more are left."""
    remind_to_connect(books)
    left = restate_due(books), list_due(books)
    return any(left)
