"""Who is named on a document besides seller and buyer, and what its transaction rests on."""

import datetime as dt
from typing import Literal

import msgspec

ThirdPartyRole = Literal[
    "factor",
    "recipient",
    "original_entity",
    "additional_buyer",
    "issuer",
    "payer",
    "local_government_issuer",
    "local_government_recipient",
    "vat_group_issuer",
    "vat_group_recipient",
    "employee",
]
"""Codes of the list of Polish law."""


class ThirdParty(msgspec.Struct, frozen=True, omit_defaults=True):
    """`internal_no` is by what the firm that has several units calls this one: its tax number, and five digits."""

    id: int
    role: ThirdPartyRole
    name: str
    tax_no: str | None = None
    street: str | None = None
    street_number: str | None = None
    flat_number: str | None = None
    city: str | None = None
    postcode: str | None = None
    country: str | None = None
    internal_no: str | None = None


class LocalUnit(msgspec.Struct, frozen=True, omit_defaults=True):
    """A unit of local government, for which the seller or the buyer stands."""

    name: str
    street: str
    street_number: str
    city: str
    postcode: str
    country: str
    tax_no: str | None = None
    flat_number: str | None = None


class Agreement(msgspec.Struct, frozen=True):
    """A contract or an order, by its number and the day on which it was made."""

    number: str | None = None
    made_on: dt.date | None = None


class TransactionTerms(msgspec.Struct, frozen=True):
    """What was agreed upon before the sale."""

    contracts: tuple[Agreement, ...] = ()
    orders: tuple[Agreement, ...] = ()
