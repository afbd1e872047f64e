"""Poland; VAT rates by articles 41 and 146a onwards of the VAT act of 11 March 2004, rate day by its article 31a."""

import datetime as dt
from zoneinfo import ZoneInfo

from faktura.core.countries.country import Country
from faktura.core.countries.numbers import read_nip, read_regon
from faktura.core.countries.vat_rates import rate


def _day_before(issued_on: dt.date, supplied_on: dt.date) -> dt.date:
    """The day before the supply (31a (1)), or before the issue of an invoice that came earlier (31a (2))."""
    return dt.date.fromordinal(max(min(issued_on, supplied_on).toordinal() - 1, 1))


POLAND = Country(
    currency="PLN",
    language="pl",
    zone=ZoneInfo("Europe/Warsaw"),
    bank="nbp",
    rate_day=_day_before,
    identified_by="vat_no",
    registration_no=read_regon,
    vat_no=read_nip,
    corrects_in_pairs=True,
    has_ksef=True,
    vat_rates=(
        rate("22", "standard", "2004-05-01", "2010-12-31"),
        rate("7", "reduced", "2004-05-01", "2010-12-31"),
        rate("3", "second_reduced", "2004-05-01", "2010-12-31"),
        rate("23", "standard", "2011-01-01"),
        rate("8", "reduced", "2011-01-01"),
        rate("5", "second_reduced", "2011-01-01"),
        rate("0", "zero", "2004-05-01"),
    ),
)
