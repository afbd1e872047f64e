"""A product by itself, with what is in stock of it and what moved it last."""

from collections.abc import Iterable
from typing import NamedTuple

from flask import render_template, url_for

from faktura.core.books.books import Books
from faktura.core.catalogue import Product
from faktura.core.inventory.record import StockMove
from faktura.core.people.accounts import Account
from faktura.store.queries import Condition, Order, Selection
from faktura.web.door.books import read_books
from faktura.web.forms.form import NOTHING, Filled
from faktura.web.history.records import Key, called
from faktura.web.products import pages

LATEST = 10


class Looked(NamedTuple):
    """`sources` is what the documents are called that made the moves."""

    account: Account
    product: Product
    moves: list[StockMove]
    sources: dict[Key, str]


@pages.get("/<slug>/inventory_items/<id:product_id>")
def show(slug: str, product_id: int) -> str:
    return product_page(slug, product_id, NOTHING.filled())


def product_page(slug: str, product_id: int, filled: Filled) -> str:
    """The page, also after a verb that has no page of its own was refused."""

    def work(books: Books) -> Looked:
        product = books.find(Product, product_id)
        moves = books.some_in_order(StockMove, moves_of(product), LATEST)
        return Looked(books.account, product, moves, called(books, sources_of(moves)))

    return render_template("products/page.html", **read_books(slug, work)._asdict(), filled=filled)


def moves_of(product: Product) -> Selection:
    """The newest first."""
    return Selection((Condition("product_id", "eq", product.id),), order=(Order("id", descending=True),))


def sources_of(moves: Iterable[StockMove]) -> set[Key]:
    """The documents that made the moves."""
    return {(move.document_kind, move.document_id) for move in moves if move.document_kind and move.document_id}


def address_of(slug: str, product_id: int) -> str:
    return url_for("inventory_items.show", slug=slug, product_id=product_id)
