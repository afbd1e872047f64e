"""How values off the wire are read where a dialect says nothing else: loosely, as any program may send them."""

import datetime as dt
import functools
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, TypeVar

from faktura.wire.fields import Kind, Unreadable

T = TypeVar("T")

LARGEST_INTEGER = 2**31 - 1
LARGEST_DECIMAL = Decimal(10) ** 12
PLACES = 15
FINEST = Decimal(1).scaleb(-PLACES)

BLANKS = " \t\r\n"
"""May stand around a number. Python's own int() and Decimal() take more: other scripts' digits, 1_000, +1, Infinity."""

_INTEGER = re.compile(r"-?[0-9]{1,20}")
_DECIMAL = re.compile(r"-?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,9})?")
_DATE = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:[T ]([0-9].*))?")

_WORDS = {"true": True, "1": True, "false": False, "0": False}


def read_text(value: Any) -> str:
    """A string; a number or a boolean is taken as it is spelled."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise Unreadable("not_a_text")


def read_integer(value: Any) -> int | None:
    """A number or a numeric string; an empty string is no value."""
    if isinstance(value, str):
        text = value.strip(BLANKS)
        if not text:
            return None
        if not _INTEGER.fullmatch(text):
            raise Unreadable("not_a_number")
        value = int(text)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > LARGEST_INTEGER:
        raise Unreadable("not_a_number")
    return value


def read_decimal(value: Any) -> Decimal:
    """A JSON number or a string in plain or scientific notation; a comma is not accepted."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise Unreadable("not_a_number")
    spelled = str(value)
    return _decimal(spelled) if len(spelled) > PLACES else _usual_decimal(spelled)


def _decimal(spelled: str) -> Decimal:
    text = spelled.strip(BLANKS)
    if not _DECIMAL.fullmatch(text):
        raise Unreadable("not_a_number")
    number = Decimal(text)
    # Digits are counted, not computed with: 1E+1000000 would overflow in any comparison by value.
    if number and number.adjusted() >= LARGEST_DECIMAL.adjusted():
        raise Unreadable("not_a_number")
    if len(text) > PLACES or "e" in text or "E" in text:
        # Left as it is, 1E-999999 would be written out with a million zeros.
        number = number.quantize(FINEST)
    return number.normalize() + 0


_usual_decimal = functools.lru_cache(maxsize=4096)(_decimal)
"""Most numbers that come have come before: rates, quantities, round prices."""


def read_boolean(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    word = _WORDS.get(str(value).lower())
    if word is None:
        raise Unreadable("not_a_boolean")
    return word


def read_date(value: Any) -> dt.date:
    """An ISO date; a full date-time is cut, also as Ruby and others write it: `2026-11-21 10:00:00 +0100`."""
    found = _DATE.fullmatch(str(value).strip(BLANKS))
    if found is None:
        raise Unreadable("not_a_date")
    try:
        if found[2]:
            dt.time.fromisoformat(found[2].replace(" ", "", 1).replace("UTC", "Z"))
        return dt.date.fromisoformat(found[1])
    except ValueError:
        raise Unreadable("not_a_date") from None


def or_none(read: Callable[[Any], T]) -> Callable[[Any], T | None]:
    """The same reading, to which an empty text is no value, as forms send it for what nobody filled in."""
    return lambda value: None if isinstance(value, str) and not value.strip(BLANKS) else read(value)


def show_decimal(number: Decimal) -> str:
    """Plain notation with at least one fractional digit and no trailing zeros beyond it."""
    text = str(number)
    if "E" in text:
        text = f"{number:f}"
    if "." not in text:
        return f"{text}.0"
    text = text.rstrip("0")
    return f"{text}0" if text[-1] == "." else text


def choice(*values: str, core: Mapping[str, str] | None = None, absent: str | None = None) -> Kind:
    """One of a list, or nothing; `core` gives the core's words for those that are spelled otherwise there."""
    into_core = core or {}
    from_core = {word: spelled for spelled, word in into_core.items()}

    def read(value: Any) -> str | None:
        text = read_text(value)
        if text and text not in values:
            raise Unreadable("not_in_list")
        return into_core.get(text, text) or None

    def show(value: str) -> str:
        return from_core.get(value, value)

    listed = list(values) if absent is None else [absent, *values]
    return Kind({"type": "string", "enum": listed}, read, show if from_core else None, absent=absent)


def choices(*values: str) -> Kind:
    """Some of a list."""

    def read(value: Any) -> tuple[str, ...]:
        if not isinstance(value, list):
            raise Unreadable("not_in_list")
        return tuple(map(read_text, value))

    return Kind({"type": "array", "items": {"type": "string", "enum": list(values)}}, read, list)
