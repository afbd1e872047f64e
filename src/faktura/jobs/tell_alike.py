"""The same happened to many records: of some of them, whoever waits for that is told of each as it is now."""

from collections.abc import Sequence

from faktura.core.books.books import Books
from faktura.core.books.history import Event, EventName
from faktura.core.books.listeners import tell
from faktura.core.documents.find import documents_at


def do(books: Books, name: EventName, kind: str, ids: Sequence[int]) -> None:
    documents = documents_at(books, [(kind, document_id) for document_id in ids])
    for _, document in sorted(documents.items()):
        tell(books.tx, books.account, Event(name, document), books.now)
