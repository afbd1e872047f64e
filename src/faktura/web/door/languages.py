"""Czech, Polish or English: the user's language, or else the chosen one, or the first that the browser asks for."""

import functools
import io
import re
from decimal import Decimal
from pathlib import Path

from babel import Locale, numbers
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, request
from flask_babel import Babel, get_locale

from faktura.core.codes import country_name
from faktura.web.door.people import person_if_any

TRANSLATIONS = Path(__file__).parent.parent / "translations"

LANGUAGES = ("cs", "pl", "en")
KEPT = 4096
"""So many amounts, and so many days, stay as they were spelled for a page: lists show the same ones again."""

LANGUAGE_COOKIE = "faktura-language"


def set_up(app: Flask) -> None:
    babel = Babel(app, default_locale="en", default_timezone="Europe/Prague", locale_selector=language)
    with app.app_context():
        babel.domain_instance.cache.update(_translated())
    app.jinja_env.globals["language"] = lambda: str(get_locale())
    app.jinja_env.filters["money"] = money
    app.jinja_env.filters["quantity"] = quantity
    app.jinja_env.filters["language_name"] = language_name
    app.jinja_env.filters["country"] = lambda code: country_name(code, str(get_locale()))


@functools.cache
def _translated() -> dict[tuple[str, str], Translations]:
    """The sentences of every language, as flask_babel keeps them by locale and domain: read, so that nobody compiles.

    Its own way asks for compiled files, which no two changes of sentences could be merged in.
    """
    return {(code, "messages"): _read(code) for code in LANGUAGES if (TRANSLATIONS / code).exists()}


def _read(code: str) -> Translations:
    compiled = io.BytesIO()
    with (TRANSLATIONS / code / "LC_MESSAGES/messages.po").open("rb") as file:
        write_mo(compiled, read_po(file, locale=code))
    compiled.seek(0)
    return Translations(compiled)


def language() -> str:
    person = person_if_any()
    if person is not None:
        return person.user.language
    if (chosen := request.cookies.get(LANGUAGE_COOKIE, "")) in LANGUAGES:
        return chosen
    return request.accept_languages.best_match(LANGUAGES) or "en"


def language_name(code: str) -> str:
    """What a language is called in that of the page; a code that is none's stands for itself."""
    return str(Locale(str(get_locale())).languages.get(code, code))


def money(amount: Decimal, currency: str) -> str:
    """With as many places as the currency has, and more where the amount does: prices of one unit are exact."""
    return _money(str(amount), currency, get_locale())


@functools.lru_cache(maxsize=KEPT)
def _money(amount: str, currency: str, locale: Locale | None) -> str:
    text = numbers.format_currency(Decimal(amount), currency, locale=locale, decimal_quantization=False)
    return _LETTER_BEFORE_DIGIT.sub("\u00a0", text)


def quantity(number: Decimal) -> str:
    """With all of its places."""
    return numbers.format_decimal(number, locale=get_locale(), decimal_quantization=False)


# Babel puts no space after a code that stands where a sign would.
_LETTER_BEFORE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")
