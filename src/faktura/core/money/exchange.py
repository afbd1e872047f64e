"""What a unit of a foreign currency is worth to an account."""

import datetime as dt
from decimal import Decimal

from faktura.core.books.books import Books
from faktura.core.money.exchange_rates import PLACES, rate_for

ONE = Decimal(1)


def rate_on(books: Books, currency: str, day: dt.date) -> Decimal | None:
    """The account's units for one of the currency on the day of a supply, or None where no bank told any.

    In zlotys it is the rate of the working day before (art. 31a of the Polish VAT act), in crowns that of the day
    (§ 4 of the Czech one). An account in a third currency has the proportion of both at the Czech National Bank.
    """
    own = books.account.currency
    if own == "PLN":
        told = rate_for(books.tx, "nbp", currency, dt.date.fromordinal(max(day.toordinal() - 1, 1)))
        return None if told is None else round(told, PLACES)
    worth, own_worth = (_in_crowns(books, code, day) for code in (currency, own))
    return None if worth is None or own_worth is None else round(worth / own_worth, PLACES)


def _in_crowns(books: Books, currency: str, day: dt.date) -> Decimal | None:
    return ONE if currency == "CZK" else rate_for(books.tx, "cnb", currency, day)
