"""Moves that somebody says by themselves: goods that came, were used up, or were counted."""

from decimal import Decimal
from typing import Any, get_args

from faktura.core.books.books import Books
from faktura.core.books.history import Event, differences
from faktura.core.catalogue import ZERO, Product
from faktura.core.codes import is_currency
from faktura.core.documents.checks import FIRST_YEAR, LAST_YEAR
from faktura.core.documents.record import Direction
from faktura.core.errors import Given, NotFound, Problems, WrongState
from faktura.core.inventory.record import StockMove
from faktura.core.inventory.stock import check_stock, keep_stock, moved, usual_cost, worth
from faktura.core.money.amounts import LARGEST, fine
from faktura.core.money.exchange import rate_on
from faktura.core.texts import check_texts
from faktura.store.records import changed, defaults_of


def find_move(books: Books, product_id: int, move_id: int) -> StockMove:
    """The move.

    Raises:
        NotFound: the product has no such move.

    """
    move = books.find(StockMove, move_id)
    if move.product_id != product_id:
        raise NotFound(StockMove.table_name)
    return move


def add_move(books: Books, product_id: int, given: Given) -> StockMove:
    """Write down that so much came in or went out; what went out cost what it did on average, where nobody says.

    Raises:
        NotFound: there is no such product.
        Invalid: a value breaks a rule, or there are not so many.

    """
    product = books.find(Product, product_id)
    problems = Problems(given.unread)
    values = {name: value for name, value in given.items() if value is not None}
    for name in ("direction", "moved_on", "quantity_change"):
        if name not in values and name not in problems:
            problems.add(name, "blank")
    if values.get("direction") == "out" and "purchase_price" not in {*values, *given.unread}:
        values |= {"purchase_price": usual_cost(product), "purchase_currency": books.account.currency}
    move = _begun(books, product, values)
    _settle(books, move, values, problems)
    _check(books, move, given, problems)
    new = moved(product, (), (move,), books.today)
    check_stock(product, new, problems)
    problems.refuse()
    kept = books.add_new(move)
    books.note_event(Event("stock_move_added", kept, made=keep_stock(books, product, new)))
    return kept


def change_move(books: Books, product_id: int, move_id: int, given: Given) -> StockMove:
    """Change the given values and the prices that follow from them; the direction stays.

    Raises:
        NotFound: the product has no such move.
        WrongState: the line of a document made it.
        Invalid: a value breaks a rule, or there are not so many.

    """
    product, old = books.find(Product, product_id), _find_own(books, product_id, move_id)
    problems = Problems(given.unread)
    empty = {"direction": None, "moved_on": old.moved_on, "quantity_change": ZERO} | defaults_of(StockMove)
    for name in ("moved_on", "quantity_change"):
        if name in given and given[name] is None:
            problems.add(name, "blank")
    if "direction" in given.unread or given.get("direction", old.direction) != old.direction:
        problems.add("direction", "immutable")
    values = {name: empty.get(name) if value is None else value for name, value in given.items()} | {
        "direction": old.direction
    }
    new = changed(old, **{name: value for name, value in values.items() if value is not None or name in _OPTIONAL})
    if values.get("purchase_price", ZERO) is None:
        problems.add("purchase_price", "blank")
    _settle(books, new, values, problems, old)
    _check(books, new, given, problems)
    stocked = moved(product, (old,), (new,), books.today)
    check_stock(product, stocked, problems)
    problems.refuse()
    kept = books.change(old, new)
    if kept is not old:
        books.note_event(
            Event("stock_move_changed", kept, differences(old, kept), made=keep_stock(books, product, stocked))
        )
    return kept


def delete_move(books: Books, product_id: int, move_id: int) -> None:
    """Take a move back.

    Raises:
        NotFound: the product has no such move.
        WrongState: the line of a document made it.
        Invalid: what came in by it has gone out since.

    """
    product, move = books.find(Product, product_id), _find_own(books, product_id, move_id)
    problems = Problems()
    new = moved(product, (move,), (), books.today)
    check_stock(product, new, problems)
    problems.refuse()
    books.remove(move)
    books.note_event(Event("stock_move_deleted", move, made=keep_stock(books, product, new)))


def _find_own(books: Books, product_id: int, move_id: int) -> StockMove:
    move = find_move(books, product_id, move_id)
    if move.document_id is not None:
        raise WrongState("of_a_document")
    return move


def _begun(books: Books, product: Product, values: dict[str, Any]) -> StockMove:
    first: dict[str, Any] = {
        "direction": "in",
        "moved_on": books.today,
        "quantity_change": ZERO,
        "purchase_price": ZERO,
        "purchase_currency": books.account.currency,
        "retail_currency": books.account.currency,
        "native_purchase_price": ZERO,
    }
    of_all = first | values | {"product_id": product.id, "native_value": ZERO}
    return StockMove(books.account.id, 0, 1, books.now, books.now, **of_all)


def _settle(
    books: Books, move: StockMove, values: dict[str, Any], problems: Problems, old: StockMove | None = None
) -> None:
    """Bring a move into the form that is kept, with the prices in the account's currency that nobody gave."""
    for kind in ("purchase", "retail"):
        price, currency, native = f"{kind}_price", f"{kind}_currency", f"native_{kind}_price"
        setattr(move, currency, getattr(move, currency).strip().upper() or books.account.currency)
        follows = old is None or any(getattr(move, n) != getattr(old, n) for n in (price, currency, "moved_on"))
        if values.get(native) is not None or not follows:
            continue
        if getattr(move, price) is not None:
            rate = _rate(books, getattr(move, currency), move)
            if rate is not None:
                setattr(move, native, getattr(move, price) * rate)
            elif not {currency, native} & problems.by_attribute().keys():
                problems.add(native, "unknown_rate")
        elif old is not None and getattr(old, price) is not None:
            setattr(move, native, None)
    for name in ("quantity_change", *_PRICES):
        if (amount := getattr(move, name)) is not None:
            setattr(move, name, fine(amount))
    move.native_value = worth(move)


def _rate(books: Books, currency: str, move: StockMove) -> Decimal | None:
    native = books.account.currency
    return Decimal(1) if currency == native else rate_on(books, currency, move.moved_on, native)


def _check(books: Books, move: StockMove, given: Given, problems: Problems) -> None:
    check_texts(StockMove, given, problems)
    if move.direction not in get_args(Direction):
        problems.add("direction", "not_in_list")
    if not FIRST_YEAR <= move.moved_on.year <= LAST_YEAR:
        problems.add("moved_on", "not_a_date")
    if move.quantity_change <= 0 and "quantity_change" not in problems:
        problems.add("quantity_change", "not_positive")
    is_new = not move.id
    if is_new and given.get("purchase_price") is None and move.direction == "in" and "purchase_price" not in problems:
        problems.add("purchase_price", "blank")
    for name in ("purchase_currency", "retail_currency"):
        if not is_currency(getattr(move, name), books.today):
            problems.add(name, "not_in_list")
    for name in ("quantity_change", "native_value", *_PRICES):
        if abs(getattr(move, name) or ZERO) >= LARGEST:
            problems.add("purchase_price" if name == "native_value" else name, "too_large")


_PRICES = ("purchase_price", "native_purchase_price", "retail_price", "native_retail_price")
_OPTIONAL = frozenset({"retail_price", "native_retail_price", "private_note"})
"""What a move can be without."""
