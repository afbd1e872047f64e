"""ISO codes of countries and currencies, and the words of lists that several records share."""

import datetime as dt
import functools
from collections.abc import Mapping
from typing import Literal

from babel import Locale
from babel.numbers import get_territory_currencies

ActivityKind = Literal["private_person", "self_employed", "other_business"]
DocumentLanguage = Literal["cs", "sk", "en", "de", "fr", "it", "es", "ru", "pl", "hu", "ro"]

_FRANCS = {"XAF", "XCD", "XCG", "XOF", "XPF"}
_NOT_ISO = {"CNH"}

_NOT_COUNTRIES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}


@functools.cache
def countries() -> frozenset[str]:
    """ISO 3166-1 alpha-2, upper case."""
    codes = map(str, Locale("en").territories)
    return frozenset(code for code in codes if len(code) == 2 and code.isalpha()) - _NOT_COUNTRIES  # noqa: PLR2004


@functools.cache
def country_name(code: str, language: str) -> str:
    """What a country is called in a language; a code that is no country's stands for itself."""
    return str(Locale(language).territories.get(code, code))


def is_currency(code: str, on: dt.date) -> bool:
    """Whether a code of ISO 4217, in upper case, was not yet withdrawn on a day."""
    return on <= _last_days().get(code, dt.date.min)


def currencies_on(day: dt.date) -> list[str]:
    """Everything that was paid in on a day, by code."""
    return sorted(code for code, last in _last_days().items() if day <= last)


@functools.cache
def _last_days() -> Mapping[str, dt.date]:
    """By currency when it was last paid in; without metals, units of account and the codes for none and for tests."""
    found: dict[str, dt.date] = {}
    for country in countries():
        for one in get_territory_currencies(country, dt.date.min, dt.date.max, non_tender=True, include_details=True):
            code = one["currency"]
            if code not in _NOT_ISO and (not code.startswith("X") or code in _FRANCS):
                found[code] = max(found.get(code, dt.date.min), one["to"] or dt.date.max)
    return found
