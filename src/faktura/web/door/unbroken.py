"""Numbers and days stay in one line: browsers would break them at a hyphen, a slash or a space."""

import datetime as dt
import functools
import re

from babel import Locale
from babel.dates import format_date
from flask import Flask
from flask_babel import format_datetime, get_locale, to_user_timezone
from markupsafe import Markup, escape

from faktura.outputs.reading.sheet import grouped
from faktura.web.door.languages import KEPT

NO_BREAK = "\u00a0"

LONGEST = 24
"""Letters of a number that still finds room in a line of the narrowest phone."""

_DAY = re.compile(r"\b\d{1,2}(?:\. \d{1,2}\.| [^\W\d_]{3,4}) \d{4}\b|\b[A-Z][a-z]{2} \d{1,2}, \d{4}\b")
_NUMBER = re.compile(r"(?<![\w/&;.-])(?=[^\s,]*\d)\w+(?:[-/]\w+)+(?![\w/-])")


def set_up(app: Flask) -> None:
    """Filters of templates: `account_number` parts one into groups, as documents have it."""
    app.jinja_env.filters["unbroken"] = unbroken
    app.jinja_env.filters["account_number"] = grouped
    app.jinja_env.filters["dateformat"] = dateformat
    app.jinja_env.filters["datetimeformat"] = lambda instant, form=None: _days_whole(format_datetime(instant, form))


def unbroken(text: str) -> Markup:
    """The text, in which no number and no day is parted by the end of a line."""
    safe = str(escape(text))
    return Markup(_NUMBER.sub(_whole, _days_whole(safe)))  # noqa: S704 (it was escaped)


def dateformat(day: dt.date, form: str = "medium") -> str:
    """Of an instant, the day on which it was by the clock of the pages."""
    return _day(to_user_timezone(day).date() if isinstance(day, dt.datetime) else day, form, get_locale())


@functools.lru_cache(maxsize=KEPT)
def _day(day: dt.date, form: str, locale: Locale | None) -> str:
    return _days_whole(format_date(day, form, locale))


def _days_whole(text: str) -> str:
    return _DAY.sub(lambda day: day[0].replace(" ", NO_BREAK), text)


def _whole(number: re.Match[str]) -> str:
    return f'<span class="whole">{number[0]}</span>' if len(number[0]) <= LONGEST else number[0]
