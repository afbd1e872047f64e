"""The kinds of values of section 1.10: how they are read and shown."""

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from faktura.wire.fields import Kind, Unreadable
from faktura.wire.values import (
    LARGEST_INTEGER,
    choice,
    or_none,
    read_boolean,
    read_decimal,
    read_integer,
    read_text,
    show_decimal,
)

WARSAW = ZoneInfo("Europe/Warsaw")

GROSZE = Decimal(100)

_DATE = re.compile(r"([0-9]{1,4})-([0-9]{1,2})-([0-9]{1,2})")


def read_grosze(value: Any) -> Decimal:
    """Whole hundredths of the currency, as a number or a string."""
    number = read_decimal(value)
    if number != number.to_integral_value():
        raise Unreadable("not_a_number")
    return number / GROSZE


def show_grosze(amount: Decimal) -> int:
    """Whole ones: a price of one unit may have been given more finely at another door."""
    return int((amount * GROSZE).to_integral_value(ROUND_HALF_UP))


def show_number(number: Decimal) -> int | Decimal:
    return int(number) if number == number.to_integral_value() else number.normalize()


def read_date(value: Any) -> dt.date | None:
    """An ISO date, also one without leading zeros or inside quotation marks (1.3)."""
    text = read_text(value).strip().strip('"')
    if not text:
        return None
    found = _DATE.fullmatch(text)
    if found is None:
        raise Unreadable("not_a_date")
    try:
        return dt.date(*map(int, found.groups()))
    except ValueError:
        raise Unreadable("not_a_date") from None


def show_moment(instant: dt.datetime) -> str:
    """As tasks, KSeF and the account tell the time: `2024-01-15 10:21:25 +0100`."""
    return f"{instant.astimezone(WARSAW):%Y-%m-%d %H:%M:%S %z}"


def read_instant(value: Any) -> dt.datetime:
    """An ISO instant; one without an offset is Polish time, a day alone is its first moment."""
    try:
        instant = dt.datetime.fromisoformat(read_text(value).strip().strip('"'))
        return (instant if instant.tzinfo else instant.replace(tzinfo=WARSAW)).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise Unreadable("not_a_date") from None


def show_instant(instant: dt.datetime) -> str:
    """As documents tell when they were made: `2023-10-02T10:42:23.103+02:00`."""
    return instant.astimezone(WARSAW).isoformat(timespec="milliseconds")


def _read_nothing_as_null(value: Any) -> str | None:
    return read_text(value) or None


_WHOLE = {"type": "integer", "minimum": -LARGEST_INTEGER, "maximum": LARGEST_INTEGER}

TEXT = Kind({"type": "string"}, read_text)
NEVER_NULL = Kind({"type": "string"}, _read_nothing_as_null, absent="")
INTEGER = Kind(_WHOLE, read_integer)
INTEGER_OR_EMPTY = Kind({"type": ["integer", "string"]}, read_integer, absent="")
MONEY = Kind({"type": "integer"}, or_none(read_grosze), show_grosze)
NUMBER = Kind({"type": "number"}, or_none(read_decimal), show_number)
PERCENT = Kind({"type": "string", "pattern": r"^-?\d+\.\d+$"}, or_none(read_decimal), show_decimal)
BOOLEAN = Kind({"type": "boolean"}, or_none(read_boolean))
DATE = Kind({"type": "string", "format": "date"}, read_date, dt.date.isoformat)
INSTANT = Kind({"type": "string", "format": "date-time"}, read_instant, show_instant)

PAYMENT_METHODS = (
    *(
        "transfer",
        "cash",
        "card",
        "barter",
        "check",
        "bill_of_sale",
        "delivery",
        "compensation",
        "accredited",
        "paypal",
    ),
    *("instalment_sale", "payu", "tpay", "przelewy24", "dotpay", "other"),
)
CURRENCIES = (
    *("PLN", "THB", "USD", "AUD", "HKD", "CAD", "NZD", "SGD", "EUR", "HUF", "CHF", "GBP", "UAH", "JPY", "CZK", "DKK"),
    *("ISK", "NOK", "SEK", "HRK", "RON", "BGN", "TRY", "LTL", "LVL", "PHP", "MXN", "ZAR", "BRL", "MYR", "RUB", "IDR"),
    *("KRW", "CNY", "INR"),
)


def _read_currency(value: Any) -> str | None:
    code = read_text(value).strip().upper()
    if code and code not in CURRENCIES:
        raise Unreadable("not_in_list")
    return code or None


CURRENCY = Kind(TEXT.schema, _read_currency)

PAYMENT_METHOD = choice(*PAYMENT_METHODS, core={"transfer": "bank", "delivery": "cod"}, absent="")
