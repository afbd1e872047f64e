"""Documents of whatever sort, looked up by what every pointer to one is: kind and id."""

from collections import defaultdict
from collections.abc import Iterable

from faktura.core.books.books import Books
from faktura.core.documents.record import Document
from faktura.store import queries
from faktura.store.records import RECORDS
from faktura.store.transaction import Transaction

Key = tuple[str, int]
"""The table of a document and its id there."""


def key_of(document: Document) -> Key:
    return document.table_name, document.id


def sorts() -> list[type[Document]]:
    """All sorts of documents that there are, each with a table of its own."""
    return [cls for cls in RECORDS.values() if issubclass(cls, Document)]


def sort_of(kind: str) -> type[Document] | None:
    """None of a table that is none of documents."""
    cls = RECORDS.get(kind)
    return cls if cls is not None and issubclass(cls, Document) else None


def documents_at(books: Books, keys: Iterable[Key]) -> dict[Key, Document]:
    """Those of them that are there."""
    return documents_of(books.tx, books.account.id, keys)


def document_at(books: Books, key: Key) -> Document | None:
    return documents_at(books, [key]).get(key)


def number_at(books: Books, key: Key) -> str:
    """The number of a document that a link leads to, to name it by."""
    document = document_at(books, key)
    return document.number if document is not None else ""


def documents_of(tx: Transaction, account_id: int, keys: Iterable[Key]) -> dict[Key, Document]:
    ids: dict[str, set[int]] = defaultdict(set)
    for kind, document_id in keys:
        ids[kind].add(document_id)
    found = ((cls, sorted(wanted)) for kind, wanted in ids.items() if (cls := sort_of(kind)) is not None)
    return {key_of(document): document for cls, some in found for document in queries.by_ids(tx, cls, account_id, some)}
