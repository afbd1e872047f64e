"""Values that look like numbers, dates or names and are none, and the fields of a shape that they are sent in."""

import datetime as dt
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from faktura.wire.fields import Kind, Shape, Unreadable

FOREIGN_DIGITS = ("\N{FULLWIDTH DIGIT ONE}", "\N{ARABIC-INDIC DIGIT THREE}", "\N{DEVANAGARI DIGIT FIVE}2")

NOT_NUMBERS = (
    *FOREIGN_DIGITS,
    *("1e1000000", "-1e1000000", "1E+999999999999999999999", "1_000", "Infinity", "-Infinity", "NaN"),
    *("sNaN", "+1", "1 000", "1\N{NO-BREAK SPACE}000", "0x10", "1e", "--1", "1,5", "½", "Ⅷ", "1.2.3", "-", "."),
)

NOT_DATES = (
    *(
        "2026-13-01",
        "2026-02-30",
        "0000-01-01",
        "\N{FULLWIDTH DIGIT TWO}026-01-01",
        "2026-1_1-1",
        "+2026-01-01",
        "10000-01-01",
    ),
    *("99999999999-01-01", "2026-01", "2026-01-01x", "now", "-1-1-1"),
)

ENDS_OF_THE_CALENDAR = ("0001-01-01", "9999-12-31")

ENDS_OF_TIME = (
    *("0001-01-01T00:00:00Z", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59.999Z"),
    *("9999-12-31T23:59:59.999999-14:00", "9999-12-31T23:59:59.999999Z"),
)

OVERRIDE = "\u202e"
"""What stands behind it is shown from right to left."""

READABLE = ("Příliš žluťoučký kůň", "Gęśl", "日本語", "🐎", "שלום\u200e (1)", "e\u0301", "\u00a0")

Path = tuple[str, ...]
"""The name of a field, after that of the list that its resource stands in."""


def numbers_in(shape: Shape[Any, Any]) -> list[Path]:
    return [path for path, kind in _writable(shape) if isinstance(_read(kind, "7"), int | Decimal)]


def dates_in(shape: Shape[Any, Any]) -> list[Path]:
    return [path for path, kind in _writable(shape) if isinstance(_read(kind, "2026-11-21"), dt.date)]


def texts_in(shape: Shape[Any, Any]) -> list[Path]:
    """Fields that take any text as it is."""
    return [path for path, kind in _writable(shape) if _read(kind, "\u202ex ") == "\u202ex "]


def sent(values: dict[str, Any], path: Path, value: Any) -> dict[str, Any]:
    """The body that has the value there; where there is a list, its first resource has it."""
    name, *inner = path
    if not inner:
        return values | {name: value}
    first, *others = values.get(name) or [{}]
    return values | {name: [sent(first, tuple(inner), value), *others]}


def _writable(shape: Shape[Any, Any]) -> Iterator[tuple[Path, Kind]]:
    for field in shape.fields:
        if field.access == "read":
            continue
        if field.kind.shape is None:
            yield (field.name,), field.kind
        else:
            yield from (((field.name, *path), kind) for path, kind in _writable(field.kind.shape))


def _read(kind: Kind, text: str) -> Any:
    read: Callable[[Any], Any] = kind.read
    try:
        return read(text)
    except Unreadable:
        return None
