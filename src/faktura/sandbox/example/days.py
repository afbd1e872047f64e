"""What the examples of documents have in common: days that are counted back from today, and lines."""

import datetime as dt
from decimal import Decimal

from faktura.core.books.books import Books
from faktura.core.errors import Given


def ago(books: Books, days: int) -> Books:
    """The same books as they were that many days ago."""
    return Books(books.tx, books.account, books.user_id, books.now - dt.timedelta(days=days))


def line(name: str, quantity: str, price: str | int, unit: str = "ks", rate: int = 21, sku: str | None = None) -> Given:
    values = {"quantity": Decimal(quantity), "unit_price": Decimal(price), "vat_rate": Decimal(rate)}
    return Given({"name": name, "unit": unit} | values | ({} if sku is None else {"sku": sku}))
