"""What firms agree on about electronic invoices: where each receives them, by whose rules, which go with letters."""

import csv
import functools
import re
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from faktura.core.errors import Problems

Profile = Literal["peppol", "xrechnung", "en16931"]
"""Whose rules a file keeps besides those of the standard: of the Peppol network, of German public buyers, of nobody."""

EInvoice = Literal["isdoc", "isdoc_in_pdf", "ubl"]
"""What a letter may carry for programs: an ISDOC beside the PDF, one inside of it, a UBL."""

SCHEMES = Path(__file__).with_name("electronic_schemes.csv")

LONGEST_ADDRESS = 50
"""Of a participant in Peppol."""


class Scheme(msgspec.Struct, frozen=True):
    """A sort of numbers that firms are found by; `form` is a regular expression of them."""

    code: str
    name: str
    country: str
    form: str


class Reachable(Protocol):
    """Who may say where electronic invoices are received (BT-34, BT-49)."""

    electronic_scheme: str | None
    electronic_address: str | None


@functools.cache
def schemes() -> Mapping[str, Scheme]:
    """Those of the list of electronic address schemes (EAS) that matter here, by code.

    The list is https://docs.peppol.eu/poacc/billing/3.0/codelist/eas/; a code that is retired in it is not taken over.
    """
    with SCHEMES.open(encoding="utf-8", newline="") as file:
        return {row["code"]: msgspec.convert(row, Scheme) for row in csv.DictReader(file)}


def tidy_address(firm: Reachable) -> None:
    """In capitals and without blanks, but for what is an e-mail address."""
    firm.electronic_scheme = firm.electronic_scheme or None
    address = "".join((firm.electronic_address or "").split())
    firm.electronic_address = (address if firm.electronic_scheme == EMAIL else address.upper()) or None


def check_address(firm: Reachable, attributes: AbstractSet[str], problems: Problems) -> None:
    """Add what is wrong with the pair: neither stands alone, and the one is of the form that the other has."""
    if not attributes & ADDRESS:
        return
    scheme, address = firm.electronic_scheme, firm.electronic_address
    if scheme is None and address is not None:
        problems.add("electronic_scheme", "blank")
    if scheme is not None and scheme not in schemes():
        problems.add("electronic_scheme", "not_in_list")
    elif scheme is not None and address is None:
        problems.add("electronic_address", "blank")
    elif address is not None and len(address) > LONGEST_ADDRESS:
        problems.add("electronic_address", "too_long", LONGEST_ADDRESS)
    elif scheme is not None and address is not None and not re.fullmatch(schemes()[scheme].form, address):
        problems.add("electronic_address", "malformed")


EMAIL = "EM"

ADDRESS = frozenset({"electronic_scheme", "electronic_address"})
