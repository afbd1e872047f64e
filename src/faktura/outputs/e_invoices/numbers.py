"""Numbers as files for programs have them: a decimal point, no groups, never an exponent."""

from decimal import Decimal

from faktura.core.money.amounts import CENT


def money(amount: Decimal) -> str:
    """A whole amount without decimals, any other in hundredths; a price of one unit may have more."""
    plain = amount.normalize() + 0
    exponent = plain.as_tuple().exponent
    if isinstance(exponent, int) and exponent == -1:
        return f"{plain.quantize(CENT):f}"
    return f"{plain:f}"


def number(value: Decimal) -> str:
    """With no more digits than it needs."""
    return f"{value.normalize() + 0:f}"


def cents(amount: Decimal) -> str:
    """Always in hundredths."""
    return f"{amount.quantize(CENT) + 0:f}"
