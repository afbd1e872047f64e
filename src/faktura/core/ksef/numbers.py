"""Numbers that KSeF gives: one to each invoice, and a collective one by which several are paid together.

Both have 35 characters: the seller's tax number, a day or the letters IZ and a month, twelve hexadecimal digits, and
two more that check the rest (CRC-8 with the polynomial 7).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from stdnum.pl import nip

_PARTS = r"([0-9]{10})-?([0-9]{8}|IZ[0-9]{6})-?([0-9A-F]{12})-?([0-9A-F]{2})"
_WHOLE = re.compile(r"[0-9]{10}-(?:[0-9]{8}|IZ[0-9]{6})-[0-9A-F]{12}-[0-9A-F]{2}")
_ANYWHERE = re.compile(rf"(?={_PARTS})")
_BETWEEN = re.compile(r"[\s\u00a0\u00ad\u2010-\u2015-]+")
"""What banks and people put into a number, or leave out of it."""

_MONTH = re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])?")
CHECK_LENGTH = 3
POLYNOMIAL = 7


class Found(NamedTuple):
    """The numbers in a text, each once: those of invoices, and collective ones."""

    numbers: tuple[str, ...] = ()
    collectives: tuple[str, ...] = ()


def is_ksef_number(text: str) -> bool:
    return _is_right(text) and not _is_of_several(text)


def is_collective(text: str) -> bool:
    return _is_right(text) and _is_of_several(text)


def seller_of(number: str) -> str:
    """The tax number of whoever issued what it names."""
    return number.partition("-")[0]


def numbers_in(text: str) -> Found:
    """Those whose check digits fit, however they are broken, spaced or written in small letters."""
    found = dict.fromkeys(_found(_BETWEEN.sub("", text.upper())))
    return Found(
        tuple(number for number in found if not _is_of_several(number)),
        tuple(number for number in found if _is_of_several(number)),
    )


def _found(text: str) -> Iterator[str]:
    end = 0
    for match in _ANYWHERE.finditer(text):
        number = "-".join(match.groups())
        if match.start() >= end and _is_right(number):
            end = match.end(4)
            yield number


def _is_right(number: str) -> bool:
    if not _WHOLE.fullmatch(number) or not _MONTH.fullmatch(number[11:19].replace("IZ", "")):
        return False
    told = number[:-CHECK_LENGTH]
    return bool(nip.is_valid(seller_of(number))) and number == f"{told}-{check_digits(told)}"


def _is_of_several(number: str) -> bool:
    return number[11:13] == "IZ"


def check_digits(told: str) -> str:
    """The two that stand behind the rest."""
    crc = 0
    for byte in told.encode("ascii"):
        crc ^= byte
        for _ in range(8):
            crc = ((crc << 1) ^ (POLYNOMIAL if crc & 0x80 else 0)) & 0xFF
    return f"{crc:02X}"
