"""What a country decides about books that are kept in it."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from faktura.core.countries.numbers import Reading
from faktura.core.countries.vat_rates import Band, Rate

Bank = Literal["cnb", "nbp", "ecb"]
"""The Czech National Bank, Narodowy Bank Polski and the European Central Bank."""

RateDay = Callable[[dt.date, dt.date], dt.date]
"""From the day of issue and that of the supply, the last day whose exchange rate may count."""


class Country(NamedTuple):
    """`currency` and `language` are what firms of the country have until they say something else.

    `bank` publishes the exchange rates that its taxes are counted by. `identified_by` is the number that every document
    of a firm must name; a payer's names its VAT number, too. Numbers that cannot be read by the country's reading are
    none; where it has no reading, any text is one. A correction of a payer of VAT has to say why where it
    `correction_says_why`, and shows each line before and after where a country `corrects_in_pairs`. Where accountants
    read ISDOC, letters carry one inside the PDF unless somebody says otherwise. Where it `has_ksef`, the state takes in
    what is issued.
    """

    currency: str
    language: str
    zone: ZoneInfo
    bank: Bank
    rate_day: RateDay
    vat_rates: tuple[Rate, ...] = ()
    identified_by: Literal["registration_no", "vat_no"] = "registration_no"
    registration_no: Reading | None = None
    vat_no: Reading | None = None
    correction_says_why: bool = False
    corrects_in_pairs: bool = False
    reads_isdoc: bool = False
    has_ksef: bool = False

    def rates_on(self, day: dt.date) -> tuple[Rate, ...]:
        """The VAT rates of a day, the highest first."""
        return tuple(sorted((rate for rate in self.vat_rates if rate.holds_on(day)), key=lambda rate: -rate.percent))

    def percent_of(self, band: Band) -> Decimal | None:
        """The rate of a band that holds now, or held last."""
        found = [rate for rate in self.vat_rates if rate.band == band]
        return max(found, key=lambda rate: rate.since).percent if found else None

    def day_of(self, instant: dt.datetime) -> dt.date:
        """The calendar day of an instant there."""
        return instant.astimezone(self.zone).date()


def day_of_supply(_issued_on: dt.date, supplied_on: dt.date) -> dt.date:
    """The day on which the tax becomes due (article 91 of directive 2006/112/EC)."""
    return supplied_on
