"""What a product costs in other currencies, one price each."""

from collections.abc import Iterable, Sequence

from faktura.core.books.books import Books
from faktura.core.catalogue import ZERO, Product, RetailPrice
from faktura.core.codes import is_currency
from faktura.core.documents.lines import in_order
from faktura.core.errors import Given, NotFound, Problems
from faktura.core.money.amounts import LARGEST, fine

MOST_CURRENCIES = 5


def given_prices(
    books: Books, old: Sequence[RetailPrice], given: Iterable[Given], problems: Problems
) -> tuple[RetailPrice, ...]:
    """The prices after those given: a known `id` changes its price, or takes it away with `remove`; others are added.

    They stand in the order in which they are given, as lines do.

    Raises:
        NotFound: a price has an id that the product does not have.

    """
    kept: dict[int, RetailPrice | None] = {price.id: price for price in old}
    added: dict[int, RetailPrice | None] = {}
    order: dict[int, None] = {}
    for values in given:
        for attribute, found in values.unread.items():
            for problem in found:
                problems.add(f"retail_prices.{attribute}", problem.code, problem.limit)
        price_id = values.get("id")
        if price_id is None:
            if not values.get("remove"):
                [price_id] = books.next_ids(Product, 1)
                added[price_id] = _price(books, None, price_id, values, problems)
                order[price_id] = None
            continue
        if (known := kept.get(price_id)) is None:
            raise NotFound("retail_prices")
        kept[price_id] = None if values.get("remove") else _price(books, known, price_id, values, problems)
        order[price_id] = None
    prices = tuple(in_order(kept, kept | added, order))
    currencies = [price.currency for price in prices]
    if len(set(currencies)) < len(currencies):
        problems.add("retail_prices.currency", "taken")
    if len(currencies) > MOST_CURRENCIES:
        problems.add("retail_prices", "too_many", MOST_CURRENCIES)
    return prices


def _price(books: Books, old: RetailPrice | None, price_id: int, given: Given, problems: Problems) -> RetailPrice:
    """Raises nothing: what is wrong adds to the problems and comes back in some state."""
    currency = (given.get("currency", old.currency if old else None) or "").strip().upper()
    amount = given.get("amount", old.amount if old else None)
    for name, value in (("currency", currency), ("amount", amount)):
        if value in (None, "") and name not in given.unread:
            problems.add(f"retail_prices.{name}", "blank")
    if currency and not is_currency(currency, books.today):
        problems.add("retail_prices.currency", "not_in_list")
    amount = fine(amount or ZERO)
    if abs(amount) >= LARGEST:
        problems.add("retail_prices.amount", "too_large")
        amount = ZERO
    if old is not None and (old.currency, old.amount) == (currency, amount):
        return old
    return RetailPrice(price_id, currency, amount, old.created_at if old else books.now, books.now)
