"""Slovakia; VAT rates by act no. 222/2004, § 27, with its changes, rate day by its § 26 (1)."""

import datetime as dt
from zoneinfo import ZoneInfo

from faktura.core.countries.country import Country
from faktura.core.countries.numbers import read_ic_dph, read_ico
from faktura.core.countries.vat_rates import rate


def _day_before_supply(_issued_on: dt.date, supplied_on: dt.date) -> dt.date:
    return dt.date.fromordinal(max(supplied_on.toordinal() - 1, 1))


SLOVAKIA = Country(
    currency="EUR",
    language="sk",
    zone=ZoneInfo("Europe/Bratislava"),
    bank="ecb",
    rate_day=_day_before_supply,
    registration_no=read_ico,
    vat_no=read_ic_dph,
    reads_isdoc=True,
    vat_rates=(
        rate("19", "standard", "2004-05-01", "2010-12-31"),
        rate("10", "reduced", "2007-01-01", "2024-12-31"),
        rate("20", "standard", "2011-01-01", "2024-12-31"),
        rate("5", "second_reduced", "2023-01-01", "2024-12-31"),
        rate("23", "standard", "2025-01-01"),
        rate("19", "reduced", "2025-01-01"),
        rate("5", "second_reduced", "2025-01-01"),
    ),
)
