"""What a paper says of itself, as far as a reader of its file found it."""

import datetime as dt
from decimal import Decimal

import msgspec


class RateSum(msgspec.Struct, frozen=True):
    """What a paper comes to at one rate of VAT."""

    vat_rate: Decimal
    net: Decimal
    vat: Decimal


class Extraction(msgspec.Struct, frozen=True, omit_defaults=True):
    """Of whoever reads it only what the paper says of others: `registration_no` and `vat_no` are the supplier's.

    `rates` are there only where they come to the `total`, which includes VAT.
    """

    number: str | None = None
    variable_symbol: str | None = None
    issued_on: dt.date | None = None
    taxable_on: dt.date | None = None
    due_on: dt.date | None = None
    registration_no: str | None = None
    vat_no: str | None = None
    bank_account: str | None = None
    iban: str | None = None
    currency: str | None = None
    total: Decimal | None = None
    rates: tuple[RateSum, ...] = ()


NOTHING_READ = Extraction()
