"""What the moves of a product come to: pure sums, and the only place where they are written to the product."""

import datetime as dt
from collections.abc import Iterable, Sequence
from decimal import Decimal

from faktura.core.books.books import Books
from faktura.core.catalogue import ZERO, Product
from faktura.core.errors import Problems
from faktura.core.inventory.record import StockMove
from faktura.core.money.amounts import FINEST, LARGEST, fine, rounded
from faktura.core.todos import put_on_list, take_off_list
from faktura.store.queries import Condition, Order, Selection
from faktura.store.records import changed

Moves = Sequence[StockMove]


def moved(product: Product, gone: Moves, come: Moves, today: dt.date) -> Product:
    """The product once some of its moves are no more, and others are there."""
    new = changed(product)
    new.stock += _sum(move.change for move in come) - _sum(move.change for move in gone)
    for moves, sign in ((come, 1), (gone, -1)):
        bought = [move for move in moves if move.direction == "in"]
        new.bought += sign * _sum(move.quantity_change for move in bought)
        new.bought_value += sign * _sum(move.native_value for move in bought)
    new.average_purchase_price = average(new)
    return marked_low(new, today)


def average(product: Product) -> Decimal:
    """What one cost of all that were bought."""
    return fine(product.bought_value / product.bought) if product.bought else ZERO


def marked_low(product: Product, today: dt.date) -> Product:
    """The product itself, which says since when there are too few of it."""
    product.low_since = (product.low_since or today) if product.is_low else None
    return product


def check_stock(
    old: Product, new: Product, problems: Problems, quantity: str = "quantity_change", price: str = "purchase_price"
) -> None:
    """Nothing is taken that is not there, where the product does not allow that; attributes are those of a move."""
    if new.stock < min(old.stock, ZERO) and not new.allow_below_zero:
        problems.add(quantity, "below_zero")
    if abs(new.stock) >= LARGEST or new.bought >= LARGEST:
        problems.add(quantity, "too_large")
    if abs(new.bought_value) >= LARGEST:
        problems.add(price, "too_large")


def keep_stock(books: Books, old: Product, new: Product) -> Product:
    """Write down what the moves, which are written already, have come to."""
    if new.bought != old.bought or new.bought_value != old.bought_value:
        new.last_purchase_price = _last_price(books, new)
    return keep_low(books, old, new)


def keep_low(books: Books, old: Product, new: Product) -> Product:
    """Write a product down; one of which there are too few now is on the list until there are enough."""
    kept = books.change(old, new)
    if kept.low_since and not old.low_since:
        put_on_list(books, "product_low", kept)
    elif old.low_since and not kept.low_since:
        take_off_list(books, "product_low", kept)
    return kept


def usual_cost(product: Product) -> Decimal:
    """What one cost on average, or what it is said to cost while none was bought."""
    return product.average_purchase_price or product.purchase_unit_net_price


def worth(move: StockMove) -> Decimal:
    """What all that is moved cost."""
    return rounded(move.quantity_change * move.native_purchase_price, FINEST)


def _last_price(books: Books, product: Product) -> Decimal | None:
    of_it = Condition("product_id", "eq", product.id), Condition("direction", "eq", "in")
    newest = Selection(of_it, order=(Order("moved_on", descending=True), Order("id", descending=True)))
    return next((move.native_purchase_price for move in books.some_in_order(StockMove, newest, 1)), None)


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)
