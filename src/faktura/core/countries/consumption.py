"""Which rates of VAT a sale to a consumer may have, wherever in the EU it is consumed.

Countries whose law stands in this folder have their own tables. Those of the others (`consumption.csv`) begin when the
one-stop shop did; rates of some regions alone, and of some goods for some months, are not among them.
"""

import csv
import functools
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

from faktura.core.countries.known import country_of
from faktura.core.countries.vat_rates import Band, Rate, rate

TABLE = Path(__file__).parent / "consumption.csv"


def rates_in(country: str, day: date) -> tuple[Decimal, ...]:
    """The rates of a day in percent, the standard one first; none of a country or a day that is not known."""
    rates = country_of(country).vat_rates or _rates().get(country, ())
    found = [one for one in rates if one.holds_on(day)]
    return tuple(one.percent for one in sorted(found, key=lambda one: (one.band != "standard", -one.percent)))


@functools.cache
def _rates() -> Mapping[str, list[Rate]]:
    rates: dict[str, list[Rate]] = defaultdict(list)
    with TABLE.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            band: Band = "standard" if row["band"] == "standard" else "reduced"
            rates[row["country"]].append(rate(row["percent"], band, row["since"], row["until"] or None))
    return rates
