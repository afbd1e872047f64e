"""Charts as shapes: where each bar stands, and what it says; the page draws them as inline SVG without any script."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from faktura.core.invoices.debts import AGES, Debt, OfMonth

HEIGHT = 120
"""Of the highest bar, in units of the drawing."""

SLOT = 48
"""Between the beginnings of two groups of bars."""

BAR = 16

YEAR = 12


class Bar(NamedTuple):
    """One bar of a group; `sort` is the class that colours it."""

    sort: str
    x: int
    y: int
    height: int
    amount: Decimal


class Group(NamedTuple):
    """What stands over one label; `first` of a month is the day it begins on."""

    x: int
    first: dt.date
    bars: tuple[Bar, ...]


class Age(NamedTuple):
    """A part of the strip of what is owed, by how many days late it is; `until` is None of the oldest."""

    x: float
    width: float
    since: int
    until: int | None
    debt: Debt


def monthly(months: Sequence[OfMonth]) -> list[Group]:
    """Bars of all months but the first twelve, which stand behind as what was issued a year before."""
    shown = [(month, before) for month, before in zip(months[YEAR:], months, strict=False)]
    highest = max([amount for m, b in shown for amount in (m.issued, m.paid, b.issued)] + [Decimal(1)])
    return [
        Group(
            place * SLOT,
            dt.date.fromisoformat(f"{month.month}-01"),
            (
                _bar("before", place * SLOT + 2, before.issued, highest),
                _bar("issued", place * SLOT + 6, month.issued, highest),
                _bar("paid", place * SLOT + 6 + BAR, month.paid, highest),
            ),
        )
        for place, (month, before) in enumerate(shown)
    ]


def ageing(debts: Sequence[Debt]) -> list[Age]:
    """Parts of a strip that is 100 wide, in the proportion of what is owed."""
    whole = sum((debt.amount for debt in debts), Decimal(0))
    ages, x = [], 0.0
    for place, debt in enumerate(debts):
        width = round(float(100 * debt.amount / whole), 2) if whole else 0.0
        since = AGES[place - 1] + 1 if place else 0
        ages.append(Age(round(x, 2), width, since, AGES[place] if place < len(AGES) else None, debt))
        x += width
    return ages


def _bar(sort: str, x: int, amount: Decimal, highest: Decimal) -> Bar:
    """What came to less than nothing has no height; its amount is said all the same."""
    height = max(int(HEIGHT * amount / highest), 0)
    return Bar(sort, x, HEIGHT - height, height, amount)
