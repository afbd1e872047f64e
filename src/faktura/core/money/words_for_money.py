"""Amounts in words, as they stand on Polish documents."""

from decimal import Decimal

from faktura.core.money.amounts import rounded

_UNITS = (
    *("", "jeden", "dwa", "trzy", "cztery", "pięć", "sześć", "siedem", "osiem", "dziewięć", "dziesięć"),
    *("jedenaście", "dwanaście", "trzynaście", "czternaście", "piętnaście", "szesnaście", "siedemnaście"),
    *("osiemnaście", "dziewiętnaście"),
)
_TENS = (
    *("", "", "dwadzieścia", "trzydzieści", "czterdzieści", "pięćdziesiąt", "sześćdziesiąt", "siedemdziesiąt"),
    *("osiemdziesiąt", "dziewięćdziesiąt"),
)
_HUNDREDS = (
    *("", "sto", "dwieście", "trzysta", "czterysta", "pięćset", "sześćset", "siedemset", "osiemset", "dziewięćset"),
)
_POWERS = (
    ("tysiąc", "tysiące", "tysięcy"),
    ("milion", "miliony", "milionów"),
    ("miliard", "miliardy", "miliardów"),
    ("bilion", "biliony", "bilionów"),
    ("biliard", "biliardy", "biliardów"),
)
"""One, a few, and many thousands, millions, …"""

FEW = range(2, 5)
TEENS = range(12, 15)


def in_polish(amount: Decimal, currency: str) -> str:
    """Whole units in words and hundredths in digits: `osiemset jedenaście EUR 37/100`."""
    whole, hundredths = divmod(int(abs(rounded(amount)) * 100), 100)
    sign = "minus " if rounded(amount) < 0 else ""
    return f"{sign}{number_in_polish(whole)} {currency} {hundredths:02}/100"


def number_in_polish(number: int) -> str:
    """A number from 0 to 10¹⁸ − 1 in words."""
    if number == 0:
        return "zero"
    words = _below_thousand(number % 1000)
    for forms in _POWERS:
        number //= 1000
        if group := number % 1000:
            words = [*_group(group, forms), *words]
    return " ".join(words)


def _group(number: int, forms: tuple[str, str, str]) -> list[str]:
    """One of them needs no number, and is alone in its case."""
    one, few, many = forms
    if number == 1:
        return [one]
    is_few = number % 10 in FEW and number % 100 not in TEENS
    return [*_below_thousand(number), few if is_few else many]


def _below_thousand(number: int) -> list[str]:
    hundreds, rest = divmod(number, 100)
    tens, units = divmod(rest, 10)
    words = (_HUNDREDS[hundreds], *((_UNITS[rest],) if rest < len(_UNITS) else (_TENS[tens], _UNITS[units])))
    return [word for word in words if word]
