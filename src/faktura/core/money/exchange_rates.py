"""What central banks said that foreign money is worth."""

import datetime as dt
from collections.abc import Iterable, Mapping
from decimal import Decimal

import msgspec
import sqlalchemy as sa

from faktura.core.books.office import Office
from faktura.core.countries.country import Bank
from faktura.store.records import Shared, record, unique
from faktura.store.statements import Query
from faktura.store.transaction import Transaction, columns_of

HOME: Mapping[Bank, str] = {"cnb": "CZK", "nbp": "PLN", "ecb": "EUR"}
"""The currency in which a bank says what others are worth."""

PLACES = 6
"""Decimal places that are kept of what a bank says."""


@record("exchange_rates", unique("bank", "currency", "valid_on"))
class ExchangeRate(Shared):
    """What `amount` units of a currency are worth from a day on, until the bank says otherwise.

    In crowns from the Czech National Bank, in zlotys from Narodowy Bank Polski, in euros from the European Central
    Bank.
    """

    bank: Bank
    currency: str
    valid_on: dt.date
    worth: Decimal
    amount: int = 1

    @property
    def rate(self) -> Decimal:
        """What one unit is worth."""
        return self.worth / self.amount


class Quotation(msgspec.Struct, frozen=True):
    """The same as a bank tells it."""

    currency: str
    valid_on: dt.date
    worth: Decimal
    amount: int = 1


def rate_for(tx: Transaction, bank: Bank, currency: str, on: dt.date) -> Decimal | None:
    """What one unit was worth by the newest rate of that day or before, or None where none is known."""
    found = tx.records(ExchangeRate, _NEWEST, bank=bank, currency=currency, day=on)
    return found[0].rate if found else None


def newest_day(tx: Transaction, bank: Bank) -> dt.date | None:
    """The last day that the bank's rates are known of."""
    day: dt.date | None = tx.rows(_NEWEST_DAY, bank=bank)[0][0]
    return day


def keep_rates(office: Office, bank: Bank, told: Iterable[Quotation]) -> int:
    """Keep what is new, and what the bank put right; how many there were of these."""
    return sum(_keep(office, bank, quotation) for quotation in told)


def _keep(office: Office, bank: Bank, told: Quotation) -> bool:
    worth, amount = _with_few_places(told.worth, told.amount)
    known = office.look_up(ExchangeRate, bank=bank, currency=told.currency, valid_on=told.valid_on)
    if known is None:
        office.add(ExchangeRate, bank=bank, currency=told.currency, valid_on=told.valid_on, worth=worth, amount=amount)
        return True
    return office.change(known, worth=worth, amount=amount) is not known


def _with_few_places(worth: Decimal, amount: int) -> tuple[Decimal, int]:
    """The rate of so many more units that nothing is lost: Narodowy Bank Polski tells eight places of a rupiah."""
    while worth != round(worth, PLACES):
        worth, amount = worth * 10, amount * 10
    return worth, amount


_r = ExchangeRate.table.c

_NEWEST = Query(
    sa.select(*columns_of(ExchangeRate))
    .where(_r.bank == sa.bindparam("bank"), _r.currency == sa.bindparam("currency"))
    .where(_r.valid_on <= sa.bindparam("day", type_=_r.valid_on.type))
    .order_by(_r.valid_on.desc())
    .limit(1)
)

# With its type, SQLite's text of a day comes back as a day.
_NEWEST_DAY = Query(sa.select(sa.func.max(_r.valid_on, type_=_r.valid_on.type)).where(_r.bank == sa.bindparam("bank")))
