"""What a unit of a foreign currency is worth to an account."""

import datetime as dt
from decimal import Decimal

from faktura.core.books.books import Books
from faktura.core.countries.country import Bank
from faktura.core.countries.known import country_of
from faktura.core.money.exchange_rates import HOME, PLACES, rate_for
from faktura.store.transaction import Transaction

ONE = Decimal(1)


def rate_on(books: Books, currency: str, day: dt.date, native: str) -> Decimal | None:
    """Units of the native currency for one of another by the newest rate of that day, or None where none is known.

    Whose rate it is is decided by the account's country. Where the native currency is another than the bank's, it is
    the proportion of both.
    """
    bank = country_of(books.account.country).bank
    worth, own_worth = (_worth(books.tx, bank, code, day) for code in (currency, native))
    return None if worth is None or own_worth is None else round(worth / own_worth, PLACES)


def _worth(tx: Transaction, bank: Bank, currency: str, day: dt.date) -> Decimal | None:
    return ONE if currency == HOME[bank] else rate_for(tx, bank, currency, day)
