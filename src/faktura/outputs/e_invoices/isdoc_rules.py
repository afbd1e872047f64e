"""The rules of ISDOC 6 that no schema says, as assertions of our own."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from faktura.xml import careful, local_name, lxml

if TYPE_CHECKING:
    from lxml import etree

NAMESPACE = "http://isdoc.cz/namespace/2013"
NS = {"i": NAMESPACE}

TWINS = (
    *("LineExtensionAmount", "LineExtensionAmountTaxInclusive", "DepositAmount"),
    *("TaxableDepositAmount", "TaxInclusiveDepositAmount", "TaxAmount", "TaxableAmount", "TaxInclusiveAmount"),
    *("AlreadyClaimedTaxableAmount", "AlreadyClaimedTaxAmount", "AlreadyClaimedTaxInclusiveAmount"),
    *("DifferenceTaxableAmount", "DifferenceTaxAmount", "DifferenceTaxInclusiveAmount", "TaxExclusiveAmount"),
    *("AlreadyClaimedTaxExclusiveAmount", "DifferenceTaxExclusiveAmount", "PayableRoundingAmount"),
    *("PaidDepositsAmount", "PayableAmount"),
)
"""Amounts that a document in another currency has in both."""


def broken_rules(file: bytes) -> list[str]:
    """Each in plain words; a file of another version than 6 is none of theirs."""
    root = lxml().fromstring(file, careful())
    return [*_references(root), *_twins(root), *_untaxed(root), *_sums(root)]


def _text(root: "etree._Element", path: str) -> str:
    return str(root.findtext(path, "", NS))


def _references(root: "etree._Element") -> Iterator[str]:
    if _text(root, "i:DocumentType") in {"2", "3", "6"} and not _text(root, "i:OriginalDocumentReferences/*/i:ID"):
        yield "4.1.1: a correction refers to a document"


def _twins(root: "etree._Element") -> Iterator[str]:
    foreign = root.find("i:ForeignCurrencyCode", NS) is not None
    if foreign and _text(root, "i:ForeignCurrencyCode") == _text(root, "i:LocalCurrencyCode"):
        yield "the currencies differ"
    if not foreign and (_text(root, "i:CurrRate"), _text(root, "i:RefCurrRate")) != ("1", "1"):
        yield "at home the rate is 1"
    curr = {local_name(element) for element in root.iter() if isinstance(element.tag, str)}
    if not foreign and [name for name in curr if name.endswith("Curr")]:
        yield "at home nothing is foreign"
    for name in TWINS if foreign else ():
        for element in root.iter(f"{{{NAMESPACE}}}{name}"):
            parent = element.getparent()
            if parent is not None and parent.find(f"i:{name}Curr", NS) is None:
                yield f"{name} has its twin"


def _untaxed(root: "etree._Element") -> Iterator[str]:
    taxed = root.iterfind("i:InvoiceLines/i:InvoiceLine/i:ClassifiedTaxCategory[i:VATApplicable='true']", NS)
    if _text(root, "i:VATApplicable") == "false" and list(taxed):
        yield "no line of an untaxed document is taxed"


def _sums(root: "etree._Element") -> Iterator[str]:
    """A.10: sums of rates are the totals; A.11: what is to be paid follows from them. Both currencies."""
    suffixes = ("", "Curr") if root.find("i:ForeignCurrencyCode", NS) is not None else ("",)
    for suffix in suffixes:
        totals = {name: _amount(root, f"i:LegalMonetaryTotal/i:{name}{suffix}") for name in _TOTALS}
        for word in ("", "AlreadyClaimed", "Difference"):
            net = _summed(root, f"i:TaxTotal/i:TaxSubTotal/i:{word}TaxableAmount{suffix}")
            gross = _summed(root, f"i:TaxTotal/i:TaxSubTotal/i:{word}TaxInclusiveAmount{suffix}")
            if net != totals[f"{word}TaxExclusiveAmount"] or gross != totals[f"{word}TaxInclusiveAmount"]:
                yield f"A.10: {word} {suffix}"
        left = totals["DifferenceTaxInclusiveAmount"] + totals["PayableRoundingAmount"] - totals["PaidDepositsAmount"]
        if left != totals["PayableAmount"]:
            yield f"A.11: {suffix}"
        lines = _summed(root, f"i:InvoiceLines/i:InvoiceLine/i:LineExtensionAmount{suffix}")
        if lines != totals["TaxExclusiveAmount"]:
            yield f"lines come to the total {suffix}"


def _amount(root: "etree._Element", path: str) -> Decimal:
    return _number(_text(root, path))


def _summed(root: "etree._Element", path: str) -> Decimal:
    return sum((_number(found.text or "") for found in root.iterfind(path, NS)), Decimal(0))


def _number(text: str) -> Decimal:
    """What is none is for the schema to find."""
    try:
        return Decimal(text.strip())
    except InvalidOperation:
        return Decimal(0)


_TOTALS = (
    *("TaxExclusiveAmount", "TaxInclusiveAmount", "AlreadyClaimedTaxExclusiveAmount"),
    *("AlreadyClaimedTaxInclusiveAmount", "DifferenceTaxExclusiveAmount", "DifferenceTaxInclusiveAmount"),
    *("PayableRoundingAmount", "PaidDepositsAmount", "PayableAmount"),
)
