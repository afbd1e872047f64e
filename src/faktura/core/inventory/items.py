"""A product as a thing in stock: how many there are at the beginning, set aside, taken up again."""

from typing import Any

from faktura.core.books.books import Books
from faktura.core.books.history import Event
from faktura.core.catalogue import ZERO, Product, add_product, change_product
from faktura.core.errors import Given, Problems, WrongState
from faktura.core.inventory.moves import add_move
from faktura.core.inventory.record import StockMove
from faktura.core.inventory.retail_prices import given_prices
from faktura.core.inventory.stock import keep_low, marked_low
from faktura.core.money.amounts import LARGEST
from faktura.store.queries import Condition, Selection
from faktura.store.records import changed


def add_item(books: Books, given: Given) -> Product:
    """Add a product with its `retail_prices`; of one that is counted, as many as its `stock` come in, or go out.

    Raises:
        Invalid: a value breaks a rule.

    """
    values, problems = dict(given), Problems(given.unread)
    stock = values.pop("stock", None)
    is_counted = bool(values.get("track_quantity"))
    if is_counted:
        needed = {"stock": stock, "purchase_unit_net_price": values.get("purchase_unit_net_price")}
        for name in (name for name, value in needed.items() if value is None and name not in problems):
            problems.add(name, "blank")
        if stock is not None and stock < 0 and not values.get("allow_below_zero"):
            problems.add("stock", "below_zero")
    if stock is not None and abs(stock * (values.get("purchase_unit_net_price") or 1)) >= LARGEST:
        problems.add("stock", "too_large")
    _read_prices(books, (), values, problems)
    product = add_product(books, Given(values, problems.by_attribute()))
    if is_counted:
        if stock:
            _begin(books, product, stock)
        product = _mark(books, books.find(Product, product.id))
    return product


def change_item(books: Books, product_id: int, given: Given) -> Product:
    """Change the given values; how many there are changes by moves alone.

    Raises:
        NotFound: there is no such product, or no such price in it.
        Invalid: a value breaks a rule.

    """
    old = books.find(Product, product_id)
    values, problems = dict(given), Problems(given.unread)
    values.pop("stock", None)
    if values.get("track_quantity", old.track_quantity) and values.get("purchase_unit_net_price", ZERO) is None:
        problems.add("purchase_unit_net_price", "blank")
    _read_prices(books, old.retail_prices, values, problems)
    return _mark(books, change_product(books, product_id, Given(values, problems.by_attribute())))


def set_item_aside(books: Books, product_id: int, *, aside: bool = True) -> Product:
    """Have a product offered no more, or again.

    Raises:
        NotFound: there is no such product.
        WrongState: it was never in stock, so that it can be deleted.

    """
    old = books.find(Product, product_id)
    if aside and not books.stamps(StockMove, Selection((Condition("product_id", "eq", product_id),)), 1, 0):
        raise WrongState("never_in_stock")
    kept = books.change(old, changed(old, archived=aside))
    if kept is not old:
        books.note_event(Event("product_archived" if aside else "product_unarchived", kept))
    return kept


def _begin(books: Books, product: Product, stock: Any) -> None:
    values = {"direction": "in" if stock > 0 else "out", "moved_on": books.today, "quantity_change": abs(stock)}
    add_move(books, product.id, Given(values | {"purchase_price": product.purchase_unit_net_price}))


def _read_prices(books: Books, old: Any, values: dict[str, Any], problems: Problems) -> None:
    if "retail_prices" in values:
        values["retail_prices"] = given_prices(books, old, values["retail_prices"] or (), problems)


def _mark(books: Books, product: Product) -> Product:
    """A minimum that was changed makes it low, or takes that back."""
    return keep_low(books, product, marked_low(changed(product), books.today))
