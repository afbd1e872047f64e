"""Czech, Polish or English: the user's language, or else the first that the browser asks for."""

import re
from decimal import Decimal

from babel import numbers
from flask import Flask, request
from flask_babel import Babel, get_locale

from faktura.core.codes import country_name
from faktura.web.door.people import person_if_any

LANGUAGES = ("cs", "pl", "en")


def set_up(app: Flask) -> None:
    Babel(app, default_locale="en", default_timezone="Europe/Prague", locale_selector=language)
    app.jinja_env.globals["language"] = lambda: str(get_locale())
    app.jinja_env.filters["money"] = money
    app.jinja_env.filters["quantity"] = quantity
    app.jinja_env.filters["country"] = lambda code: country_name(code, str(get_locale()))


def language() -> str:
    person = person_if_any()
    if person is not None:
        return person.user.language
    return request.accept_languages.best_match(LANGUAGES) or "en"


def money(amount: Decimal, currency: str) -> str:
    """With as many places as the currency has, and more where the amount does: prices of one unit are exact."""
    text = numbers.format_currency(amount, currency, locale=get_locale(), decimal_quantization=False)
    return _LETTER_BEFORE_DIGIT.sub("\u00a0", text)


def quantity(number: Decimal) -> str:
    """With all of its places."""
    return numbers.format_decimal(number, locale=get_locale(), decimal_quantization=False)


# Babel puts no space after a code that stands where a sign would.
_LETTER_BEFORE_DIGIT = re.compile(r"(?<=[^\W\d_])(?=\d)")
