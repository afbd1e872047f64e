"""What FA(3) calls a rate of VAT, and in which fields its sums stand."""

from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from faktura.core.countries.vat import EU
from faktura.core.documents.record import UNDER_OSS
from faktura.core.invoices.record import Invoice
from faktura.core.vat_treatment import VatTreatment
from faktura.outputs.reading.settled import Charge
from faktura.outputs.reading.settling import charge_of


class Rate(NamedTuple):
    """How rows name it (P_12), and what follows P_13_ and P_14_ in the names of its sums; some have no tax."""

    name: str
    sums: str
    has_tax: bool = False


TAXED: Mapping[Decimal, Rate] = {
    Decimal(percent): Rate(str(percent), sums, has_tax=True)
    for percent, sums in ((23, "1"), (22, "1"), (8, "2"), (7, "2"), (5, "3"), (4, "4"), (3, "4"))
}
"""4 % is the lump sum of taxis, 3 % that of farmers as it once was."""

AT_HOME, WITHIN_EU, EXPORTED = Rate("0 KR", "6_1"), Rate("0 WDT", "6_2"), Rate("0 EX", "6_3")
EXEMPT, OWED_BY_BUYER, MARGIN = Rate("zw", "7"), Rate("oo", "10"), Rate("", "11")
ELSEWHERE, SERVICE_IN_EU = Rate("np I", "8"), Rate("np II", "9")
UNDER_SHOP = Rate("", "5", has_tax=True)
"""Under the one-stop shop: rows have the percent of the country of consumption instead of a name."""


def rate_of(invoice: Invoice, percent: Decimal, treatment: VatTreatment) -> Rate | None:
    """What a line's rate is on this document; None where FA(3) has none such."""
    if invoice.kind in UNDER_OSS:
        return UNDER_SHOP
    if invoice.margin_kind is not None:
        return MARGIN
    charge = charge_of(invoice, percent, treatment)
    if _is_charged(charge):
        return TAXED.get(charge.percent)
    return _untaxed(invoice, charge)


def _untaxed(invoice: Invoice, charge: Charge) -> Rate:
    if charge.treatment == "exempt" or (not is_abroad(invoice) and is_exempt_seller(invoice)):
        return EXEMPT
    if charge.treatment == "margin":
        return MARGIN
    if not is_abroad(invoice):
        return _AT_HOME[charge.treatment]
    if sells_goods(invoice):
        return _of_goods(invoice, charge)
    if charge.treatment == "taxed":
        return AT_HOME
    return SERVICE_IN_EU if is_eu_firm(invoice) else ELSEWHERE


_AT_HOME: Mapping[VatTreatment, Rate] = {"taxed": AT_HOME, "not_subject": ELSEWHERE, "reverse_charge": OWED_BY_BUYER}


def _of_goods(invoice: Invoice, charge: Charge) -> Rate:
    """Of a country outside Poland's VAT are also goods that never were in it."""
    if charge.treatment == "not_subject":
        return ELSEWHERE
    if invoice.buyer_country not in EU:
        return EXPORTED
    return WITHIN_EU if is_eu_firm(invoice) else AT_HOME


def lacks_sale_kind(invoice: Invoice) -> bool:
    """Whether it has to be said if goods or services were sold: across a border that decides what is not taxed."""
    if not is_abroad(invoice) or sells_goods(invoice) is not None or invoice.kind in UNDER_OSS or invoice.margin_kind:
        return False
    charges = (charge_of(invoice, one.vat_rate, one.vat_treatment) for one in invoice.lines)
    return any(charge.treatment != "exempt" and not _is_charged(charge) for charge in charges)


def _is_charged(charge: Charge) -> bool:
    return charge.treatment == "taxed" and bool(charge.percent)


def sells_goods(invoice: Invoice) -> bool | None:
    """None where nobody said it."""
    if invoice.sale_kind is not None:
        return invoice.sale_kind == "merchandise"
    return {"goods": True, "service": False, "continuous_service": False}.get(invoice.sale_date_kind)


def is_abroad(invoice: Invoice) -> bool:
    return (invoice.buyer_country or invoice.seller.country) != invoice.seller.country


def is_eu_firm(invoice: Invoice) -> bool:
    """Whether the buyer has a number for trade within the EU."""
    return is_abroad(invoice) and invoice.buyer_country in EU and bool(invoice.buyer_vat_no)


def is_exempt_seller(invoice: Invoice) -> bool:
    """Whoever is no payer of VAT in Poland sells exempt."""
    return invoice.seller.vat_mode != "vat_payer"
