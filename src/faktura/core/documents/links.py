"""What documents have to do with each other: one row a link, from which all that a document shows of it follows."""

import functools
from collections.abc import Sequence
from decimal import Decimal
from typing import Literal, NamedTuple

import msgspec
import sqlalchemy as sa

from faktura.core.books.books import Books
from faktura.core.documents.find import Key, key_of
from faktura.core.documents.record import ZERO, Document
from faktura.store.queries import Condition, Selection
from faktura.store.records import KindIn, Tenant, changed, index, record
from faktura.store.statements import Query
from faktura.store.transaction import columns_of

Sort = Literal["corrects", "follows", "settles", "deducts", "receipts"]


class Part(msgspec.Struct, frozen=True):
    """What of a link's amount has one rate of VAT."""

    vat_rate: Decimal
    net: Decimal
    vat: Decimal


@record(
    "links",
    index("account_id", "from_kind", "from_id"),
    index("account_id", "to_kind", "to_id"),
    paged=False,
    refers={"from_id": KindIn("from_kind"), "to_id": KindIn("to_kind")},
)
class Link(Tenant):
    """One document leads to another, and `amount` is the money of that one which it takes off.

    A correction `corrects` a document. An invoice `follows` a proforma and takes off what was paid for that. A final
    invoice `settles` tax documents, by rate. An advance or a final invoice `deducts` the advances before it, the first
    first. A tax document `receipts` a payment of a proforma, whose id is `payment_id`.
    """

    sort: Sort
    from_kind: str
    from_id: int
    to_kind: str
    to_id: int
    currency: str
    amount: Decimal = ZERO
    parts: tuple[Part, ...] = ()
    payment_id: int | None = None

    @property
    def from_key(self) -> Key:
        return self.from_kind, self.from_id

    @property
    def to_key(self) -> Key:
        return self.to_kind, self.to_id

    def beyond(self, document: Document) -> Key:
        """The end that is not this document."""
        return self.to_key if self.from_key == key_of(document) else self.from_key


class Links(NamedTuple):
    """Those from a document and those to it, the older first."""

    out: list[Link]
    into: list[Link]

    def leading(self, sort: Sort) -> list[Link]:
        return [link for link in self.out if link.sort == sort]

    def coming(self, sort: Sort) -> list[Link]:
        return [link for link in self.into if link.sort == sort]


NO_LINKS = Links([], [])


def links_of(books: Books, document: Document) -> Links:
    """Asked of the rows by two indexes."""
    kind, document_id = key = key_of(document)
    found = books.tx.records(Link, _of_document(), account_id=books.account.id, kind=kind, id=document_id)
    out = [link for link in found if link.from_key == key]
    return Links(out, [link for link in found if link not in out])


def link_to(document: Document, to: Document, sort: Sort, payment_id: int | None = None) -> Link:
    """A link that is not kept yet, of a document that may have no id yet."""
    ends = (*key_of(document), *key_of(to))
    return Link(to.account_id, 0, 1, to.updated_at, to.updated_at, sort, *ends, to.currency, payment_id=payment_id)


def keep_links(books: Books, document: Document, links: Sequence[Link]) -> None:
    for link in links:
        link.from_id = document.id
        link.created_at = link.updated_at = books.now
        books.add_new(link)


def drop_links(books: Books, links: Sequence[Link]) -> None:
    for link in links:
        books.remove(link)


def set_amount(books: Books, link: Link, amount: Decimal, parts: tuple[Part, ...] = ()) -> None:
    books.change(link, changed(link, amount=amount, parts=parts))


def links_into(books: Books, keys: Sequence[Key], sort: Sort) -> list[Link]:
    """The links of one sort that lead to any of these documents."""
    found: list[Link] = []
    for wanted in dict.fromkeys(kind for kind, _ in keys):
        ids = tuple(document_id for kind, document_id in keys if kind == wanted)
        named = Condition("to_kind", "eq", wanted), Condition("to_id", "in", ids), Condition("sort", "eq", sort)
        found += books.all(Link, Selection(named))
    return found


@functools.cache
def _of_document() -> Query:
    c = Link.table.c
    kind, document_id = sa.bindparam("kind", type_=sa.Text), sa.bindparam("id", type_=sa.Integer)
    account = c.account_id == sa.bindparam("account_id")
    leading = sa.select(*columns_of(Link)).where(account, c.from_id == document_id, c.from_kind == kind)
    coming = sa.select(*columns_of(Link)).where(account, c.to_id == document_id, c.to_kind == kind)
    both = leading.union_all(coming)
    return Query(both.order_by(both.selected_columns.id))
