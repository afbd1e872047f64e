"""Words for the day, month and year of issue in the texts of a generator: #d#, #m-1#, #y+1#."""

import datetime as dt
import re


def filled(text: str, day: dt.date) -> str:
    """The text as it stands on the document of a day; a year behind a month that was moved is the year of that month.

    Days and months have two digits, but one where a dot follows, as in Czech dates.
    """
    month = 0

    def word(found: re.Match[str]) -> str:
        nonlocal month
        part, offset = found["part"], int(found["offset"] or 0)
        if part == "d":
            return _digits((day + dt.timedelta(offset)).day, found["dot"])
        if part == "m":
            month = offset
            return _digits((day.month - 1 + offset) % 12 + 1, found["dot"])
        return str(day.year + (day.month - 1 + month) // 12 + offset) + found["dot"]

    return _WORD.sub(word, text)


def _digits(number: int, dot: str) -> str:
    return f"{number}." if dot else f"{number:02}"


_WORD = re.compile(r"#(?P<part>[dmy])(?P<offset>[+-](?:1[01]|[0-9]))?#(?P<dot>\.?)")
