"""Polish rates: VAT act of 11 March 2004, art. 41 and 146a onwards."""

from faktura.core.countries.vat_rates import rate

RATES = (
    rate("22", "standard", "2004-05-01", "2010-12-31"),
    rate("7", "reduced", "2004-05-01", "2010-12-31"),
    rate("3", "second_reduced", "2004-05-01", "2010-12-31"),
    rate("23", "standard", "2011-01-01"),
    rate("8", "reduced", "2011-01-01"),
    rate("5", "second_reduced", "2011-01-01"),
    rate("0", "zero", "2004-05-01"),
)
