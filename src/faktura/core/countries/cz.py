"""The Czech Republic; VAT rates by act no. 235/2004, § 47, with its changes, § 4 (8) and § 45."""

from zoneinfo import ZoneInfo

from faktura.core.countries.country import Country, day_of_supply
from faktura.core.countries.numbers import read_dic, read_ico
from faktura.core.countries.vat_rates import rate

CZECHIA = Country(
    currency="CZK",
    language="cs",
    zone=ZoneInfo("Europe/Prague"),
    bank="cnb",
    rate_day=day_of_supply,
    registration_no=read_ico,
    vat_no=read_dic,
    correction_says_why=True,
    reads_isdoc=True,
    vat_rates=(
        rate("19", "standard", "2004-05-01", "2009-12-31"),
        rate("5", "reduced", "2004-05-01", "2007-12-31"),
        rate("9", "reduced", "2008-01-01", "2009-12-31"),
        rate("20", "standard", "2010-01-01", "2012-12-31"),
        rate("10", "reduced", "2010-01-01", "2011-12-31"),
        rate("14", "reduced", "2012-01-01", "2012-12-31"),
        rate("21", "standard", "2013-01-01"),
        rate("15", "reduced", "2013-01-01", "2023-12-31"),
        rate("10", "second_reduced", "2015-01-01", "2023-12-31"),
        rate("12", "reduced", "2024-01-01"),
        rate("0", "zero", "2024-01-01"),
    ),
)
