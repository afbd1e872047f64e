"""Amounts of money: Decimals of the currency's units."""

import functools
from decimal import ROUND_HALF_UP, Context, Decimal

CENT = Decimal("0.01")
FINEST = Decimal("0.000001")
"""A price of one unit, a quantity, a percentage and an exchange rate have that many places at most."""

LARGEST = Decimal(10) ** 12
"""No amount reaches this."""

# What is about to be refused as too large can be written out all the same.
_ROOMY = Context(prec=60)


def rounded(amount: Decimal, to: Decimal = CENT) -> Decimal:
    """To hundredths or to another unit, halves away from zero. Nothing has no sign: less than half below it is zero."""
    found = amount.quantize(to, ROUND_HALF_UP, _ROOMY)
    return found or abs(found)


@functools.lru_cache(maxsize=2048)
def fine(number: Decimal) -> Decimal:
    """To as many places as are kept of what is no amount, and no more zeros than it needs."""
    return rounded(number, FINEST).normalize() + 0
