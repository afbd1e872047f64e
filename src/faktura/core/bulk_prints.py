"""Many documents printed into one file: asked for once, fetched by a token."""

import datetime as dt
import re
from collections.abc import Sequence
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.errors import NotFound
from faktura.core.invoices.record import Invoice
from faktura.core.papers.record import Paper, PaperKind
from faktura.store.queries import Condition, Selection
from faktura.store.records import Tenant, index, record, unique

KEPT_FOR = dt.timedelta(days=1)
TOKEN_BYTES = 8


@record(
    "bulk_prints",
    unique("account_id", "token"),
    index("expires_at", over_all_accounts="what expired is forgotten everywhere"),
    paged=False,
    remembers={"document_ids": "invoices", "paper_ids": "papers"},
)
class BulkPrint(Tenant):
    """Documents, and papers without a buyer behind them, as they stand in the file; the token is 16 hex digits."""

    token: str
    document_ids: tuple[int, ...]
    paper_ids: tuple[int, ...]
    expires_at: dt.datetime


class Printable(NamedTuple):
    """What is printed into one file."""

    documents: list[Invoice]
    papers: list[Paper]

    @property
    def uuids(self) -> frozenset[str]:
        return frozenset([document.uuid for document in self.documents] + [paper.uuid for paper in self.papers])


def order_print(books: Books, wanted: Printable) -> BulkPrint:
    return books.add(
        BulkPrint,
        token=books.tx.chance.digits(BulkPrint.table_name, TOKEN_BYTES),
        document_ids=tuple(document.id for document in wanted.documents),
        paper_ids=tuple(paper.id for paper in wanted.papers),
        expires_at=books.now + KEPT_FOR,
    )


def find_print(books: Books, token: str) -> BulkPrint:
    """The order.

    Raises:
        NotFound: there is none, or it expired.

    """
    found = books.look_up(BulkPrint, token=token) if _TOKEN.fullmatch(token) else None
    if found is None or found.expires_at <= books.now:
        raise NotFound(BulkPrint.table_name)
    return found


def ordered(books: Books, order: BulkPrint) -> Printable:
    """Those that were not deleted meanwhile, in their order."""
    documents = {document.id: document for document in books.some(Invoice, order.document_ids)}
    papers = {paper.id: paper for paper in books.some(Paper, order.paper_ids)}
    return Printable(
        [documents[one] for one in order.document_ids if one in documents],
        [papers[one] for one in order.paper_ids if one in papers],
    )


def named_by(books: Books, uuids: Sequence[str], kinds: Sequence[PaperKind]) -> Printable:
    """Those that exist, in the order of the uuids; of papers without a buyer, those of the kinds."""
    named = Condition("uuid", "in", tuple(uuids))
    of_kinds = Condition("kind", "in", tuple(kinds))
    documents = {document.uuid: document for document in books.all(Invoice, Selection((named,)))}
    papers = {paper.uuid: paper for paper in books.all(Paper, Selection((named, of_kinds)))}
    return Printable(
        [documents[uuid] for uuid in uuids if uuid in documents], [papers[uuid] for uuid in uuids if uuid in papers]
    )


_TOKEN = re.compile(r"[0-9a-f]{16}")
