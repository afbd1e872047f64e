"""The words around a document's own data: one file a language, read once."""

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

from babel import Locale

LANGUAGES = ("cs", "sk", "pl", "en", "de")
BILINGUAL = {"pe": ("pl", "en")}
SEPARATOR = " / "

FILES = Path(__file__).parent

NOT_LABELS = {"habits", "letters", "overdue"}


class Habits(NamedTuple):
    """How a language writes dates and numbers: a pattern of CLDR, and a locale of it."""

    date: str
    locale: str


def printed_language(language: str) -> str:
    """The language that numbers, dates and the document as a whole are in."""
    language = BILINGUAL.get(language, (language,))[0]
    return language if language in LANGUAGES else "en"


@functools.cache
def habits_of(language: str) -> Habits:
    return Habits(**_file(printed_language(language))["habits"])


@functools.cache
def labels_in(language: str) -> Mapping[str, str]:
    """By name; of two languages both stand there, parted by a slash, where they differ."""
    spoken = [_labels(one) for one in BILINGUAL.get(language) or (printed_language(language),)]
    return {name: SEPARATOR.join(dict.fromkeys(labels[name] for labels in spoken)) for name in spoken[0]}


@functools.cache
def letters_in(language: str) -> Mapping[str, str]:
    """What letters about documents say, by name."""
    return dict(_file(printed_language(language))["letters"])


def days_overdue(language: str, days: int) -> str:
    """So many days, in the form that the language has for the number."""
    forms = _file(printed_language(language))["overdue"]
    return str(forms[Locale.parse(habits_of(language).locale).plural_form(days)].format(number=days))


def vat_no_label(language: str, country: str) -> str:
    """What a country calls the number that a payer of VAT has there, said to readers of a language."""
    return labels_in(language)["vat_no_pl" if country == "PL" else "vat_no"]


def registration_no_label(language: str, country: str) -> str:
    return "REGON" if country == "PL" else labels_in(language)["registration_no"]


def _labels(language: str) -> dict[str, str]:
    sections = _file(language)
    return {name: word for key, words in sections.items() if key not in NOT_LABELS for name, word in words.items()}


@functools.cache
def _file(language: str) -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((FILES / f"{language}.toml").read_text(encoding="utf-8"))


METHODS = frozenset(_file("en")["methods"])
"""Ways to pay that have a label."""
