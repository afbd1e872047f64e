"""Czech, Polish or English: the user's language, or else the first that the browser asks for."""

from flask import Flask, request
from flask_babel import Babel, get_locale

from faktura.core.codes import country_name
from faktura.web.people import person_if_any

LANGUAGES = ("cs", "pl", "en")


def set_up(app: Flask) -> None:
    Babel(app, default_locale="en", default_timezone="Europe/Prague", locale_selector=language)
    app.jinja_env.globals["language"] = lambda: str(get_locale())
    app.jinja_env.filters["country"] = lambda code: country_name(code, str(get_locale()))


def language() -> str:
    person = person_if_any()
    if person is not None:
        return person.user.language
    return request.accept_languages.best_match(LANGUAGES) or "en"
