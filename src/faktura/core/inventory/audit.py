"""Whether stock is what its moves come to, and these are what documents say, for `faktura db check`."""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from faktura.core.catalogue import Product
from faktura.core.documents.find import Key, documents_of
from faktura.core.documents.record import Document
from faktura.core.documents.stock import effects
from faktura.core.inventory.record import StockMove
from faktura.core.money.amounts import fine
from faktura.store.statements import Query
from faktura.store.transaction import Transaction, columns_of

AT_A_TIME = 250


def drifted_stock(tx: Transaction) -> Iterator[tuple[str, str]]:
    """Products whose stock, or what was bought of them, is another than the sum of their moves."""
    for account_id, product_id, *sums in tx.rows(_DRIFTED):
        name = f"products account_id {account_id}, id {product_id}"
        told = zip(("stock", "bought", "bought_value"), sums[:3], sums[3:], strict=True)
        for attribute, found, expected in told:
            if found != expected:
                yield f"products {attribute}", f"{name}: {attribute} is {found}, but its moves come to {expected}"


def strayed_moves(tx: Transaction) -> Iterator[tuple[str, str]]:
    """Moves of documents that are not what the lines of these move."""
    accounts: dict[int, dict[Key, list[StockMove]]] = defaultdict(lambda: defaultdict(list))
    for move in tx.records(StockMove, _OF_DOCUMENTS):
        accounts[move.account_id][str(move.document_kind), move.document_id or 0].append(move)
    for account_id, moves in accounts.items():
        keys = sorted(moves)
        for start in range(0, len(keys), AT_A_TIME):
            some = keys[start : start + AT_A_TIME]
            for key, document in documents_of(tx, account_id, some).items():
                if _said(document) != {(m.line_id, m.id, m.product_id, m.change, m.moved_on) for m in moves[key]}:
                    yield "stock_moves", f"{key[0]} account_id {account_id}, id {key[1]}: its moves are not its lines'"


def _said(document: Document) -> set[tuple[Any, ...]]:
    """What its lines move, each by its move."""
    by_line = {line.id: line.stocked.move_id for line in document.lines if line.stocked}
    found = effects(document).items()
    return {(line_id, by_line[line_id], e.product_id, fine(e.change), e.moved_on) for line_id, e in found}


_m, _p = StockMove.table.c, Product.table.c


def _sum(amount: sa.ColumnElement[Decimal], *, bought: bool) -> sa.ColumnElement[Any]:
    """Of all that came in, less what went out unless only what was `bought` counts."""
    gone = [] if bought else [(_m.direction == "out", -amount)]
    signed = sa.case((_m.direction == "in", amount), *gone)
    return sa.func.coalesce(sa.func.sum(signed, type_=_p.stock.type), sa.literal(Decimal(0), _p.stock.type))


_CHANGES = {
    "stock": _sum(_m.quantity_change, bought=False),
    "bought": _sum(_m.quantity_change, bought=True),
    "bought_value": _sum(_m.native_value, bought=True),
}
_sums = (
    sa.select(_p.account_id, _p.id, *(column.label(name) for name, column in _CHANGES.items()))
    .select_from(
        Product.table.outerjoin(StockMove.table, sa.and_(_m.account_id == _p.account_id, _m.product_id == _p.id))
    )
    .group_by(_p.account_id, _p.id)
    .subquery("sums")
)
_OF_DOCUMENTS = Query(
    sa.select(*columns_of(StockMove)).where(_m.document_id.is_not(None)).order_by(_m.account_id, _m.id)
)
_DRIFTED = Query(
    sa.select(
        _p.account_id,
        _p.id,
        *(_p[name] for name in _CHANGES),
        *(_sums.c[name] for name in _CHANGES),
    )
    .join(_sums, sa.and_(_sums.c.account_id == _p.account_id, _sums.c.id == _p.id))
    .where(sa.or_(*(_p[name] != _sums.c[name] for name in _CHANGES)))
    .order_by(_p.account_id, _p.id)
)
