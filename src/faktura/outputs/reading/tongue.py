"""How a language spells what a document says: its labels, and how it writes dates and numbers."""

import datetime as dt
import functools
from collections.abc import Iterator
from decimal import Decimal

from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, parse_pattern

from faktura.core.vat_treatment import VatTreatment
from faktura.outputs.words.words import habits_of, labels_in, printed_language

Fact = tuple[str, str]

NO_BREAK = "\u00a0"

SIGNS = {("cs", "CZK"): "Kč", ("pl", "PLN"): "zł", ("", "EUR"): "€"}
"""Signs stand only where all readers know them."""


class Tongue:
    """A language of documents; another one is spelled in English, "pe" in Polish with English labels beside."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.labels = labels_in(language)
        self._habits = habits_of(language)

    def date(self, day: dt.date) -> str:
        return format_date(day, self._habits.date, self._habits.locale)

    def amount(self, amount: Decimal, *, grouped: bool = True) -> str:
        """As it is read; without groups as it is typed into a bank's form."""
        return self._decimal(amount, "#,##0.00" if grouped else "0.00")

    def number(self, number: Decimal) -> str:
        return self._decimal(number, "#,##0.######")

    def price(self, price: Decimal) -> str:
        return self._decimal(price, "#,##0.00####")

    def money(self, amount: Decimal, currency: str) -> str:
        """Two decimals whatever the currency: amounts are stored so."""
        sign = SIGNS.get((printed_language(self.language), currency)) or SIGNS.get(("", currency), currency)
        return f"{self.amount(amount)}{NO_BREAK}{sign}"

    def percent(self, rate: Decimal) -> str:
        return f"{self.number(rate)}{NO_BREAK}%"

    def rate(self, rate: Decimal, treatment: VatTreatment) -> str:
        """A rate of VAT, or the word for why there is none."""
        return self.percent(rate) if treatment == "taxed" else self.labels[f"rate_{treatment}"]

    def country(self, code: str) -> str:
        return _countries(self._habits.locale).get(code, code)

    def fact(self, name: str, value: str | dt.date | None) -> Iterator[Fact]:
        """A value under its label, where there is one."""
        if value:
            yield self.labels[name], self.date(value) if isinstance(value, dt.date) else value

    def _decimal(self, number: Decimal, pattern: str) -> str:
        """Zero has no sign, and a number is not broken between two lines."""
        return _spelled(number + 0, pattern, self._habits.locale)


@functools.lru_cache(maxsize=1024)
def _spelled(number: Decimal, pattern: str, locale: str) -> str:
    """While a document is typed, most of its numbers are those of the key before."""
    return format_decimal(number, _parsed(pattern), _locale(locale))


_parsed = functools.cache(parse_pattern)
"""Reading the pattern again takes longer than writing a number."""

_locale = functools.cache(Locale.parse)


@functools.cache
def _countries(locale: str) -> dict[str, str]:
    return dict(_locale(locale).territories)
