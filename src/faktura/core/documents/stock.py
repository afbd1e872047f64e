"""What the lines of a document move in stock: written down with every change of the document, in its transaction."""

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import NamedTuple

from msgspec.structs import replace

from faktura.core.books.books import Books
from faktura.core.books.history import Event, differences
from faktura.core.catalogue import Product
from faktura.core.documents.record import CORRECTIONS, ZERO, Direction, Document, Line
from faktura.core.errors import Problems
from faktura.core.inventory.record import StockMove
from faktura.core.inventory.stock import check_stock, keep_stock, moved, usual_cost, worth
from faktura.core.money.amounts import LARGEST, fine
from faktura.store.records import changed


class Effect(NamedTuple):
    """What a line does to the stock of its product; `price` is that of one without VAT, in the document's currency."""

    product_id: int
    change: Decimal
    moved_on: dt.date
    price: Decimal
    currency: str
    rate: Decimal | None

    @property
    def direction(self) -> Direction:
        return "in" if self.change > 0 else "out"


class Moved(NamedTuple):
    """The move of a line as it was and as it is to be, where there is one."""

    line_id: int
    gone: StockMove | None
    come: StockMove | None


class Restock(NamedTuple):
    """What a change of a document does in stock, and each product as it was and as it comes out."""

    moves: Sequence[Moved] = ()
    products: Sequence[tuple[Product, Product]] = ()


def check_restock(books: Books, old: Document | None, new: Document | None, problems: Problems) -> None:
    """Add that there are not so many as a document takes; `old` is None of a new one, `new` of one that goes."""
    _check(_planned(books, old, new), problems)


def restock(books: Books, old: Document | None, new: Document | None) -> None:
    """Move what the document moves now, and no longer what it moved before; its lines say by which moves.

    Raises:
        Invalid: there are not so many.

    """
    plan, problems = _planned(books, old, new), Problems()
    _check(plan, problems)
    problems.refuse()
    if not plan.moves:
        return
    kept = [one._replace(come=_written(books, one)) for one in plan.moves]
    products = {product.id: keep_stock(books, before, product) for before, product in plan.products}
    for one in kept:
        _note(books, one, products)
    if new is not None:
        ids = {one.line_id: one.come.id if one.come else None for one in kept}
        new.lines = tuple(_moved_by(line, ids[line.id]) if line.id in ids else line for line in new.lines)


def effects(document: Document | None) -> dict[int, Effect]:
    """By line, of those that move something."""
    if document is None or document.goods is None:
        return {}
    lines = [line for line in document.lines if line.stocked is not None]
    changes = _changes(document, lines)
    terms = document.issued_on, document.currency, document.exchange_rate
    return {line.id: _effect(line, changes[line.id], *terms) for line in lines if changes.get(line.id)}


def _changes(document: Document, lines: Sequence[Line]) -> dict[int, Decimal]:
    """What lines do to the stock.

    A negative price is that of what is given back. A correction gives back, so there it is the other prices: of what
    an earlier correction gave back, and this one does not.

    Of two lines that say what was before and what is after, the second moves what they differ by.
    """
    way, is_correction = 1 if document.goods == "in" else -1, document.kind in CORRECTIONS
    found: dict[int, Decimal] = {}
    before: dict[tuple[int | None, int | None], int] = {}
    for line in lines:
        turns = line.unit_net_price < 0 if not is_correction else line.group is None and line.unit_net_price > 0
        found[line.id] = line.quantity * way * (-1 if turns or line.after else 1)
        if line.after is False:
            before[line.group, line.product_id] = line.id
        elif line.after and (pair := before.get((line.group, line.product_id))) is not None:
            found[line.id] += found.pop(pair)
    return found


def _effect(line: Line, change: Decimal, moved_on: dt.date, currency: str, rate: Decimal | None) -> Effect:
    return Effect(line.product_id or 0, change, moved_on, abs(line.unit_net_price), currency, rate)


def _planned(books: Books, old: Document | None, new: Document | None) -> Restock:
    """Nothing is asked of the books for a document whose lines move what they moved before."""
    before, after = effects(old), effects(new)
    lines = [line_id for line_id in {**before, **after} if before.get(line_id) != after.get(line_id)]
    if not lines:
        return Restock()
    moves = _moves_of(books, old, lines)
    named = {effect.product_id for of_lines in (before, after) for effect in of_lines.values()}
    products = {product.id: product for product in books.some(Product, sorted(named))}
    plan: list[Moved] = []
    for line_id in lines:
        gone, effect = moves.get(line_id), after.get(line_id)
        come = None
        # What was never in stock may have been deleted since.
        if new is not None and effect is not None and effect.product_id in products:
            come = _move(books, new, line_id, effect, gone, products[effect.product_id])
        if gone or come:
            plan.append(Moved(line_id, gone, come))
    return Restock(plan, [_restocked(books, product, plan) for product in products.values()])


def _moves_of(books: Books, document: Document | None, lines: Sequence[int]) -> dict[int, StockMove]:
    """By line."""
    if document is None:
        return {}
    ids = [line.stocked.move_id for line in document.lines if line.id in set(lines) and line.stocked]
    found = books.some(StockMove, sorted(move_id for move_id in ids if move_id is not None))
    return {move.line_id: move for move in found if move.line_id is not None}


def _move(
    books: Books, document: Document, line_id: int, effect: Effect, old: StockMove | None, product: Product
) -> StockMove:
    """The move of a line: the one that it has, where product and direction stay, else another."""
    stays = old is not None and (old.product_id, old.direction) == (product.id, effect.direction)
    move = changed(old) if old is not None and stays else _new_move(books, document, line_id, effect, product)
    move.moved_on, move.quantity_change = effect.moved_on, fine(abs(effect.change))
    native = None if effect.rate is None else fine(effect.price * effect.rate)
    if document.is_bought:
        move.purchase_price, move.purchase_currency = effect.price, effect.currency
        move.native_purchase_price = usual_cost(product) if native is None else native
    else:
        move.retail_price, move.retail_currency, move.native_retail_price = effect.price, effect.currency, native
    move.native_value = worth(move)
    return move


def _new_move(books: Books, document: Document, line_id: int, effect: Effect, product: Product) -> StockMove:
    """What is sold, or comes back, costs what one cost on average."""
    cost = usual_cost(product)
    return StockMove(
        books.account.id,
        0,
        1,
        books.now,
        books.now,
        product_id=product.id,
        direction=effect.direction,
        moved_on=effect.moved_on,
        quantity_change=ZERO,
        purchase_price=cost,
        purchase_currency=books.account.currency,
        native_purchase_price=cost,
        native_value=ZERO,
        retail_currency=books.account.currency,
        document_kind=document.table_name,
        document_id=document.id,
        line_id=line_id,
    )


def _restocked(books: Books, product: Product, plan: Sequence[Moved]) -> tuple[Product, Product]:
    gone = [one.gone for one in plan if one.gone and one.gone.product_id == product.id]
    come = [one.come for one in plan if one.come and one.come.product_id == product.id]
    return product, moved(product, gone, come, books.today)


def _check(plan: Restock, problems: Problems) -> None:
    for old, new in plan.products:
        check_stock(old, new, problems, "lines.quantity", "lines.unit_price")
    for come in (one.come for one in plan.moves if one.come):
        if max(come.native_purchase_price, come.native_retail_price or ZERO, come.native_value) >= LARGEST:
            problems.add("lines.unit_price", "too_large")


def _written(books: Books, one: Moved) -> StockMove | None:
    if one.gone and one.come and one.gone.id == one.come.id:
        return books.change(one.gone, one.come)
    if one.gone:
        books.remove(one.gone)
    return books.add_new(one.come) if one.come else None


def _note(books: Books, one: Moved, products: Mapping[int, Product]) -> None:
    """Programs hear of the product as it is now."""
    gone, come = one.gone, one.come
    if gone and come and gone.id == come.id:
        books.note_event(Event("stock_move_changed", come, differences(gone, come), made=products[come.product_id]))
        return
    if gone:
        books.note_event(Event("stock_move_deleted", gone, made=products[gone.product_id]))
    if come:
        books.note_event(Event("stock_move_added", come, made=products[come.product_id]))


def _moved_by(line: Line, move_id: int | None) -> Line:
    return line if line.stocked is None else replace(line, stocked=replace(line.stocked, move_id=move_id))
