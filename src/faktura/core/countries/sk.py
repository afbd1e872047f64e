"""Slovakia; VAT rates by act no. 222/2004, § 27, with its changes."""

from zoneinfo import ZoneInfo

from faktura.core.countries.country import Country, day_of_supply
from faktura.core.countries.vat_rates import rate

SLOVAKIA = Country(
    currency="EUR",
    language="sk",
    zone=ZoneInfo("Europe/Bratislava"),
    bank="cnb",
    rate_day=day_of_supply,
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
