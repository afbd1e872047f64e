"""Amounts of money: Decimals of the currency's units."""

from decimal import ROUND_HALF_UP, Context, Decimal

CENT = Decimal("0.01")
LARGEST = Decimal(10) ** 12
"""No amount reaches this."""

# What is about to be refused as too large can be written out all the same.
_ROOMY = Context(prec=60)


def rounded(amount: Decimal) -> Decimal:
    """To hundredths, halves away from zero."""
    return amount.quantize(CENT, ROUND_HALF_UP, _ROOMY)
