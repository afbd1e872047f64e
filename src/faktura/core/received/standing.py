"""How a paper that came in stands: whether it is paid, and what whoever keeps the books says of it."""

import datetime as dt
import itertools
from collections.abc import Collection
from decimal import Decimal
from typing import Literal, get_args

Accounting = Literal["open", "accounted", "rejected", "to_clarify"]

Settlement = Literal["none", "unpaid", "partial", "paid"]
"""`none` of a scan, which asks for nothing yet."""

Standing = str
"""Both in one, as a list is chosen by them."""

ACCOUNTINGS: tuple[Accounting, ...] = get_args(Accounting)
SETTLEMENTS: tuple[Settlement, ...] = get_args(Settlement)


def settled_by(accounting: Accounting, paid_on: dt.date | None, came_in: Decimal, *, entered: bool) -> Standing:
    return _written(_settlement(paid_on, came_in) if entered else "none", accounting)


def settlement_in(standing: Standing) -> Settlement:
    return next(one for one in SETTLEMENTS if standing.startswith(f"{one}, "))


def standings(settlements: Collection[str] = SETTLEMENTS, accountings: Collection[str] = ACCOUNTINGS) -> set[Standing]:
    """All in which both are among these; a word that is none of them adds nothing."""
    pairs = itertools.product(SETTLEMENTS, ACCOUNTINGS)
    return {_written(paid, booked) for paid, booked in pairs if paid in settlements and booked in accountings}


def _settlement(paid_on: dt.date | None, came_in: Decimal) -> Settlement:
    if paid_on is not None:
        return "paid"
    return "partial" if came_in else "unpaid"


def _written(settlement: Settlement, accounting: Accounting) -> Standing:
    return f"{settlement}, {accounting}"
