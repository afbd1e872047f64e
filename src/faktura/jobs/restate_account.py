"""One account's documents get the status that they have today, some hundred at a time, and those to pay are listed."""

from faktura.core.books.books import Books
from faktura.core.documents.events import restate_due
from faktura.core.received.due import list_due


def do(books: Books) -> None:
    if bring_up_to_today(books):
        books.later("restate_account")


def bring_up_to_today(books: Books) -> bool:
    """Whether more are left."""
    left = restate_due(books), list_due(books)
    return any(left)
