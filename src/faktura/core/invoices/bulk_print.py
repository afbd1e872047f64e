"""Many documents printed into one file: asked for once, fetched by a token."""

import datetime as dt
import re
from collections.abc import Sequence

from faktura.core.books.books import Books
from faktura.core.errors import NotFound
from faktura.core.invoices.record import Invoice
from faktura.store.queries import Condition, Selection
from faktura.store.records import Tenant, index, record, unique

KEPT_FOR = dt.timedelta(days=1)
TOKEN_BYTES = 8


@record(
    "bulk_prints",
    unique("account_id", "token"),
    index("expires_at", over_all_accounts="what expired is forgotten everywhere"),
    paged=False,
    remembers={"document_ids": "invoices"},
)
class BulkPrint(Tenant):
    """Documents in the order in which they stand in the file; the token is 16 hex digits."""

    token: str
    document_ids: tuple[int, ...]
    expires_at: dt.datetime


def order_print(books: Books, documents: Sequence[Invoice]) -> BulkPrint:
    token = books.tx.chance.digits(BulkPrint.table_name, TOKEN_BYTES)
    ids = tuple(document.id for document in documents)
    return books.add(BulkPrint, token=token, document_ids=ids, expires_at=books.now + KEPT_FOR)


def find_print(books: Books, token: str) -> BulkPrint:
    """The order.

    Raises:
        NotFound: there is none, or it expired.

    """
    found = books.look_up(BulkPrint, token=token) if _TOKEN.fullmatch(token) else None
    if found is None or found.expires_at <= books.now:
        raise NotFound(BulkPrint.table_name)
    return found


def documents_of(books: Books, order: BulkPrint) -> list[Invoice]:
    """Those of the documents that were not deleted meanwhile, in their order."""
    found = {document.id: document for document in books.some(Invoice, order.document_ids)}
    return [found[document_id] for document_id in order.document_ids if document_id in found]


def documents_by_uuid(books: Books, uuids: Sequence[str]) -> list[Invoice]:
    """Those that exist, in the order of the uuids."""
    named = Selection((Condition("uuid", "in", tuple(uuids)),))
    found = {document.uuid: document for document in books.all(Invoice, named)}
    return [found[uuid] for uuid in uuids if uuid in found]


_TOKEN = re.compile(r"[0-9a-f]{16}")
