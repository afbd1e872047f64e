"""Money that was paid once is taken off once: how much of a document the links to it take."""

from collections.abc import Sequence
from decimal import Decimal

from faktura.core.books.books import Books
from faktura.core.documents.find import Key, documents_at
from faktura.core.documents.links import Link, Links, Part, Sort, links_into, set_amount
from faktura.core.documents.record import ZERO, Document
from faktura.core.documents.status import called_paid
from faktura.core.documents.totals import share, vat_inside


def paid_for(proforma: Document) -> Decimal:
    """What came in; who says that it is paid without saying how means all of it."""
    return proforma.paid_amount + called_paid(proforma)


def advance_of(document: Document) -> Decimal:
    """What an advance took in: all that it comes to, or a part of the order that its lines describe."""
    return document.gross_total if document.advance_amount is None else document.advance_amount


def parts_of(tax_document: Document) -> tuple[Part, ...]:
    """What an advance took in, by rate, with the VAT that is inside; none is where the customer owes it."""
    if tax_document.advance_amount is None:
        return tuple(Part(s.vat_rate, s.net, s.vat) for s in tax_document.vat_sums)
    sums = tax_document.vat_sums
    shares = share(tax_document.advance_amount, [s.gross for s in sums]) if sums else []
    return tuple(
        Part(s.vat_rate, part - (vat := vat_inside(part, s.vat_rate) if s.vat else ZERO), vat)
        for s, part in zip(sums, shares, strict=True)
    )


def part_sum(parts: Sequence[Part]) -> Decimal:
    return sum((part.net + part.vat for part in parts), ZERO)


def taken_of(books: Books, receipts: Sequence[Link]) -> Decimal:
    """How much of what was paid for a proforma its tax documents take off: settled, or in a chain of advances."""
    keys = [link.from_key for link in receipts]
    taking = [link for sort in _BY_DOCUMENT for link in links_into(books, keys, sort)]
    return sum({link.to_key: link.amount for link in taking if link.amount}.values(), ZERO)


def documented_otherwise(books: Books, receipts: Sequence[Link]) -> Decimal:
    """How much has tax documents that name no payment, since it was only said to have come in."""
    keys = [link.from_key for link in receipts if link.payment_id is None]
    return sum((document.gross_total for document in documents_at(books, keys).values()), ZERO)


def holder(followers: Sequence[Link]) -> Link | None:
    """Of those that follow a proforma, the one that takes off what was paid: who has begun to, else the first."""
    return next((link for link in followers if link.amount), followers[0] if followers else None)


def allot(books: Books, document: Document, links: Links) -> None:
    """Write into the links to a document how much of it each takes off now; one that is cancelled takes off nothing."""
    taking = [link for link in links.into if link.sort in {"settles", "deducts", "follows"}]
    cancelled = _cancelled(books, taking)
    parts = parts_of(document) if links.coming("settles") else ()
    amounts: dict[int, Decimal] = {link.id: part_sum(parts) for link in links.coming("settles")}
    amounts |= {link.id: advance_of(document) for link in links.coming("deducts")}
    followers = [link for link in links.coming("follows") if link.from_key not in cancelled]
    if followers and document.kind == "proforma":
        holding = holder(followers)
        free = paid_for(document) - taken_of(books, links.coming("receipts"))
        amounts |= {link.id: free for link in followers if link is holding}
    for link in taking:
        amount = ZERO if link.from_key in cancelled else amounts.get(link.id, ZERO)
        set_amount(books, link, amount, parts if link.sort == "settles" and amount else ())


def _cancelled(books: Books, taking: Sequence[Link]) -> set[Key]:
    found = documents_at(books, (link.from_key for link in taking))
    return {key for key, other in found.items() if other.cancelled_at is not None}


_BY_DOCUMENT: tuple[Sort, ...] = ("settles", "deducts")
