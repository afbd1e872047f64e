"""The countries that books are kept in, by their ISO codes."""

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from faktura.core.countries.country import Country, day_of_supply
from faktura.core.countries.cz import CZECHIA
from faktura.core.countries.pl.poland import POLAND
from faktura.core.countries.sk import SLOVAKIA

GERMANY = Country("EUR", "de", ZoneInfo("Europe/Berlin"), "ecb", day_of_supply)

KNOWN: Mapping[str, Country] = {"CZ": CZECHIA, "DE": GERMANY, "PL": POLAND, "SK": SLOVAKIA}

ELSEWHERE = Country("EUR", "en", ZoneInfo("Europe/Prague"), "ecb", day_of_supply)
"""A country of which nothing more is known."""


def country_of(code: str) -> Country:
    return KNOWN.get(code, ELSEWHERE)


def day_in(code: str, instant: dt.datetime) -> dt.date:
    """The calendar day of an instant in a country."""
    return country_of(code).day_of(instant)
