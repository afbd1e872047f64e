"""VAT by country: which rates hold when, who charges it, and what an invoice has to say where nobody does."""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from faktura.core.catalogue import VatTreatment
from faktura.core.countries import cz, pl, sk
from faktura.core.countries.vat_rates import Rate
from faktura.core.people.accounts import VatMode

Category = Literal["S", "Z", "E", "AE", "K", "G", "O"]
"""UNCL5305, as EN 16931 uses it: standard, zero rated, exempt, reverse charge, intra-Community, export, not subject."""

RATES: Mapping[str, tuple[Rate, ...]] = {"CZ": cz.RATES, "PL": pl.RATES, "SK": sk.RATES}
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


def rate_of(country: str, percent: Decimal, day: dt.date) -> Rate | None:
    """The rate of that many percent which a country has on a day; of two that are alike the higher band."""
    found = (rate for rate in RATES.get(country, ()) if rate.percent == percent and rate.holds_on(day))
    return next(found, None)


def rates_on(country: str, day: dt.date) -> tuple[Rate, ...]:
    """A country's rates of a day, the highest first."""
    found = (rate for rate in RATES.get(country, ()) if rate.holds_on(day))
    return tuple(sorted(found, key=lambda rate: -rate.percent))


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
