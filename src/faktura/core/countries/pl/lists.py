"""The lists of Polish law that documents quote: each entry has a code, by which it is kept, and words."""

import csv
import functools
from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

import msgspec

FOLDER = Path(__file__).parent


class Listed(msgspec.Struct, frozen=True):
    """An entry of a list, which is a file with the attributes as its columns."""

    code: str
    name: str
    description: str = ""


class VatExemption(msgspec.Struct, frozen=True):
    """Why no VAT is charged; `basis` is the provision that has to stand on the invoice (art. 106e (1) 19).

    A small letter at the end of a code is a letter of the point ("19a" is 19 lit. a), a capital one belongs to its
    number ("19A" is point 19a); "r" begins a code of the ordinance.
    """

    code: str
    name: str
    basis: str
    act: str


L = TypeVar("L", Listed, VatExemption)


def goods_groups() -> Mapping[str, Listed]:
    """Groups of goods and services, GTU, that the tax office is told of."""
    return _entries("goods_groups", Listed)


def document_markings() -> Mapping[str, Listed]:
    """Kinds of sale and procedures that the register of sales is marked with."""
    return _entries("document_markings", Listed)


def transaction_kinds() -> Mapping[str, Listed]:
    """What happened, where it was no sale."""
    return _entries("transaction_kinds", Listed)


def third_party_roles() -> Mapping[str, Listed]:
    """What a third party on a document has to do with it."""
    return _entries("third_party_roles", Listed)


def cost_categories() -> Mapping[str, Listed]:
    """What is bought, as whoever keeps the books sorts it; codes stand in the order of the names."""
    return _entries("cost_categories", Listed)


def vat_exemptions() -> Mapping[str, VatExemption]:
    return _entries("vat_exemptions", VatExemption)


@functools.cache
def _entries(name: str, cls: type[L]) -> Mapping[str, L]:
    """By code, in the order of the file."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        entries = [msgspec.convert(line, cls) for line in csv.DictReader(lines)]
    return {entry.code: entry for entry in entries}
