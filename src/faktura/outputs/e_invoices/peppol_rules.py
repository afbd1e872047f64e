"""The rules of Peppol BIS Billing 3 that are no rules of the standard, as assertions of our own about a UBL file."""

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from faktura.core.money.amounts import CENT, rounded
from faktura.xml import careful, lxml

if TYPE_CHECKING:
    from lxml import etree

_COMMON = "urn:oasis:names:specification:ubl:schema:xsd:Common"
NS = {"cac": f"{_COMMON}AggregateComponents-2", "cbc": f"{_COMMON}BasicComponents-2"}

CUSTOMIZATION = "urn:cen.eu:en16931:2017#compliant#urn:fdc:peppol.eu:2017:poacc:billing:3.0"
PROCESS = "urn:fdc:peppol.eu:2017:poacc:billing:"

SLACK = Decimal("0.02")
"""By so much a line may differ from its price and quantity."""


def is_of_peppol(customization: str) -> bool:
    """Whether a file says that it keeps these rules."""
    return customization.startswith(CUSTOMIZATION)


def broken_rules(file: bytes) -> list[str]:
    """Each as its name and what it says."""
    root = lxml().fromstring(file, careful())
    return [f"PEPPOL-EN16931-{name}: {words}" for name, (holds, words) in _RULES.items() if not holds(root)]


def _texts(root: "etree._Element", path: str) -> list[str]:
    return [str(found.text or "").strip() for found in root.iterfind(path, NS)]


def _has(path: str) -> Callable[["etree._Element"], bool]:
    return lambda root: any(_texts(root, path))


def _has_process(root: "etree._Element") -> bool:
    return all(text.startswith(PROCESS) and text.endswith(":1.0") for text in _texts(root, "cbc:ProfileID"))


def _has_one_note(root: "etree._Element") -> bool:
    german = all(_texts(root, f"cac:Accounting{party}Party/{_COUNTRY}") == ["DE"] for party in ("Supplier", "Customer"))
    return german or len(_texts(root, "cbc:Note")) <= 1


_COUNTRY = "cac:Party/cac:PostalAddress/cac:Country/cbc:IdentificationCode"


def _has_reference(root: "etree._Element") -> bool:
    return any(_texts(root, "cbc:BuyerReference") + _texts(root, "cac:OrderReference/cbc:ID"))


def _is_of_profile(root: "etree._Element") -> bool:
    return any(is_of_peppol(text) for text in _texts(root, "cbc:CustomizationID"))


def _has_other_currency(root: "etree._Element") -> bool:
    return not set(_texts(root, "cbc:TaxCurrencyCode")) & set(_texts(root, "cbc:DocumentCurrencyCode"))


def _is_nowhere_empty(root: "etree._Element") -> bool:
    elements = (element for element in root.iter() if isinstance(element.tag, str))
    return all(len(element) or (element.text or "").strip() for element in elements)


def _has_one_currency(root: "etree._Element") -> bool:
    """All amounts are of the document's currency, but for the VAT that is said in the currency of the books."""
    own, native = _texts(root, "cbc:DocumentCurrencyCode"), _texts(root, "cbc:TaxCurrencyCode")
    taxes = root.findall("cac:TaxTotal/cbc:TaxAmount", NS)
    for element in root.iter():
        currency = element.get("currencyID") if isinstance(element.tag, str) else None
        if currency is not None and currency not in own and not (element in taxes and currency in native):
            return False
    return True


def _has_one_total_with_rates(root: "etree._Element") -> bool:
    return len(root.findall("cac:TaxTotal[cac:TaxSubtotal]", NS)) == 1


def _has_total_in_books_currency(root: "etree._Element") -> bool:
    """One without rates where there is such a currency, and else none."""
    bare = [found for found in root.iterfind("cac:TaxTotal", NS) if found.find("cac:TaxSubtotal", NS) is None]
    return len(bare) == len(_texts(root, "cbc:TaxCurrencyCode"))


def _has_taxes_of_one_sign(root: "etree._Element") -> bool:
    signs = {amount > 0 for amount in _amounts(root, "cac:TaxTotal/cbc:TaxAmount") if amount}
    return len(signs) <= 1


def _lines(root: "etree._Element") -> Iterator["etree._Element"]:
    for name in ("Invoice", "CreditNote"):
        yield from root.iterfind(f"cac:{name}Line", NS)


def _lines_add_up(root: "etree._Element") -> bool:
    return all(abs(_first(line, "cbc:LineExtensionAmount") - _expected(line)) <= SLACK for line in _lines(root))


def _expected(line: "etree._Element") -> Decimal:
    """Quantity times the price of one, with charges and without allowances."""
    quantity = _first(line, "cbc:InvoicedQuantity", _first(line, "cbc:CreditedQuantity", Decimal(1)))
    price = _first(line, "cac:Price/cbc:PriceAmount") / (_first(line, "cac:Price/cbc:BaseQuantity") or Decimal(1))
    more = Decimal(0)
    for charge in line.iterfind("cac:AllowanceCharge", NS):
        amount = _first(charge, "cbc:Amount")
        more += amount if _texts(charge, "cbc:ChargeIndicator") == ["true"] else -amount
    return rounded(quantity * price, CENT) + more


def _bases_are_positive(root: "etree._Element") -> bool:
    bases = (amount for line in _lines(root) for amount in _amounts(line, "cac:Price/cbc:BaseQuantity"))
    return all(base > 0 for base in bases)


def _bases_have_the_unit_of_their_line(root: "etree._Element") -> bool:
    for line in _lines(root):
        sold = line.find("cbc:InvoicedQuantity", NS)
        sold = line.find("cbc:CreditedQuantity", NS) if sold is None else sold
        base = line.find("cac:Price/cbc:BaseQuantity", NS)
        if sold is not None and base is not None and base.get("unitCode") not in {None, sold.get("unitCode")}:
            return False
    return True


def _amounts(root: "etree._Element", path: str) -> Iterator[Decimal]:
    """What is no number is for the schema to find."""
    for text in _texts(root, path):
        try:
            yield Decimal(text)
        except InvalidOperation:
            continue


def _first(root: "etree._Element", path: str, usual: Decimal = Decimal(0)) -> Decimal:
    return next(_amounts(root, path), usual)


_RULES: dict[str, tuple[Callable[["etree._Element"], bool], str]] = {
    "R001": (_has("cbc:ProfileID"), "Business process MUST be provided."),
    "R002": (_has_one_note, "No more than one note is allowed on document level, unless both parties are German."),
    "R003": (_has_reference, "A buyer reference or purchase order reference MUST be provided."),
    "R004": (_is_of_profile, "The specification identifier is not that of Peppol BIS Billing 3."),
    "R005": (_has_other_currency, "VAT accounting currency code MUST be different from invoice currency code."),
    "R007": (_has_process, "Business process MUST be of Peppol's billing."),
    "R008": (_is_nowhere_empty, "Document MUST not contain empty elements."),
    "R010": (_has("cac:AccountingCustomerParty/cac:Party/cbc:EndpointID"), "Buyer electronic address MUST be provided"),
    "R020": (
        _has("cac:AccountingSupplierParty/cac:Party/cbc:EndpointID"),
        "Seller electronic address MUST be provided",
    ),
    "R051": (_has_one_currency, "All amounts MUST be in the currency of the document, but for VAT in another one."),
    "R053": (_has_one_total_with_rates, "Only one tax total with tax subtotals MUST be provided."),
    "R054": (_has_total_in_books_currency, "One tax total without subtotals MUST be provided with a tax currency."),
    "R055": (_has_taxes_of_one_sign, "Both VAT totals MUST have the same operational sign."),
    "R120": (_lines_add_up, "Line net amount MUST equal quantity times net price, with charges and allowances."),
    "R121": (_bases_are_positive, "Base quantity MUST be a positive number above zero."),
    "R130": (_bases_have_the_unit_of_their_line, "Unit code of price base quantity MUST be that of the quantity."),
}
