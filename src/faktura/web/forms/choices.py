"""Lists to choose from that several forms have, in the language of the page."""

from collections.abc import Iterator, Mapping

from babel import Locale
from flask_babel import get_locale, lazy_gettext
from flask_babel.speaklater import LazyString

from faktura.core.codes import countries, country_name, currencies_on
from faktura.core.countries.vat import EU
from faktura.core.e_invoices import Profile, schemes
from faktura.web.door.database import service

DOCUMENT_LANGUAGES = ("cs", "sk", "en", "de", "fr", "it", "es", "ru", "pl", "hu", "ro")

PROFILES: Mapping[Profile, LazyString] = {
    "peppol": lazy_gettext("Peppol BIS Billing 3.0"),
    "xrechnung": lazy_gettext("XRechnung 3.0, for German public buyers"),
    "en16931": lazy_gettext("EN 16931 and nothing more"),
}
"""By whose rules electronic invoices are written."""

NEAR = ("CZK", "EUR", "PLN", "USD", "GBP", "HUF", "CHF")
"""Currencies that stand first."""


def countries_named() -> list[tuple[str, str]]:
    """By name."""
    language = str(get_locale())
    return sorted(((code, country_name(code, language)) for code in countries()), key=lambda named: named[1])


def eu_named() -> list[tuple[str, str]]:
    """Those in which VAT is one tax."""
    return [(code, name) for code, name in countries_named() if code in EU]


def currencies_named() -> Iterator[tuple[str, str]]:
    """The usual ones first, the others by code."""
    names = Locale(str(get_locale())).currencies
    others = currencies_on(service().clock.now().date())
    for code in dict.fromkeys((*NEAR, *others)):
        yield code, f"{code} – {names.get(code, code)}"


def languages_named() -> Iterator[tuple[str, str]]:
    names = Locale(str(get_locale())).languages
    return ((code, str(names.get(code, code))) for code in DOCUMENT_LANGUAGES)


def schemes_named() -> list[tuple[str, str]]:
    """Sorts of electronic addresses in the order of the list, by their country, name and code."""
    return [(code, scheme_name(code)) for code in schemes()]


def scheme_name(code: str) -> str:
    found = schemes().get(code)
    return " ".join(filter(None, (found.country, found.name, f"({code})"))) if found else code
