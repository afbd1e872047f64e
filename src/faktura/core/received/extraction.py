"""What a paper says of itself, as far as a reader of its file found it."""

import datetime as dt
from decimal import Decimal
from typing import Literal

import msgspec

from faktura.core.received.received_invoice import ReceivedInvoice

WhyUnread = Literal["not_an_e_invoice", "no_reader", "too_large", "doctype", "damaged"]


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


class Unread(msgspec.Struct, frozen=True, omit_defaults=True):
    """Why nothing is read in a file that programs should read; `detail` is for people, in no language of ours."""

    reason: WhyUnread
    detail: str = ""


def extraction_of(told: ReceivedInvoice) -> Extraction:
    """The part of an invoice for machines that any paper may say."""
    rates = tuple(RateSum(rate.vat_rate, rate.net, rate.vat) for rate in told.rates)
    return Extraction(
        number=told.number or None,
        variable_symbol=told.variable_symbol or None,
        issued_on=told.issued_on,
        taxable_on=told.taxable_on,
        due_on=told.due_on,
        registration_no=told.supplier.registration_no or None,
        vat_no=told.supplier.vat_no or None,
        bank_account=told.bank_account or None,
        iban=told.iban or None,
        currency=told.currency or None,
        total=told.total,
        rates=() if told.rounding else rates,
    )


NOTHING_READ = Extraction()
