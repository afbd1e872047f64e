"""Example rates: they hold on every day, so that a clock may stand anywhere and no bank is asked."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from faktura.core.books.office import Office
from faktura.core.countries.country import Bank
from faktura.core.money.exchange_rates import Quotation, keep_rates

FIRST_DAY = dt.date(1970, 1, 1)

RATES: Mapping[Bank, Mapping[str, tuple[str, int]]] = {
    "cnb": {
        "CHF": ("26.150", 1),
        "DKK": ("3.276", 1),
        "EUR": ("24.465", 1),
        "GBP": ("27.830", 1),
        "HUF": ("6.245", 100),
        "JPY": ("14.080", 100),
        "NOK": ("2.085", 1),
        "PLN": ("5.731", 1),
        "RON": ("4.806", 1),
        "SEK": ("2.226", 1),
        "USD": ("21.012", 1),
    },
    "nbp": {
        "CHF": ("4.5630", 1),
        "CZK": ("0.1745", 1),
        "DKK": ("0.5716", 1),
        "EUR": ("4.2689", 1),
        "GBP": ("4.8560", 1),
        "HUF": ("0.010897", 1),
        "JPY": ("0.024481", 1),
        "NOK": ("0.3638", 1),
        "RON": ("0.8386", 1),
        "SEK": ("0.3884", 1),
        "USD": ("3.6528", 1),
    },
    "ecb": {
        "CHF": ("10000", 9356),
        "CZK": ("1000", 24465),
        "DKK": ("10000", 74684),
        "GBP": ("100000", 87910),
        "HUF": ("100", 39175),
        "JPY": ("100", 17376),
        "NOK": ("10000", 117340),
        "PLN": ("10000", 42689),
        "RON": ("10000", 50905),
        "SEK": ("10000", 109910),
        "USD": ("10000", 11643),
    },
}
"""By bank and currency, what so many units are worth."""


def add_exchange_rates(office: Office) -> None:
    for bank, rates in RATES.items():
        told = (Quotation(currency, FIRST_DAY, Decimal(worth), amount) for currency, (worth, amount) in rates.items())
        keep_rates(office, bank, told)
