"""Whether the stock of every product is what its moves come to, for `faktura db check`."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from faktura.core.catalogue import Product
from faktura.core.inventory.record import StockMove
from faktura.store.statements import Query
from faktura.store.transaction import Transaction


def drifted_stock(tx: Transaction) -> Iterator[tuple[str, str]]:
    """Products whose stock, or what was bought of them, is another than the sum of their moves."""
    for account_id, product_id, *sums in tx.rows(_DRIFTED):
        name = f"products account_id {account_id}, id {product_id}"
        told = zip(("stock", "bought", "bought_value"), sums[:3], sums[3:], strict=True)
        for attribute, found, expected in told:
            if found != expected:
                yield f"products {attribute}", f"{name}: {attribute} is {found}, but its moves come to {expected}"


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
