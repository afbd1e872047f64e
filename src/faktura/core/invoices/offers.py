"""What may be put on a line: what the catalogue has, and what the customer was charged for before."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from faktura.core.books.books import Books
from faktura.core.catalogue import NOT_ARCHIVED, Product, best_products, tax_on
from faktura.core.documents.record import Line
from faktura.core.invoices.record import Invoice
from faktura.core.vat_treatment import VatTreatment
from faktura.store.queries import Condition, Order, Selection
from faktura.store.search import folded

OFFERED = (NOT_ARCHIVED, Condition("suggested_for", "in", ("both", "invoices")))
BOUGHT = (NOT_ARCHIVED, Condition("suggested_for", "in", ("both", "expenses")))

LOOKED_THROUGH = 20
"""The last documents of a customer: what is older is asked for by the catalogue."""


class Offer(NamedTuple):
    """A line as it would be entered; prices are of one unit. What is not `known` was on a document only."""

    name: str
    unit: str
    net: Decimal
    gross: Decimal
    vat_rate: Decimal
    vat_treatment: VatTreatment
    known: bool
    product_id: int | None


def offered_lines(books: Books, text: str, contact_id: int | None, most: int) -> list[Offer]:
    """The few that fit a text: what the customer had last before the catalogue, each name once."""
    found: dict[str, Offer] = {}
    for offer in (*_had_before(books, folded(text), contact_id), *_of_catalogue(books, text, most)):
        found.setdefault(folded(offer.name), offer)
    return sorted(found.values(), key=lambda offer: not folded(offer.name).startswith(folded(text)))[:most]


def offered_to_buy(books: Books, text: str, most: int) -> list[Offer]:
    """The few products that fit a text, at what they cost."""
    return [_offer(product, product.purchase_unit_net_price) for product in best_products(books, text, most, BOUGHT)]


def _had_before(books: Books, text: str, contact_id: int | None) -> Iterator[Offer]:
    if contact_id is None:
        return
    theirs = Selection((Condition("contact_id", "eq", contact_id),), order=(Order("id", descending=True),))
    for invoice in books.some_in_order(Invoice, theirs, LOOKED_THROUGH):
        yield from (_again(line) for line in invoice.lines if text in folded(line.name) and line.group is None)


def _again(line: Line) -> Offer:
    prices = line.unit_net_price, line.unit_gross_price
    taxed = line.vat_rate, line.vat_treatment
    return Offer(line.name, line.unit, *prices, *taxed, known=False, product_id=line.product_id)


def _of_catalogue(books: Books, text: str, most: int) -> Iterator[Offer]:
    for product in best_products(books, text, most, OFFERED):
        yield _offer(product, product.unit_net_price_before_discount or product.unit_net_price)


def _offer(product: Product, net: Decimal) -> Offer:
    prices = net, net + tax_on(net, product.vat_rate)
    taxed = product.vat_rate, product.vat_treatment
    return Offer(product.name, product.unit or "", *prices, *taxed, known=True, product_id=product.id)
