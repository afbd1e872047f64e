"""Links under which anybody may look at a document for some time."""

import datetime as dt
from typing import Any

from faktura.core.books.books import Books
from faktura.core.errors import NotFound
from faktura.core.invoices.record import Invoice
from faktura.store.records import KindIn, Tenant, changed, record, unique

TERM = dt.timedelta(days=30)
SECRET_BYTES = 24


@record(
    "share_links",
    unique("account_id", "kind", "document_id"),
    unique("account_id", "secret"),
    paged=False,
    belongs={"document_id": KindIn("kind")},
)
class ShareLink(Tenant):
    """`secret` opens the document until the end of the day `valid_until`."""

    kind: str
    document_id: int
    secret: str
    valid_until: dt.date


def share(books: Books, invoice: Invoice) -> ShareLink:
    """A link that is good for the whole term; one that is still good is kept, an old secret never comes back."""
    old = _link_of(books, invoice)
    until = books.today + TERM
    if old is None:
        return books.add(ShareLink, **_named(invoice), secret=_secret(books), valid_until=until)
    secret = old.secret if _is_good(books, old) else _secret(books)
    return books.change(old, changed(old, secret=secret, valid_until=max(until, old.valid_until)))


def find_share_link(books: Books, invoice: Invoice) -> ShareLink | None:
    """The document's link, as long as it is good."""
    found = _link_of(books, invoice)
    return found if found is not None and _is_good(books, found) else None


def prolong_share_link(books: Books, invoice: Invoice) -> ShareLink:
    """Let the link be good for another term after its own.

    Raises:
        NotFound: there is none that is good.

    """
    old = _good(books, invoice)
    return books.change(old, changed(old, valid_until=old.valid_until + TERM))


def stop_sharing(books: Books, invoice: Invoice) -> None:
    """Let the link open nothing any more.

    Raises:
        NotFound: there is none that is good.

    """
    books.remove(_good(books, invoice))


def find_shared_invoice(books: Books, secret: str) -> Invoice:
    """The document that the secret part of a link opens.

    Raises:
        NotFound: there is none, or the link is too old.

    """
    link = books.look_up(ShareLink, secret=secret)
    if link is None or link.kind != Invoice.table_name or not _is_good(books, link):
        raise NotFound(ShareLink.table_name)
    return books.find(Invoice, link.document_id)


def _good(books: Books, invoice: Invoice) -> ShareLink:
    found = find_share_link(books, invoice)
    if found is None:
        raise NotFound(ShareLink.table_name)
    return found


def _link_of(books: Books, invoice: Invoice) -> ShareLink | None:
    return books.look_up(ShareLink, **_named(invoice))


def _named(invoice: Invoice) -> dict[str, Any]:
    return {"kind": invoice.table_name, "document_id": invoice.id}


def _is_good(books: Books, link: ShareLink) -> bool:
    return books.today <= link.valid_until


def _secret(books: Books) -> str:
    return books.tx.chance.letters(ShareLink.table_name, SECRET_BYTES)
