"""What UBL and CII have in common, since both spell the European standard EN 16931; names in brackets are its own."""

import base64
import binascii
from collections.abc import Iterable, Mapping
from decimal import Decimal

from faktura.core.money.amounts import fine
from faktura.core.received.received_invoice import ZERO, Enclosed, Sort
from faktura.core.vat_treatment import VatTreatment
from faktura.inputs.e_invoices.elements import Element
from faktura.inputs.e_invoices.packed import enclosed
from faktura.inputs.e_invoices.said import Charge

_TREATMENTS: Mapping[str, VatTreatment] = {
    "S": "taxed",
    "Z": "taxed",
    "G": "taxed",
    "E": "exempt",
    "AE": "reverse_charge",
    "K": "reverse_charge",
    "O": "not_subject",
}
"""Charged, at nothing, sent out of the EU, exempt, owed by the buyer, sent within the EU, no matter of VAT (BT-118)."""

_CREDITS = ("81", "83", "261", "262", "296", "308", "381", "396", "420", "458", "502", "503", "532")
_DEBITS = ("80", "82", "84", "383")

_SORTS: Mapping[str, Sort] = {
    **dict.fromkeys(_CREDITS, "credit_note"),
    **dict.fromkeys(_DEBITS, "debit_note"),
    "325": "proforma",
    "386": "tax_document",
}
"""By the list of the United Nations (1001)."""

CORRECTED = "384"
"""An invoice that stands in the place of another."""


def sort_of(type_code: str) -> Sort:
    return _SORTS.get(type_code, "invoice")


def corrects(type_code: str) -> bool:
    """Whether what comes before it is what it corrects (BG-3), and no advance that it deducts."""
    return type_code == CORRECTED or sort_of(type_code) in {"credit_note", "debit_note"}


def charge_of(category: Element, code: str, percent: str) -> Charge:
    """The rate at two paths of a category; one that nobody knows is taken as it is written."""
    letters, rate = category.text(code).upper(), category.number(percent)
    if category and (letters not in _TREATMENTS or (letters == "S" and rate is None)):
        category.warn("unknown_rate", letters)
    treatment = _TREATMENTS.get(letters, "taxed")
    return Charge(rate or ZERO if treatment != "not_subject" else ZERO, treatment)


def price_of_one(price: Element, amount: str, units: str) -> Decimal | None:
    """At two paths of a price, which may be told of several units (BT-149)."""
    told, several = price.number(amount), price.number(units)
    return fine(told / several) if told and several else told


def attachments(objects: Iterable[tuple[str, Element]]) -> tuple[Enclosed, ...]:
    """Files that are written down inside (BG-24), each with a name for those that have none."""
    found = []
    for number, written in objects:
        try:
            content = base64.b64decode("".join(written.paragraphs().split()), validate=True)
        except (binascii.Error, ValueError):
            written.warn("file_left_out", written.attribute("filename") or number)
            continue
        found.append(enclosed(written.attribute("filename") or number, content, written.attribute("mimeCode")))
    return tuple(found)


def warn_of_addresses(elements: Iterable[Element]) -> None:
    """A file that lies elsewhere is never fetched."""
    for element in elements:
        if address := element.text():
            element.warn("file_left_out", address)
