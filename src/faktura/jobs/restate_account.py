"""One account's documents get the status that they have today, some hundred at a time."""

from faktura.core.books.books import Books
from faktura.core.documents.events import restate_due


def do(books: Books) -> None:
    if restate_due(books):
        books.later("restate_account")
