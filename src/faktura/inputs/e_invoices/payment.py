"""How an invoice is to be paid: codes of means, which all formats have in common, and accounts."""

from collections.abc import Mapping
from typing import NamedTuple

from stdnum import bic, iban

METHODS: Mapping[str, str] = {
    "10": "cash",
    "20": "check",
    "30": "bank",
    "31": "bank",
    "42": "bank",
    "48": "card",
    "54": "card",
    "55": "card",
    "57": "bank",
    "58": "bank",
    "97": "compensation",
}
"""By the list of the United Nations (4461); of others it is not known how they are paid."""


class Account(NamedTuple):
    iban: str
    number: str


def account_of(written: str, number: str = "") -> Account:
    """An IBAN, or else a number as somebody writes it; one whose check digits do not fit is no IBAN."""
    compact = "".join(written.split()).upper()
    if iban.is_valid(compact):
        return Account(compact, number)
    return Account("", number or written)


def bic_of(written: str) -> str:
    """The code of a bank, or nothing where it is none."""
    compact = "".join(written.split()).upper()
    return compact if bic.is_valid(compact) else ""
