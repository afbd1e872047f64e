"""Who charges VAT, and what an invoice has to say where nobody does."""

from decimal import Decimal
from typing import Literal

from faktura.core.catalogue import VatTreatment
from faktura.core.people.accounts import VatMode

Category = Literal["S", "Z", "E", "AE", "K", "G", "O"]
"""UNCL5305, as EN 16931 uses it: standard, zero rated, exempt, reverse charge, intra-Community, export, not subject."""

EU = frozenset(
    [
        "AT",
        "BE",
        "BG",
        "CY",
        "CZ",
        "DE",
        "DK",
        "EE",
        "ES",
        "FI",
        "FR",
        "GR",
        "HR",
        "HU",
        "IE",
        "IT",
        "LT",
        "LU",
        "LV",
        "MT",
        "NL",
        "PL",
        "PT",
        "RO",
        "SE",
        "SI",
        "SK",
    ]
)


def charges_vat(vat_mode: VatMode, *, reverse_charge: bool) -> bool:
    """Whether VAT is added at all: a payer's, unless the customer owes it.

    An identified person charges none on sales at home (§ 6g to 6l of the Czech VAT act); what it declares for
    purchases from abroad is no matter of its invoices.
    """
    return vat_mode == "vat_payer" and not reverse_charge


def category_of(
    treatment: VatTreatment, percent: Decimal, countries: tuple[str, str | None], *, charged: bool, reverse: bool
) -> Category:
    """The category of a line sold from one country to a buyer in another (BT-151)."""
    seller, buyer = countries
    abroad = buyer is not None and buyer != seller
    if reverse or treatment == "reverse_charge":
        return "K" if abroad and buyer in EU and seller in EU else "AE"
    if not charged or treatment == "not_subject":
        return "O"
    if treatment == "exempt":
        return "E"
    if percent:
        return "S"
    return "G" if abroad and buyer not in EU else "Z"
