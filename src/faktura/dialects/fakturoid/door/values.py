"""The kinds of values of section 1.6: how they are read and shown."""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from faktura.wire import values
from faktura.wire.fields import Kind, Unreadable
from faktura.wire.values import (
    BLANKS,
    LARGEST_INTEGER,
    choice,
    or_none,
    read_boolean,
    read_date,
    read_integer,
    read_text,
    show_decimal,
)

PRAGUE = ZoneInfo("Europe/Prague")

EARLIEST = dt.datetime.min.replace(tzinfo=dt.UTC)
LATEST = dt.datetime.max.replace(tzinfo=dt.UTC)


def read_moment(value: Any) -> dt.datetime:
    """Any ISO 8601 date or date-time; without an offset it is Prague's, and a space may stand for the offset's plus."""
    text = str(value).strip()
    if len(text) > len("2026-11-20T") and " " in text[11:]:
        text = text[:11] + text[11:].replace(" ", "+", 1)
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise Unreadable("not_a_date") from None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=PRAGUE)).astimezone(dt.UTC)
    except OverflowError:
        return EARLIEST if moment.year == EARLIEST.year else LATEST


def read_decimal(value: Any) -> Decimal:
    """As everywhere, and an empty text is both no value and no number."""
    if isinstance(value, str) and not value.strip(BLANKS):
        raise Unreadable("blank", "not_a_number")
    return values.read_decimal(value)


def show_number(number: Decimal) -> int | Decimal:
    """A JSON number, whole where it can be."""
    return int(number) if number == number.to_integral_value() else number.normalize()


def show_moment(moment: dt.datetime) -> str:
    return moment.astimezone(PRAGUE).isoformat(timespec="milliseconds")


TEXT = Kind({"type": "string"}, read_text)
INTEGER = Kind({"type": "integer", "minimum": -LARGEST_INTEGER, "maximum": LARGEST_INTEGER}, read_integer)
DECIMAL = Kind({"type": "string", "pattern": r"^-?\d+\.\d+$"}, read_decimal, show_decimal)
RATE = Kind(DECIMAL.schema, or_none(values.read_decimal), show_decimal)
CURRENCY = Kind(TEXT.schema, or_none(read_text))
NUMBER = Kind({"type": "number"}, read_decimal, show_number)
BOOLEAN = Kind({"type": "boolean"}, or_none(read_boolean))
DATE = Kind({"type": "string", "format": "date"}, or_none(read_date), dt.date.isoformat)
MOMENT = Kind({"type": "string", "format": "date-time"}, read_moment, show_moment)


LANGUAGE = choice("cz", "sk", "en", "de", "fr", "it", "es", "ru", "pl", "hu", "ro", core={"cz": "cs"})
INHERIT_SWITCH = choice("inherit", "on", "off")
VAT_MODE = choice("vat_payer", "non_vat_payer", "identified_person")
