"""The words around a document's own data: each stands in one place in all languages, and is read once."""

import functools
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from babel import Locale

BILINGUAL = {"pe": ("pl", "en")}
SEPARATOR = " / "

NOT_LABELS = {"letters", "days"}

WORDS: Mapping[str, Mapping[str, Mapping[str, str]]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
"""By section, name and language."""

METHODS = frozenset(WORDS["methods"])
"""Ways to pay that have a label."""


EVENTS: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_name("events.toml").read_text(encoding="utf-8")
)
"""By the name that the history has for what happened, in the languages of people."""

TODOS: Mapping[str, Mapping[str, str]] = tomllib.loads(
    Path(__file__).with_name("todos.toml").read_text(encoding="utf-8")
)
"""By its name, what needs a person, in the same languages."""


class Habits(NamedTuple):
    """How a language writes dates and numbers: a pattern of CLDR, and a locale of it."""

    date: str
    locale: str


HABITS = {
    "cs": Habits(date="d. M. yyyy", locale="cs"),
    "sk": Habits(date="d. M. yyyy", locale="sk"),
    "pl": Habits(date="dd.MM.yyyy", locale="pl"),
    "en": Habits(date="d MMM yyyy", locale="en_GB"),
    "de": Habits(date="dd.MM.yyyy", locale="de"),
}

LANGUAGES = tuple(HABITS)


def printed_language(language: str) -> str:
    """The language that numbers, dates and the document as a whole are in."""
    language = BILINGUAL.get(language, (language,))[0]
    return language if language in LANGUAGES else "en"


def habits_of(language: str) -> Habits:
    return HABITS[printed_language(language)]


@functools.cache
def labels_in(language: str) -> Mapping[str, str]:
    """By name; of two languages both stand there, parted by a slash, where they differ."""
    languages = BILINGUAL.get(language) or (printed_language(language),)
    labels = (label for section, words in WORDS.items() if section not in NOT_LABELS for label in words.items())
    return {name: SEPARATOR.join(dict.fromkeys(word[one] for one in languages)) for name, word in labels}


@functools.cache
def letters_in(language: str) -> Mapping[str, str]:
    """What letters about documents say, by name."""
    return {name: text[printed_language(language)] for name, text in WORDS["letters"].items()}


@functools.cache
def events_in(language: str) -> Mapping[str, str]:
    """What is said of each event, by its name; people have no other languages than these."""
    return {name: said.get(language, said["en"]) for name, said in EVENTS.items()}


@functools.cache
def todos_in(language: str) -> Mapping[str, str]:
    """What is said of each todo, by its name."""
    return {name: said.get(language, said["en"]) for name, said in TODOS.items()}


def days_in(language: str, days: int) -> str:
    """So many days, in the form that the language has for the number."""
    form = Locale.parse(habits_of(language).locale).plural_form(days)
    return WORDS["days"][form][printed_language(language)].format(number=days)


def vat_no_label(language: str, country: str) -> str:
    """What a country calls the number that a payer of VAT has there, said to readers of a language."""
    return labels_in(language)["vat_no_pl" if country == "PL" else "vat_no"]


def registration_no_label(language: str, country: str) -> str:
    return "REGON" if country == "PL" else labels_in(language)["registration_no"]
