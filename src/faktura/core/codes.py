"""ISO codes of countries and currencies, and the words of lists that several records share."""

import functools
from typing import Literal

from babel import Locale

ActivityKind = Literal["private_person", "self_employed", "other_business"]
DocumentLanguage = Literal["cs", "sk", "en", "de", "fr", "it", "es", "ru", "pl", "hu", "ro"]

_FRANCS = {"XAF", "XCD", "XCG", "XOF", "XPF"}

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


@functools.cache
def currencies() -> frozenset[str]:
    """ISO 4217, upper case: what is paid in, without metals, units of account and the codes for none and for tests."""
    return frozenset(code for code in map(str, Locale("en").currencies) if not code.startswith("X") or code in _FRANCS)
